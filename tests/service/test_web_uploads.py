"""A file is taken with its token, in pieces, under its size, and never under a name of its sender's choosing."""

import asyncio
import json
import os
import resource
import tracemalloc
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from core.errors import NotFound
from core.ids import new_id
from core.service import intake, token
from core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def put(settings: Settings, upload_id: str, content: bytes | AsyncIterator[bytes], **parts: str) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=intake.routes(settings)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.put(
                f"/api/v1/uploads/{upload_id}",
                params={"name": parts.get("name", "flights.csv")},
                headers={"X-Upload-Token": parts.get("token", token.upload_token(upload_id))},
                content=content,
            )

    return asyncio.run(send())


def files(settings: Settings) -> list[str]:
    return sorted(file.name for file in settings.uploads.glob("*")) if settings.uploads.exists() else []


def test_an_upload_arrives_whole_and_is_found_by_its_id(settings: Settings) -> None:
    upload_id, content = new_id(), b"a,b\n1,2\n" * 1000
    answer = put(settings, upload_id, content)
    assert answer.status_code == 200
    upload = intake.uploaded(settings, upload_id)
    assert upload.path.read_bytes() == content
    assert (upload.name, upload.bytes, upload.sha256) == ("flights.csv", len(content), sha256(content).hexdigest())
    assert answer.json() == {"id": upload_id, "name": upload.name, "bytes": upload.bytes, "sha256": upload.sha256}
    assert files(settings) == [upload_id, f"{upload_id}.json"]


@pytest.mark.parametrize("wrong", ["", "nonsense", "9999999999.00", "٣.00", "é.é"])
def test_without_a_genuine_token_nothing_is_stored(settings: Settings, wrong: str) -> None:
    answer = asyncio.run(_put_raw(settings, new_id(), wrong.encode()))
    assert answer.status_code == 403
    assert "Reload" in answer.json()["error"]
    assert files(settings) == []


async def _put_raw(settings: Settings, upload_id: str, header: bytes) -> httpx.Response:
    transport = httpx.ASGITransport(app=Starlette(routes=intake.routes(settings)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.put(f"/api/v1/uploads/{upload_id}", headers=[(b"x-upload-token", header)], content=b"x")


def test_a_token_is_for_one_upload_and_expires(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = new_id(), new_id()
    assert not token.token_holds(other, token.upload_token(mine))
    monkeypatch.setattr(token, "VALID_SECONDS", -1)
    assert put(settings, mine, b"x", token=token.upload_token(mine)).status_code == 403


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\data.csv", "data.csv"),
        ("..", "file"),
        ("a\x00b\n.csv", "ab.csv"),
        ("Flüge 2013.csv", "Flüge 2013.csv"),
        ("", "file"),
    ],
)
def test_a_name_is_only_shown_and_never_a_path(settings: Settings, name: str, kept: str) -> None:
    upload_id = new_id()
    assert put(settings, upload_id, b"x", name=name).json()["name"] == kept
    assert files(settings) == [upload_id, f"{upload_id}.json"]


@pytest.mark.parametrize("upload_id", ["..%2F..%2Frecords", "x" * 32, "A" * 32, "0" * 31])
def test_an_id_is_32_hex_digits(settings: Settings, upload_id: str) -> None:
    assert put(settings, upload_id, b"x").status_code in {400, 404}
    assert files(settings) == []


def test_a_file_above_the_limit_is_refused_and_leaves_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_UPLOAD_BYTES", 100)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"x" * 10

    announced, streamed = put(settings, new_id(), b"x" * 101), put(settings, new_id(), endless())
    assert announced.status_code == streamed.status_code == 413
    assert files(settings) == []


def test_a_full_disk_is_one_sentence_and_leaves_nothing(settings: Settings) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size, most in ((200_000, 50_000), (60, 60)):  # the file itself, or what describes it, does not fit
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
        try:
            answer = put(settings, new_id(), b"x" * size)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert answer.status_code == 507
        assert "(File too large). Make room" in answer.json()["error"]
        assert files(settings) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(settings: Settings) -> None:
    settings.uploads.touch()
    answer = put(settings, new_id(), b"x")
    assert answer.status_code == 507
    assert "cannot be stored" in answer.json()["error"]


def test_a_large_file_does_not_pass_through_memory(settings: Settings) -> None:
    piece = os.urandom(1 << 16)

    async def large() -> AsyncIterator[bytes]:
        for _ in range(1600):
            yield piece

    upload_id = new_id()
    tracemalloc.start()
    answer = put(settings, upload_id, large())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.json()["bytes"] == 1600 << 16  # 100 MiB
    assert most < 20 << 20


def test_a_connection_that_breaks_leaves_nothing(settings: Settings) -> None:
    upload_id = new_id()
    scope = {
        "type": "http",
        "method": "PUT",
        "path": f"/api/v1/uploads/{upload_id}",
        "raw_path": b"",
        "query_string": b"name=a.csv",
        "headers": [(b"x-upload-token", token.upload_token(upload_id).encode())],
    }
    messages = iter([{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, object]:
        return next(messages)

    async def send(message: object) -> None:
        pass

    asyncio.run(Starlette(routes=intake.routes(settings))(scope, receive, send))
    assert files(settings) == []
    with pytest.raises(NotFound, match="Drop it on the page again"):
        intake.uploaded(settings, upload_id)


def test_what_nobody_took_within_a_day_is_swept(settings: Settings) -> None:
    old, new = new_id(), new_id()
    put(settings, old, b"x")
    put(settings, new, b"x")
    for name in (old, f"{old}.json"):
        os.utime(settings.uploads / name, (0, 0))
    assert intake.sweep(settings) == 2
    assert files(settings) == [new, f"{new}.json"]
    assert json.loads((settings.uploads / f"{new}.json").read_text())["bytes"] == 1
