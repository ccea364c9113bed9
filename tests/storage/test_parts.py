"""Files that arrive in parts: joined only from what was acknowledged, and swept where nobody goes on."""

import os
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from core.errors import Conflict, NotFound
from core.storage.parts import Parts


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(tmp_path / "parts")


def sent(parts: Parts, upload_id: str, number: int, content: bytes) -> str:
    with parts.arriving(upload_id, number) as part:
        part.write(content)
        return part.settle()


def test_parts_are_read_in_order_and_the_last_of_a_number_counts(parts: Parts) -> None:
    upload_id = parts.begin({"path": "a"})
    hashes = {number: sent(parts, upload_id, number, content) for number, content in ((2, b"d"), (1, b"x"))}
    hashes[1] = sent(parts, upload_id, 1, b"abc")
    assert hashes[1] == sha256(b"abc").hexdigest()
    assert b"".join(parts.read(upload_id, [hashes[1], hashes[2]])) == b"abcd"
    for wrong in ([hashes[2], hashes[1]], [hashes[1], hashes[2], "0"]):
        with pytest.raises(Conflict):
            list(parts.read(upload_id, wrong))


def test_a_part_that_is_not_settled_is_gone(parts: Parts, tmp_path: Path) -> None:
    upload_id = parts.begin({})
    with parts.arriving(upload_id, 1) as part:
        part.write(b"abc")
    assert [path.name for path in (tmp_path / "parts" / upload_id).iterdir()] == ["about.json"]


def test_what_became_of_a_file_is_remembered_without_its_parts(parts: Parts, tmp_path: Path) -> None:
    upload_id = parts.begin({"path": "a"})
    sent(parts, upload_id, 1, b"abc")
    parts.finish(upload_id, {"path": "a", "sha256": "0"})
    assert parts.about(upload_id) == {"path": "a", "sha256": "0"}
    assert [path.name for path in (tmp_path / "parts" / upload_id).iterdir()] == ["about.json"]
    parts.drop(upload_id)
    with pytest.raises(NotFound):
        parts.about(upload_id)


@pytest.mark.parametrize("upload_id", ["", "..", "../x", "0" * 31, "0" * 32, "G" * 32, "/etc"])
def test_an_id_is_never_a_path(parts: Parts, upload_id: str) -> None:
    for act in (parts.about, parts.drop, lambda upload_id: parts.arriving(upload_id, 1)):
        with pytest.raises(NotFound):
            act(upload_id)


def test_only_what_nobody_goes_on_with_is_swept(parts: Parts, tmp_path: Path) -> None:
    old, young = parts.begin({}), parts.begin({})
    before = time.time() - 7_200
    os.utime(tmp_path / "parts" / old, (before, before))
    assert parts.sweep(timedelta(hours=1)) == 1
    assert parts.about(young) == {}
    with pytest.raises(NotFound):
        parts.about(old)
