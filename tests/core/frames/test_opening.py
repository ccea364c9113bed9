"""A file is opened in a process of its own, and whatever happens there is one sentence here."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from core.errors import RefusedFile, UnreadableFile
from core.frames import opening
from core.frames.budget import budget_of
from core.frames.open_file import to_parquet
from core.frames.opening import open_file
from core.frames.reading import Reading

MESSY = "Report\n\nid;name;id\n1;'a';3\n" + "1;Zoë;2,5\nx\n" * 20


def test_the_answer_is_the_same_as_without_the_process(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(MESSY.encode("cp1252"))
    reading = Reading(quote="'")
    here = to_parquet(tmp_path / "file.csv", tmp_path / "here.parquet", name="file.csv", reading=reading)
    there = open_file(tmp_path / "file.csv", tmp_path / "there.parquet", name="file.csv", reading=reading)
    assert there == here
    assert pl.read_parquet(tmp_path / "there.parquet").equals(pl.read_parquet(tmp_path / "here.parquet"))
    assert {path.name for path in tmp_path.iterdir()} == {"file.csv", "here.parquet", "there.parquet"}


def test_an_error_keeps_its_kind_and_its_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"^none.csv does not exist"):
        open_file(tmp_path / "none.csv", tmp_path / "out.parquet", name="none.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "makes its reader fail"),
        ("import os; os.abort()", "makes its reader fail"),
        ("raise ZeroDivisionError", "makes its reader fail"),
        ("held = bytearray(1 << 31)", "makes its reader fail"),
        ("import time; time.sleep(60)", "takes far longer"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "takes far longer"),
    ],
)
def test_a_reader_that_breaks_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, words: str
) -> None:
    (tmp_path / "reader_that_breaks.py").write_text(
        "import pathlib, sys\nfrom core.frames.budget import budget_of, hold_to\nhold_to(budget_of(0))\n"
        f"pathlib.Path(sys.argv[1]).with_suffix('.part').write_text('half')\n{program}\n"
    )
    (tmp_path / "file.csv").write_text("a,b\n1,2\n")
    environment: Mapping[str, str] = dict(opening._environment())
    monkeypatch.setattr(opening, "_CHILD", "reader_that_breaks")
    monkeypatch.setattr(
        opening, "_environment", lambda: {**environment, "PYTHONPATH": f"{environment['PYTHONPATH']}:{tmp_path}"}
    )
    if "sleep" in program:
        monkeypatch.setattr("core.frames.limits.CLOCK_FROM", 1)
        monkeypatch.setattr("core.frames.limits.CLOCK_A_SECOND", 0)
    with pytest.raises(RefusedFile, match=rf"^file.csv {words}"):
        open_file(tmp_path / "file.csv", tmp_path / "out.parquet", name="file.csv")
    assert {path.name for path in tmp_path.iterdir()} - {"__pycache__"} == {"file.csv", "reader_that_breaks.py"}


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("FULLCIRCLE_DATABASE_URL", "postgresql://secret")
    assert "secret" not in " ".join(opening._environment().values())


def test_a_process_without_its_asker_ends() -> None:
    waiting = (
        "import threading, time; from core.frames.opening_child import _end_with_the_input as end\n"
        "threading.Thread(target=end, daemon=True).start(); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", waiting], stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(timeout=30) == 1


def test_a_budget_grows_with_the_file_up_to_its_end() -> None:
    small, large, largest = budget_of(0), budget_of(100 << 20), budget_of(1 << 40)
    assert small.memory == 512 << 20
    assert small.seconds == 5
    assert small.memory < large.memory < largest.memory == 2 << 30
    assert small.seconds < large.seconds < large.clock
