"""Artifacts are whole or not there, and what is read is what was stored."""

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import Corrupted, NotFound, Unavailable
from core.storage.artifacts import Artifacts


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(tmp_path / "artifacts")


def test_bytes_and_files_of_equal_content_are_one_artifact(artifacts: Artifacts, tmp_path: Path) -> None:
    data = os.urandom(3 << 20)
    source = tmp_path / "model.onnx"
    source.write_bytes(data)
    sha256 = artifacts.put_bytes(data)
    assert sha256 == hashlib.sha256(data).hexdigest()
    assert artifacts.put_file(source) == sha256
    assert artifacts.read(sha256) == data
    assert artifacts.path(sha256) == tmp_path / "artifacts" / sha256[:2] / sha256
    assert list(artifacts.all()) == [sha256]
    assert artifacts.holds(sha256)
    assert not list((tmp_path / "artifacts").glob("*.part"))


def test_changed_content_is_told_and_mended_by_storing_again(artifacts: Artifacts) -> None:
    sha256 = artifacts.put_bytes(b"the model")
    path = artifacts.path(sha256)
    path.write_bytes(b"a model!!")
    for reading in (artifacts.read, artifacts.path, artifacts.verify):
        with pytest.raises(Corrupted, match=sha256[:12]):
            reading(sha256)
    artifacts.put_bytes(b"the model")
    assert artifacts.read(sha256) == b"the model"


def test_a_change_that_keeps_time_and_size_is_found_by_verify(artifacts: Artifacts) -> None:
    sha256 = artifacts.put_bytes(b"the model")
    path = artifacts.path(sha256)
    times = path.stat()
    path.write_bytes(b"a model!!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    with pytest.raises(Corrupted):
        artifacts.verify(sha256)


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", "", "0" * 63 + "\n", "A" * 64])
def test_what_is_no_hash_is_not_found(artifacts: Artifacts, name: str) -> None:
    assert not artifacts.holds(name)
    with pytest.raises(NotFound):
        artifacts.read(name)
    with pytest.raises(NotFound):
        artifacts.path(name)


def test_only_old_leftovers_are_swept(artifacts: Artifacts, tmp_path: Path) -> None:
    sha256 = artifacts.put_bytes(b"kept")
    old, young = tmp_path / "artifacts" / "a.part", tmp_path / "artifacts" / "b.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert artifacts.sweep(timedelta(hours=1)) == 1
    assert not old.exists()
    assert young.exists()
    assert artifacts.holds(sha256)


def test_a_full_disk_leaves_nothing_half_written(
    artifacts: Artifacts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        artifacts.put_bytes(b"the model")
    monkeypatch.undo()
    assert list(artifacts.all()) == []
    assert not list((tmp_path / "artifacts").glob("*.part"))


def test_a_file_that_is_gone_is_told(artifacts: Artifacts, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="could not be stored"):
        artifacts.put_file(tmp_path / "gone")
