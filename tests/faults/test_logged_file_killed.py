"""``kill -9`` of the web process while a client logs a file: what was acknowledged is there, and nothing by halves."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.fullcircle_process import Web

SENT, ANNOUNCED = 12_000_000, 24_000_000
ROOT = "/api/2.0/mlflow-artifacts"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    running = Web(tmp_path, "a key")
    yield running
    running.kill()


@pytest.fixture
def http(web: Web) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=web.address, trust_env=False, timeout=60) as client:
        yield client


def on_disk(web: Web) -> int:
    """Return how many bytes of unfinished files are on disk."""
    return sum(path.stat().st_size for path in (web.home / "artifacts").rglob("*.part"))


def killed_while_sending(web: Web, path: str, content: bytes) -> None:
    """Announce more than is sent, and kill the server when it has written some of it."""
    with socket.create_connection(("127.0.0.1", web.port)) as line:
        head = f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {ANNOUNCED}\r\n\r\n"
        line.sendall(head.encode() + content[:SENT])
        ends = time.monotonic() + 60
        while on_disk(web) < SENT // 2:
            assert time.monotonic() < ends
            time.sleep(0.01)
        web.kill()
    web.start()


def test_a_file_is_there_whole_or_not_at_all(web: Web, http: httpx.Client) -> None:
    run_id = http.post("/api/2.0/mlflow/runs/create", json={}).json()["run"]["info"]["run_id"]
    folder, content = f"{ROOT}/artifacts/0/{run_id}/artifacts", os.urandom(ANNOUNCED)
    assert http.put(f"{folder}/kept", content=content).status_code == 200
    assert http.put(f"{folder}/replaced", content=b"before").status_code == 200
    for name in ("replaced", "new"):
        killed_while_sending(web, f"{folder}/{name}", content)

    listed = http.get("/api/2.0/mlflow/artifacts/list", params={"run_id": run_id}).json()["files"]
    assert [(file["path"], file["file_size"]) for file in listed] == [("kept", ANNOUNCED), ("replaced", 6)]
    assert http.get(f"{folder}/kept").content == content
    assert http.get(f"{folder}/replaced").content == b"before"
    assert http.get(f"{folder}/new").status_code == 404
    assert http.put(f"{folder}/new", content=content).status_code == 200
    assert http.get(f"{folder}/new").content == content


def test_parts_that_were_acknowledged_outlive_the_process(web: Web, http: httpx.Client) -> None:
    run_id = http.post("/api/2.0/mlflow/runs/create", json={}).json()["run"]["info"]["run_id"]
    parts = [os.urandom(2_000_000), os.urandom(ANNOUNCED)]
    at, about = f"0/{run_id}/artifacts", {"path": "/here/model.bin", "num_parts": 2}
    begun = http.post(f"{ROOT}/mpu/create/{at}", json=about).json()
    urls = [credential["url"] for credential in begun["credentials"]]
    first = http.put(urls[0], content=parts[0]).headers["etag"]
    killed_while_sending(web, urls[1].removeprefix(web.address), parts[1])

    told = [{"part_number": 1, "etag": first}, {"part_number": 2, "etag": "unknown"}]
    joined = {"path": about["path"], "upload_id": begun["upload_id"]}
    assert http.post(f"{ROOT}/mpu/complete/{at}", json={**joined, "parts": told}).status_code == 400
    assert http.get("/get-artifact", params={"run_id": run_id, "path": "model.bin"}).status_code == 404
    told[1]["etag"] = http.put(urls[1], content=parts[1]).headers["etag"]
    assert http.post(f"{ROOT}/mpu/complete/{at}", json={**joined, "parts": told}).json() == {}
    whole = http.get("/get-artifact", params={"run_id": run_id, "path": "model.bin"}).content
    assert whole == b"".join(parts)


def test_a_client_that_goes_away_leaves_nothing(web: Web, http: httpx.Client) -> None:
    run_id = http.post("/api/2.0/mlflow/runs/create", json={}).json()["run"]["info"]["run_id"]
    path = f"{ROOT}/artifacts/0/{run_id}/artifacts/a"
    with socket.create_connection(("127.0.0.1", web.port)) as line:
        line.sendall(f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {ANNOUNCED}\r\n\r\n".encode())
        line.sendall(bytes(SENT))
        ends = time.monotonic() + 60
        while not on_disk(web):
            assert time.monotonic() < ends
            time.sleep(0.01)
    while on_disk(web):
        assert time.monotonic() < ends
        time.sleep(0.01)
    assert http.get(path).status_code == 404


def test_a_large_file_passes_through_little_memory(web: Web, http: httpx.Client) -> None:
    run_id = http.post("/api/2.0/mlflow/runs/create", json={}).json()["run"]["info"]["run_id"]
    path, piece, count = f"{ROOT}/artifacts/0/{run_id}/artifacts/large", os.urandom(1 << 20), 300
    http.put(path, content=b"what is imported when it is needed first")
    before = web.memory("VmHWM")
    length = {"content-length": str(count << 20)}
    assert http.put(path, content=(piece for _ in range(count)), headers=length).status_code == 200
    with http.stream("GET", path) as answer:
        assert (answer.headers["content-encoding"], answer.headers["content-length"]) == ("identity", str(count << 20))
        assert sum(len(chunk) for chunk in answer.iter_bytes()) == count << 20
    assert web.memory("VmHWM") - before < 50 << 20
