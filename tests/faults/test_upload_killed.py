"""``kill -9`` of the web process in the middle of an upload: what it acknowledged is there, the rest is sent again."""

import os
import socket
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from core.service import token
from core.service.upload import uploaded
from core.settings import Settings
from tests.fullcircle_process import Web

KEY = "a key that outlives the process"


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    monkeypatch.setattr(token, "_KEY", KEY.encode())
    running = Web(tmp_path, KEY)
    yield running
    running.kill()


def test_an_upload_outlives_the_process_that_takes_it(web: Web) -> None:
    content = os.urandom(24_000_000)
    client = httpx.Client(base_url=web.address, trust_env=False, timeout=60)
    begun = client.post(
        "/api/v1/uploads", headers={"X-Upload-Token": token.page_token()}, json={"name": "a.csv", "size": len(content)}
    ).json()
    allowed = {"X-Upload-Token": begun["token"]}
    first = client.patch(begun["address"], headers={**allowed, "Upload-Offset": "0"}, content=content[:2_000_000])
    assert first.headers["upload-offset"] == "2000000"

    file = web.home / "uploads" / begun["id"]
    with socket.create_connection(("127.0.0.1", web.port)) as line:  # a part that never ends
        head = f"PATCH {begun['address']} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Upload-Token: {begun['token']}\r\n"
        line.sendall(f"{head}Upload-Offset: 2000000\r\nContent-Length: {len(content) - 2_000_000}\r\n\r\n".encode())
        line.sendall(content[2_000_000:20_000_000])
        ends = time.monotonic() + 60
        while file.stat().st_size < 8_000_000:
            assert time.monotonic() < ends
            time.sleep(0.01)
        web.kill()
    web.start()

    offset = int(client.head(begun["address"], headers=allowed).headers["upload-offset"])
    assert 8_000_000 <= offset <= 20_000_000
    last = client.patch(begun["address"], headers={**allowed, "Upload-Offset": str(offset)}, content=content[offset:])
    assert last.status_code == 204
    whole = uploaded(Settings(home=web.home), begun["id"])
    assert whole.sha256 == sha256(content).hexdigest() == sha256(whole.path.read_bytes()).hexdigest()
    client.close()
