"""A file is opened in a process of its own, and whatever happens there is one sentence here."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
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


def test_a_budget_grows_with_the_columns_that_were_counted() -> None:
    narrow, wide = budget_of(100), budget_of(100, columns=4_000)
    assert wide.memory - narrow.memory == 4_000 * (512 << 10)
    assert wide.seconds - narrow.seconds == 20


HONEST: Mapping[str, Callable[[Path], None]] = {
    "1,000 columns": lambda path: numbers(2_000, 1_000).write_csv(path),
    "4,000 columns": lambda path: numbers(10, 4_000).write_csv(path),
    "4,000 columns of Parquet": lambda path: numbers(2_000, 4_000).write_parquet(path),
    "1,500 texts of Parquet": lambda path: numbers(40, 1_500).cast(pl.String).write_parquet(path),
    "1,000 keys": lambda path: numbers(2_000, 1_000).write_ndjson(path),
    "long texts": lambda path: pl.DataFrame({"a": range(40_000), "b": ["text " * 100] * 40_000}).write_csv(path),
}


def numbers(rows: int, columns: int) -> pl.DataFrame:
    values = np.random.default_rng(7).normal(size=(rows, columns)).round(4)
    return pl.from_numpy(values, schema=[f"c{i}" for i in range(columns)])


@pytest.mark.parametrize("kind", HONEST)
def test_an_honest_file_is_held_back_by_no_limit(tmp_path: Path, kind: str) -> None:
    HONEST[kind](tmp_path / "file")
    opened = open_file(tmp_path / "file", tmp_path / "out.parquet", name="file")
    made = pl.scan_parquet(tmp_path / "out.parquet")
    assert (opened.rows, len(opened.columns)) == (
        made.select(pl.len()).collect().item(),
        len(made.collect_schema()),
    )
    assert opened.rows in (10, 40, 2_000, 40_000)
    assert not opened.rejected_count
