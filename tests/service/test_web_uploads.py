"""A file arrives whole and once, whatever breaks on the way: the protocol of the resumable uploads."""

import asyncio
import base64
import os
import resource
import shutil
import tracemalloc
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from starlette.applications import Starlette

from core.errors import NotFound
from core.ids import new_id
from core.service import intake, token, upload
from core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


class Sender:
    """A browser that sends files, and the routes that take them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = Starlette(routes=intake.routes(settings))

    async def ask(self, method: str, address: str, allowed: str | bytes = "", **more: Any) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        headers = {"X-Upload-Token": allowed, **more.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.request(method, address, headers=headers, **more)

    def __call__(self, method: str, address: str, allowed: str | bytes = "", **more: Any) -> httpx.Response:
        return asyncio.run(self.ask(method, address, allowed, **more))

    def begin(self, size: object, name: object = "flights.csv") -> httpx.Response:
        return self("POST", "/api/v1/uploads", token.page_token(), json={"name": name, "size": size})

    def part(self, begun: dict[str, str], offset: object, content: bytes | AsyncIterator[bytes]) -> httpx.Response:
        headers = {"Upload-Offset": str(offset)}
        return self("PATCH", begun["address"], begun["token"], headers=headers, content=content)

    def offset(self, begun: dict[str, str]) -> int:
        return int(self("HEAD", begun["address"], begun["token"]).headers["upload-offset"])

    @property
    def files(self) -> list[str]:
        folder = self.settings.uploads
        return sorted(file.name for file in folder.glob("*")) if folder.exists() else []


@pytest.fixture
def send(settings: Settings) -> Sender:
    return Sender(settings)


def digest_of(answer: httpx.Response) -> str:
    """Return the SHA-256 that an answer tells, as RFC 9530 writes it."""
    told = answer.headers["repr-digest"].removeprefix("sha-256=:").removesuffix(":")
    return base64.b64decode(told).hex()


def test_a_file_arrives_in_parts_and_is_found_by_its_id(send: Sender) -> None:
    content = b"a,b\n1,2\n" * 1000
    answer = send.begin(len(content))
    begun = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == begun["address"] == f"/api/v1/uploads/{begun['id']}"
    assert (answer.headers["upload-offset"], answer.headers["upload-length"]) == ("0", "8000")
    first = send.part(begun, 0, content[:3000])
    assert (first.status_code, first.headers["upload-offset"], first.content) == (204, "3000", b"")
    assert "repr-digest" not in first.headers
    with pytest.raises(NotFound):
        upload.uploaded(send.settings, begun["id"])
    last = send.part(begun, 3000, content[3000:])
    whole = upload.uploaded(send.settings, begun["id"])
    assert whole.path.read_bytes() == content
    assert (whole.name, whole.bytes, whole.sha256) == ("flights.csv", 8000, sha256(content).hexdigest())
    assert (last.status_code, digest_of(last)) == (204, whole.sha256)
    asked = send("HEAD", begun["address"], begun["token"])
    assert (asked.status_code, asked.headers["upload-offset"], digest_of(asked)) == (200, "8000", whole.sha256)
    assert send.files == [begun["id"], f"{begun['id']}.json"]


@limits(deadline=None, max_examples=40)
@given(content=st.binary(max_size=5000), cuts=st.lists(st.integers(0, 5000), max_size=6), restarts=st.integers(0, 6))
def test_however_it_is_cut_the_same_file_arrives(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int], restarts: int
) -> None:
    send = Sender(Settings(home=tmp_path_factory.mktemp("home")))
    begun = send.begin(len(content)).json()
    ends = [*sorted(min(cut, len(content)) for cut in cuts), len(content)]
    for number, end in enumerate(ends):
        if number == restarts:  # a process that knows nothing of what came before
            send = Sender(send.settings)
        offset = send.offset(begun)
        assert send.part(begun, offset, content[offset:end]).status_code == 204
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(content).hexdigest()


def test_an_empty_file_is_whole_at_once(send: Sender) -> None:
    begun = send.begin(0).json()
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(b"").hexdigest()


# Permission


@pytest.mark.parametrize("wrong", [b"", b"nonsense", b"9999999999.00", "٣.00".encode(), "é.é".encode()])
def test_without_a_genuine_token_nothing_is_begun(send: Sender, wrong: bytes) -> None:
    answer = send("POST", "/api/v1/uploads", wrong, json={"name": "a.csv", "size": 1})
    assert answer.status_code == 403
    assert answer.json()["error"].count(". ") == 1
    assert send.files == []


@pytest.mark.parametrize("method", ["HEAD", "PATCH", "DELETE"])
def test_a_token_is_for_one_upload_and_expires(send: Sender, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, other = send.begin(1).json(), send.begin(1).json()
    headers = {"Upload-Offset": "0"}
    monkeypatch.setattr(token, "VALID_SECONDS", -1)
    expired = token.upload_token(mine["id"])
    monkeypatch.undo()
    for wrong in (other["token"], token.page_token(), expired, ""):
        answer = send(method, mine["address"], wrong, headers=headers, content=b"x" if method == "PATCH" else b"")
        assert answer.status_code == 403
        assert "Reload it" in answer.text or method == "HEAD"
    assert send.offset(mine) == 0


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_other_methods_are_not_known(send: Sender, method: str) -> None:
    begun = send.begin(1).json()
    assert send(method, begun["address"], begun["token"]).status_code == 405


# What is announced


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
def test_a_name_is_only_shown_and_never_a_path(send: Sender, name: str, kept: str) -> None:
    begun = send.begin(0, name).json()
    assert begun["name"] == upload.uploaded(send.settings, begun["id"]).name == kept
    assert send.files == [begun["id"], f"{begun['id']}.json"]


@pytest.mark.parametrize("upload_id", ["..%2F..%2Frecords", "x" * 32, "A" * 32, "0" * 31])
def test_an_id_is_32_hex_digits(send: Sender, upload_id: str) -> None:
    answer = send("DELETE", f"/api/v1/uploads/{upload_id}", token.upload_token(upload_id))
    assert answer.status_code in {400, 404}


@pytest.mark.parametrize(
    ("size", "status"),
    [(None, 411), (-1, 400), (1.5, 400), (True, 400), ("7", 400), (10 * 2**30 + 1, 413), (10**30, 413)],
)
def test_a_size_that_is_none_is_refused(send: Sender, size: object, status: int) -> None:
    answer = send.begin(size)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert send.files == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff", b"[" * 60_000, b'{"name": 7, "size": 1}'])
def test_an_announcement_that_is_none_is_refused(send: Sender, body: bytes) -> None:
    answer = send("POST", "/api/v1/uploads", token.page_token(), content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_announcement_without_end_is_not_read(send: Sender) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 10_000

    assert send("POST", "/api/v1/uploads", token.page_token(), content=endless()).status_code == 400


# What arrives


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "0" * 19, "٣".encode()])
def test_a_part_says_where_it_begins(send: Sender, offset: str | bytes) -> None:
    begun = send.begin(10).json()
    answer = send("PATCH", begun["address"], begun["token"], headers={"Upload-Offset": offset}, content=b"x")
    assert answer.status_code == 400
    assert "Upload-Offset" in answer.json()["error"]
    assert send.offset(begun) == 0


def test_a_part_at_a_wrong_place_is_told_the_right_one(send: Sender) -> None:
    begun = send.begin(10).json()
    send.part(begun, 0, b"01234")
    for wrong in (0, 4, 6, 10):
        answer = send.part(begun, wrong, b"x")
        assert (answer.status_code, answer.headers["upload-offset"]) == (409, "5")
        assert "continues at byte 5" in answer.json()["error"]
    assert send.part(begun, 5, b"56789").status_code == 204
    assert send.part(begun, 10, b"").status_code == 204
    assert send.part(begun, 0, b"01234").status_code == 409
    assert upload.uploaded(send.settings, begun["id"]).path.read_bytes() == b"0123456789"


def test_more_than_was_announced_is_refused_and_changes_nothing(send: Sender) -> None:
    begun = send.begin(10_000_000).json()
    send.part(begun, 0, b"a" * 5)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"b" * 1_000_000

    for content in (b"c" * 10_000_000, endless()):
        answer = send.part(begun, 5, content)
        assert answer.status_code == 413
        assert "More than the 10,000,000 bytes" in answer.json()["error"]
        assert send.offset(begun) == 5
    assert send.part(begun, 5, b"d" * 9_999_995).status_code == 204
    expected = sha256(b"a" * 5 + b"d" * 9_999_995).hexdigest()
    assert upload.uploaded(send.settings, begun["id"]).sha256 == expected


def test_a_cancelled_upload_leaves_nothing(send: Sender) -> None:
    begun = send.begin(10).json()
    send.part(begun, 0, b"01234")
    assert send("DELETE", begun["address"], begun["token"]).status_code == 204
    assert send.files == []
    assert send("HEAD", begun["address"], begun["token"]).status_code == 404
    answer = send.part(begun, 5, b"x")
    assert answer.status_code == 404
    assert "Drop it on the page again" in answer.json()["error"]
    assert send("DELETE", begun["address"], begun["token"]).status_code == 204


# What breaks


def messages(send: Sender, begun: dict[str, str], offset: int, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send one PATCH message by message and return what is answered."""
    scope = {
        "type": "http",
        "method": "PATCH",
        "path": begun["address"],
        "raw_path": b"",
        "query_string": b"",
        "headers": [(b"x-upload-token", begun["token"].encode()), (b"upload-offset", str(offset).encode())],
    }
    coming, answered = iter(told), []

    async def receive() -> dict[str, Any]:
        return next(coming)

    async def answer(message: Any) -> None:
        answered.append(message)

    asyncio.run(send.app(scope, receive, answer))
    return answered


def test_what_came_before_the_connection_broke_is_kept(send: Sender) -> None:
    content = os.urandom(9_000_000)
    begun = send.begin(len(content)).json()
    told = [
        {"type": "http.request", "body": content[at : at + 65_536], "more_body": True}
        for at in range(0, 6_000_000, 65_536)
    ]
    messages(send, begun, 0, [*told, {"type": "http.disconnect"}])
    offset = send.offset(begun)
    assert offset == 65_536 * len(told)
    assert send.part(begun, offset, content[offset:]).status_code == 204
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(content).hexdigest()


def test_what_a_crash_wrote_and_never_acknowledged_counts_and_is_hashed(send: Sender) -> None:
    begun = send.begin(10).json()
    send.part(begun, 0, b"0123")
    with (send.settings.uploads / begun["id"]).open("ab") as file:  # the process ended before it could answer
        file.write(b"456")
    after = Sender(send.settings)
    assert after.part(begun, 4, b"4567").headers["upload-offset"] == "7"
    assert after.part(begun, 7, b"789").status_code == 204
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(b"0123456789").hexdigest()


def test_a_crash_at_the_very_end_is_made_good(send: Sender) -> None:
    begun = send.begin(4).json()
    (send.settings.uploads / begun["id"]).write_bytes(b"abcd")  # all is written, nothing says that it is whole
    asked = send("HEAD", begun["address"], begun["token"])
    assert (asked.headers["upload-offset"], digest_of(asked)) == ("4", sha256(b"abcd").hexdigest())
    assert upload.uploaded(send.settings, begun["id"]).bytes == 4


def test_what_is_acknowledged_was_synced_before(send: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    real = os.fsync
    begun = send.begin(10).json()
    monkeypatch.setattr(os, "fsync", lambda descriptor: (synced.append(os.fstat(descriptor).st_size), real(descriptor)))
    send.part(begun, 0, b"01234")
    assert 5 in synced
    send.part(begun, 5, b"56789")
    assert 10 in synced


@pytest.mark.parametrize("seed", range(3))
def test_parts_sent_at_once_never_mix(send: Sender, seed: int) -> None:
    content = os.urandom(3_000_000)
    begun = send.begin(len(content)).json()

    async def slowly(start: int) -> AsyncIterator[bytes]:
        for at in range(start, len(content), 50_000):
            await asyncio.sleep(0.001 * ((at // 50_000 + seed) % 3))
            yield content[at : at + 50_000]

    async def one_of_several() -> list[int]:
        statuses = []
        while True:
            asked = await send.ask("HEAD", begun["address"], begun["token"])
            offset = int(asked.headers["upload-offset"])
            if offset == len(content):
                return statuses
            headers = {"Upload-Offset": str(offset)}
            body = slowly(offset)
            answer = await send.ask("PATCH", begun["address"], begun["token"], headers=headers, content=body)
            statuses.append(answer.status_code)
            await asyncio.sleep(0.03 * len(statuses) * (1 + seed))

    async def several() -> list[list[int]]:
        return await asyncio.gather(*(one_of_several() for _ in range(3)))

    statuses = {status for found in asyncio.run(several()) for status in found}
    assert statuses <= {204, 409}
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(content).hexdigest()


def test_a_later_part_does_not_wait_for_a_dead_connection(send: Sender) -> None:
    begun = send.begin(10).json()

    async def both() -> tuple[httpx.Response, httpx.Response]:
        arrived = asyncio.Event()

        async def dead() -> AsyncIterator[bytes]:
            yield b"01234"
            arrived.set()
            await asyncio.Event().wait()

        first = asyncio.create_task(
            send.ask("PATCH", begun["address"], begun["token"], headers={"Upload-Offset": "0"}, content=dead())
        )
        await arrived.wait()
        asked = await send.ask("HEAD", begun["address"], begun["token"])
        return await first, asked

    first, asked = asyncio.run(both())
    assert asked.headers["upload-offset"] == "5"
    assert (first.status_code, first.headers["upload-offset"]) == (409, "5")


def test_a_file_that_the_disk_has_no_room_for_is_refused_before_it_is_sent(
    send: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 5_000_000))
    answer = send.begin(6_000_000)
    assert answer.status_code == 507
    assert "The file has 6 MB and the server's disk has 5 MB left" in answer.json()["error"]
    assert send.files == []


def under_limit(most: int, act: Callable[[], httpx.Response]) -> httpx.Response:
    """Act where no file may grow beyond ``most`` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        return act()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up_is_one_sentence_and_the_upload_goes_on_when_there_is_room(send: Sender) -> None:
    content = os.urandom(200_000)
    begun = send.begin(len(content)).json()
    answer = under_limit(50_000, lambda: send.part(begun, 0, content))
    assert answer.status_code == 507
    assert "(File too large). Make room" in answer.json()["error"]
    offset = send.offset(begun)
    assert 0 < offset <= 50_000
    assert send.part(begun, offset, content[offset:]).status_code == 204
    assert upload.uploaded(send.settings, begun["id"]).sha256 == sha256(content).hexdigest()


def test_where_nothing_can_be_written_nothing_is_begun(send: Sender) -> None:
    assert under_limit(10, lambda: send.begin(60)).status_code == 507
    assert send.files == []
    shutil.rmtree(send.settings.uploads)
    send.settings.uploads.touch()
    answer = send.begin(1)
    assert answer.status_code == 507
    assert "cannot be stored" in answer.json()["error"]


def test_a_large_file_does_not_pass_through_memory(send: Sender) -> None:
    piece = os.urandom(1 << 16)
    begun = send.begin(1600 << 16).json()

    async def large() -> AsyncIterator[bytes]:
        for _ in range(1600):
            yield piece

    tracemalloc.start()
    answer = send.part(begun, 0, large())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.headers["upload-offset"] == str(1600 << 16)  # 100 MiB
    assert most < 25 << 20


def test_what_nobody_took_or_continued_within_a_day_is_swept(send: Sender) -> None:
    old, left, new = send.begin(0).json()["id"], send.begin(9).json()["id"], send.begin(9).json()
    for file in send.settings.uploads.glob("*"):
        os.utime(file, (0, 0))
    send.part(new, 0, b"123")
    assert {old, left} < {file.partition(".")[0] for file in send.files}
    assert upload.sweep(send.settings) == 4
    assert send.files == [new["id"], f"{new['id']}.begun"]
    with pytest.raises(NotFound, match="Drop it on the page again"):
        upload.uploaded(send.settings, new_id())
