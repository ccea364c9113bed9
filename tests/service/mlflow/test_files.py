"""Files of runs through MLflow's own client: what goes in comes out, and is listed, replaced and deleted."""

import json
import os
from pathlib import Path

import httpx
import pandas as pd
import plotly.graph_objects as go
import pytest
from mlflow import MlflowClient
from mlflow.store.artifact.mlflow_artifacts_repo import MlflowArtifactsRepository
from requests import HTTPError

from tests.service.mlflow.conftest import Server

pytestmark = pytest.mark.filterwarnings("ignore:.*noload.*")  # MLflow's own use of its database library


@pytest.fixture
def run_id(client: MlflowClient) -> str:
    return client.create_run("0").info.run_id


def repository(client: MlflowClient, run_id: str) -> MlflowArtifactsRepository:
    return MlflowArtifactsRepository(client.get_run(run_id).info.artifact_uri, tracking_uri=client.tracking_uri)


def test_files_and_folders_are_logged_listed_and_fetched(client: MlflowClient, run_id: str, tmp_path: Path) -> None:
    folder = tmp_path / "sent"
    (folder / "deep" / "deeper").mkdir(parents=True)
    contents = {
        "a.bin": os.urandom(3_000_000),
        "empty": b"",
        "deep/b.csv": b"x\n1\n",
        "deep/deeper/ü 50% + &.txt": b"c",
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    client.log_artifacts(run_id, str(folder))
    client.log_artifact(run_id, str(folder / "a.bin"), "again/and again")

    top = client.list_artifacts(run_id)
    assert [(f.path, f.is_dir, f.file_size) for f in top] == [
        ("a.bin", False, 3_000_000),
        ("again", True, None),
        ("deep", True, None),
        ("empty", False, 0),
    ]
    assert [f.path for f in client.list_artifacts(run_id, "deep")] == ["deep/b.csv", "deep/deeper"]
    files = repository(client, run_id)
    assert files.list_artifacts("a.bin") == files.list_artifacts("nothing") == []

    fetched = Path(files.download_artifacts(""))
    for name, content in contents.items():
        assert (fetched / name).read_bytes() == content, name
    assert (fetched / "again/and again/a.bin").read_bytes() == contents["a.bin"]


def test_text_tables_and_figures_are_logged(
    client: MlflowClient, run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", client.tracking_uri)
    client.log_text(run_id, "<script>", "notes/a.html")
    client.log_dict(run_id, {"a": [1, 2]}, "conf/a.json")
    client.log_figure(run_id, go.Figure(go.Scatter(x=[1], y=[2])), "plots/a.html")
    client.log_table(run_id, {"x": [1, 2]}, "t.json")
    client.log_table(run_id, {"x": [3]}, "t.json")
    assert Path(client.download_artifacts(run_id, "notes/a.html", str(tmp_path))).read_text() == "<script>"
    read = Path(client.download_artifacts(run_id, "conf/a.json", str(tmp_path))).read_text()
    assert json.loads(read) == {"a": [1, 2]}
    assert "plotly" in Path(client.download_artifacts(run_id, "plots/a.html", str(tmp_path))).read_text()[:100_000]
    pd.testing.assert_frame_equal(client.load_table("0", "t.json", [run_id]), pd.DataFrame({"x": [1, 2, 3]}))


@pytest.mark.parametrize("end", [".png", "%compressed.webp"])
def test_an_image_of_a_step_has_the_name_that_earlier_clients_give_it(
    client: MlflowClient, run_id: str, tmp_path: Path, end: str
) -> None:
    """MLflow 2 parts such a name by ``%``, and ``%17`` of the time reads as a code."""
    name = f"a b%step%12%timestamp%1795941116768%x9c4ebac-b310-44e9-854a-560fb3413ae1{end}"
    (tmp_path / name).write_bytes(b"image")
    client.log_artifact(run_id, str(tmp_path / name), "images")
    assert [f.path for f in client.list_artifacts(run_id, "images")] == [f"images/{name}"]
    fetched = Path(repository(client, run_id).download_artifacts("images"))
    assert (fetched / name).read_bytes() == b"image"


def test_a_file_is_replaced_and_deleted(client: MlflowClient, run_id: str, tmp_path: Path) -> None:
    for text in ("first", "second"):
        client.log_text(run_id, text, "a/b.txt")
    assert Path(client.download_artifacts(run_id, "a/b.txt", str(tmp_path))).read_text() == "second"
    client.log_text(run_id, "other", "ab.txt")
    repository(client, run_id).delete_artifacts("a")
    assert [f.path for f in client.list_artifacts(run_id)] == ["ab.txt"]
    repository(client, run_id).delete_artifacts()
    assert client.list_artifacts(run_id) == []


def test_a_large_file_comes_in_parts(
    client: MlflowClient, run_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE", "1000000")
    monkeypatch.setenv("MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE", str(5 * 2**20))
    content = os.urandom(12 * 2**20 + 17)
    (tmp_path / "model.bin").write_bytes(content)
    made: list[int] = []
    begin = MlflowArtifactsRepository.create_multipart_upload
    monkeypatch.setattr(
        MlflowArtifactsRepository,
        "create_multipart_upload",
        lambda self, file, parts, path: made.append(parts) or begin(self, file, parts, path),
    )
    client.log_artifact(run_id, str(tmp_path / "model.bin"), "deep")
    assert made == [3]
    assert Path(client.download_artifacts(run_id, "deep/model.bin", str(tmp_path / "."))).read_bytes() == content


def test_a_deleted_run_takes_no_file_and_keeps_those_it_has(client: MlflowClient, run_id: str) -> None:
    client.log_text(run_id, "kept", "a.txt")
    client.delete_run(run_id)
    with pytest.raises(HTTPError, match="deleted"):
        client.log_text(run_id, "b", "b.txt")
    with pytest.raises(HTTPError, match="deleted"):
        repository(client, run_id).delete_artifacts("a.txt")
    assert [f.path for f in client.list_artifacts(run_id)] == ["a.txt"]


def test_a_file_is_no_folder(client: MlflowClient, run_id: str) -> None:
    client.log_text(run_id, "a", "a/b")
    with pytest.raises(HTTPError, match="is a folder"):
        client.log_text(run_id, "a", "a")
    with pytest.raises(HTTPError, match="is a file"):
        client.log_text(run_id, "a", "a/b/c")


def test_a_page_fetches_and_sends_files(either_server: Server, client: MlflowClient, run_id: str) -> None:
    http = either_server.http
    sent = http.post(
        "/ajax-api/2.0/mlflow/upload-artifact", params={"run_uuid": run_id, "path": "p/a.json"}, content=b"{}"
    )
    assert sent.json() == {}
    for address in ("/get-artifact", "/ajax-api/2.0/mlflow/get-artifact"):
        assert http.get(address, params={"run_uuid": run_id, "path": "p/a.json"}).content == b"{}"
    listed = http.get("/ajax-api/2.0/mlflow/artifacts/list", params={"run_id": run_id, "path": "p"}).json()
    assert listed == {
        "root_uri": client.get_run(run_id).info.artifact_uri,
        "files": [{"path": "p/a.json", "is_dir": False, "file_size": 2}],
    }


@pytest.mark.parametrize(
    "name", ["a.html", "a.svg", "a.js", "a.pdf", "a.xml", "a.xhtml", "a", "a.HTM", "a.png", "a.txt"]
)
def test_nothing_that_is_fetched_can_run_in_a_browser(either_server: Server, run_id: str, name: str) -> None:
    at = f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/{name}"
    either_server.http.put(at, content=b"<script>alert(1)</script>", headers={"content-type": "text/html"})
    answer = either_server.http.get(at)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    harmless = {"a.png": "image/png", "a.txt": "text/plain; charset=utf-8"}
    assert answer.headers["content-type"] == harmless.get(name, "application/octet-stream")


def test_part_of_a_file_is_fetched(either_server: Server, run_id: str) -> None:
    at = f"/api/2.0/mlflow-artifacts/artifacts/0/{run_id}/artifacts/a"
    either_server.http.put(at, content=b"0123456789")
    answer = either_server.http.get(at, headers={"range": "bytes=2-4"})
    assert (answer.status_code, answer.content) == (206, b"234")


def test_parts_are_joined_once_and_only_whole(either_server: Server, run_id: str) -> None:
    http, folder = either_server.http, f"0/{run_id}/artifacts/deep"

    def told(act: str, **content: object) -> httpx.Response:
        return http.post(f"/api/2.0/mlflow-artifacts/mpu/{act}/{folder}", json={"path": "C:\\x\\m.bin", **content})

    begun = told("create", num_parts=2).json()
    urls = [credential["url"] for credential in begun["credentials"]]
    tags = [http.put(url, content=part).headers["etag"] for url, part in zip(urls, (b"ab", b"cd"), strict=True)]
    parts = [{"part_number": n, "etag": tag, "url": "x"} for n, tag in enumerate(tags, 1)]
    upload = {"upload_id": begun["upload_id"]}
    for wrong in (parts[:1], [*parts, {"part_number": 3, "etag": "x"}], [parts[0], {**parts[1], "etag": '"0"'}], []):
        assert told("complete", parts=wrong, **upload).status_code == 400, wrong
    assert http.put(urls[0].removesuffix("1") + "3", content=b"x").status_code == 400
    assert http.get("/get-artifact", params={"run_id": run_id, "path": "deep/m.bin"}).status_code == 404
    for _ in range(2):  # an answer may be lost, and the client asks again
        assert told("complete", parts=parts, **upload).json() == {}
    assert http.get("/get-artifact", params={"run_id": run_id, "path": "deep/m.bin"}).content == b"abcd"
    assert told("abort", **upload).json() == {}
    assert told("complete", parts=parts, **upload).status_code == 404
    assert told("create", num_parts=0).status_code == 400 == told("create", num_parts=10_001).status_code


def test_parts_are_of_one_file_alone(either_server: Server, run_id: str) -> None:
    http, mine = either_server.http, f"/api/2.0/mlflow-artifacts/mpu/create/0/{run_id}/artifacts"
    upload_id = http.post(mine, json={"path": "a", "num_parts": 1}).json()["upload_id"]
    for act in ("complete", "abort"):
        other = mine.replace("create", act)
        answer = http.post(other, json={"path": "b", "upload_id": upload_id, "parts": []})
        assert (answer.status_code, answer.json()["error_code"]) == (404, "RESOURCE_DOES_NOT_EXIST")
    for odd in ("../..", "x", "0" * 32, "0/../0"):
        assert http.put(f"/api/2.0/mlflow-artifacts/mpu/part/{odd}/1", content=b"x").status_code in {404, 400}
