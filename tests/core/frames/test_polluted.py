"""More than two thousand ways of writing one table are read as that table, with the right rows left out."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest

from core.errors import FullcircleError
from core.frames import csv_source
from core.frames.duck import duck
from core.frames.open_file import to_parquet
from tests.core.frames.polluted import POLLUTIONS, Polluted, Value, variants


def wrong(folder: Path, made: Polluted) -> str:
    """Return what is wrong with the table that was read, or nothing."""
    (folder / "file.csv").write_bytes(made.content)
    try:
        found = to_parquet(folder / "file.csv", folder / "out.parquet", name="file.csv")
    except FullcircleError as refusal:
        return str(refusal)
    frame = pl.read_parquet(folder / "out.parquet")
    if tuple(frame.columns) != made.names:
        return f"names {frame.columns}"
    for read, meant in zip(frame.rows(), made.rows, strict=False):
        if [with_one_end(value) for value in read] != list(meant):
            return f"read {read}, meant {meant}"
    lines = tuple(row.line for row in found.rejected)
    if frame.height != len(made.rows) or lines != made.rejected:
        return f"{frame.height} of {len(made.rows)} rows; lines {lines} left out instead of {made.rejected}"
    return ""


def with_one_end(value: Value) -> Value:
    """A line break in a cell is written as the file's line ends are."""
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


@pytest.fixture
def one_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """Read all files in one database: to open one for each takes as long as everything else."""
    with duck(tmp_path) as connection:

        @contextmanager
        def same(_: Path) -> Generator[duckdb.DuckDBPyConnection]:
            yield connection
            connection.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")

        monkeypatch.setattr(csv_source, "duck", same)
        yield


@pytest.mark.usefixtures("one_database")
def test_at_least_99_in_100_polluted_files_are_read_right(tmp_path: Path) -> None:
    read: Counter[str] = Counter()
    failures: dict[str, list[str]] = {}
    for made in variants():
        read[made.kind] += 1
        if problem := wrong(tmp_path, made):
            failures.setdefault(made.kind, []).append(f"{made.way}: {problem}")
    failed = sum(map(len, failures.values()))
    shown = "\n".join(f"{kind}: {len(found)} of {read[kind]}, {found[0]}" for kind, found in failures.items())
    assert set(read) == set(POLLUTIONS)
    assert read.total() >= 2_000
    assert failed <= 0.01 * read.total(), f"{failed} of {read.total()} are read wrong\n{shown}"
    assert all(len(found) <= 0.1 * read[kind] for kind, found in failures.items()), shown
