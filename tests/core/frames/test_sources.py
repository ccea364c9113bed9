"""Files of the server and of object stores: taken from where it is allowed, and from nowhere else."""

from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore

from core.errors import FullcircleError, InvalidInput, NotFound, NotPermitted, Unavailable
from core.frames.sources import Allowed, allowed_by, fetch, open_store
from core.settings import Settings


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "table.csv").write_text("a,b\n1,2\n")
    (tmp_path / "secret.csv").write_text("key\n42\n")
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "secret.csv").write_text("key\n42\n")
    return folder


def test_a_path_inside_an_allowed_folder(tmp_path: Path, data: Path) -> None:
    allowed = Allowed(folders=(tmp_path / "other", data))
    assert fetch(f" {data}/deep/table.csv ", tmp_path / "copy", allowed=allowed) == "table.csv"
    assert (tmp_path / "copy").read_text() == "a,b\n1,2\n"
    (data / "link.csv").symlink_to(data / "deep" / "table.csv")
    assert fetch(f"{data}/link.csv", tmp_path / "copy", allowed=allowed) == "link.csv"


def test_a_folder_that_is_itself_behind_a_link(tmp_path: Path, data: Path) -> None:
    (tmp_path / "mounted").symlink_to(data)
    allowed = Allowed(folders=(tmp_path / "mounted",))
    assert fetch(f"{tmp_path}/mounted/deep/table.csv", tmp_path / "copy", allowed=allowed) == "table.csv"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("{tmp}/secret.csv", NotPermitted),
        ("{data}/../secret.csv", NotPermitted),
        ("{data}base/secret.csv", NotPermitted),
        ("{data}/outside.csv", NotPermitted),
        ("{data}/up/secret.csv", NotPermitted),
        ("{tmp}/none.csv", NotPermitted),
        ("/dev/zero", NotPermitted),
        ("data/deep/table.csv", InvalidInput),
        ("{data}/deep", InvalidInput),
        ("{data}/deep\x00/table.csv", InvalidInput),
        ("{data}/none.csv", NotFound),
        ("http://example.org/table.csv", InvalidInput),
        ("file://{data}/deep/table.csv", InvalidInput),
        ("s3://bucket/table.csv", NotPermitted),
    ],
)
def test_nothing_else_is_copied(tmp_path: Path, data: Path, path: str, error: type[FullcircleError]) -> None:
    (data / "outside.csv").symlink_to(tmp_path / "secret.csv")
    (data / "up").symlink_to(tmp_path)
    with pytest.raises(error) as caught:
        fetch(path.format(tmp=tmp_path, data=data), tmp_path / "copy", allowed=Allowed(folders=(data,)))
    assert not (tmp_path / "copy").exists()
    assert not (tmp_path / "copy.part").exists()
    assert "\n" not in str(caught.value)


def bucket(kind: str, folder: Path) -> Any:
    folder.mkdir(exist_ok=True)
    made = MemoryStore() if kind == "memory" else LocalStore(folder)
    obstore.put(made, "public/big table.csv", b"x" * 3_000_000)
    obstore.put(made, "private/table.csv", b"secret")
    obstore.put(made, "publication.csv", b"secret")
    return made


@pytest.mark.parametrize("kind", ["memory", "local"])
def test_an_object_below_an_allowed_address(tmp_path: Path, kind: str) -> None:
    asked: list[str] = []
    made = bucket(kind, tmp_path / "bucket")
    allowed = Allowed(addresses=("gs://other", "s3://bucket/public/"))
    name = fetch(
        "s3://bucket/public/big%20table.csv",
        tmp_path / "copy",
        allowed=allowed,
        store=lambda root: (asked.append(root), made)[1],
    )
    assert (name, asked) == ("big table.csv", ["s3://bucket"])
    assert (tmp_path / "copy").stat().st_size == 3_000_000


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("s3://bucket/private/table.csv", NotPermitted),
        ("s3://bucket/publication.csv", NotPermitted),
        ("s3://bucket/public/../private/table.csv", InvalidInput),
        ("s3://bucket/public/%2e%2e/private/table.csv", InvalidInput),
        ("gs://bucket/public/big table.csv", NotPermitted),
        ("s3://key:secret@bucket/public/big table.csv", InvalidInput),
        ("s3://bucket", InvalidInput),
        ("s3://bucket/public/none.csv", NotFound),
    ],
)
def test_no_other_object_is_copied(tmp_path: Path, address: str, error: type[FullcircleError]) -> None:
    made, allowed = bucket("memory", tmp_path / "bucket"), Allowed(addresses=("s3://bucket/public",))
    with pytest.raises(error):
        fetch(address, tmp_path / "copy", allowed=allowed, store=lambda _: made)
    assert not (tmp_path / "copy").exists()


def test_a_store_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "y", "ENDPOINT": "https://localhost:9"}.items():
        monkeypatch.setenv(f"AWS_{key}", value)
    with pytest.raises(Unavailable, match="its store does not answer") as caught:
        fetch("s3://bucket/table.csv", tmp_path / "copy", allowed=Allowed(addresses=("s3://bucket",)), store=open_store)
    assert "\n" not in str(caught.value)


def test_what_the_settings_allow(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, sources=f"{tmp_path}/a:{tmp_path}/b", source_addresses="s3://x/y gs://z")
    assert allowed_by(settings) == Allowed(folders=(tmp_path / "a", tmp_path / "b"), addresses=("s3://x/y", "gs://z"))
    assert allowed_by(Settings(home=tmp_path)) == Allowed()
