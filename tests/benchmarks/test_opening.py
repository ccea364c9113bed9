"""Honest files of many shapes, opened as a dropped one is: speed and peak memory, beside DuckDB in the same run."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

ROW = "round(random() * 1000, 3)"
SHAPES = {
    "2,000 x 1,000": (2_000, [f"{ROW} AS c{i}" for i in range(1_000)]),
    "2,000 x 4,000": (2_000, [f"{ROW} AS c{i}" for i in range(4_000)]),
    "12,000 x 4,000": (12_000, [f"{ROW} AS c{i}" for i in range(4_000)]),
    "10 M x 5": (10_000_000, ["i AS id", *(f"{ROW} AS c{i}" for i in range(3)), "'g' || (i % 11) AS kind"]),
    "1 M texts of 500": (1_000_000, ["i AS id", "repeat(md5(i::VARCHAR) || ' ', 15) || 'abcde' AS text"]),
    "1 GB": (8_200_000, ["i AS id", *(f"{ROW} AS c{i}" for i in range(14)), "'g' || (i % 11) AS kind"]),
}
OURS = "from core.frames.opening import open_file; open_file(source, target, name=source.name)"
PEER = (
    "import duckdb; duckdb.execute('SET threads = 2; SET enable_progress_bar = false'); "
    "duckdb.execute(f\"COPY (FROM read_csv('{source}', sample_size=-1)) "
    "TO '{target}' (FORMAT parquet)\")"
)
MEASURED = """
import resource, sys, time
from pathlib import Path
source, target = map(Path, sys.argv[1:])
began = time.perf_counter()
{work}
seconds = time.perf_counter() - began
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(seconds, sum(one.ru_utime + one.ru_stime for one in used))
"""


@pytest.fixture(params=SHAPES)
def shaped(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Write a file of one shape and take it away again: together they fill 2.5 GB."""
    rows, columns = SHAPES[request.param]
    path = tmp_path / "file.csv"
    query = f"SELECT {', '.join(columns)} FROM range({rows}) AS rows(i)"
    duckdb.connect(config={"threads": 1}).execute(f"COPY ({query}) TO '{path}' (HEADER)")
    yield request.param, path
    path.unlink()


def measured(work: str, source: Path, target: Path) -> tuple[float, float, int]:
    """Return the seconds, those of work and the highest memory of a process that does nothing else."""
    command = [sys.executable, "-c", MEASURED.format(work=work), str(source), str(target)]
    peak = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as done:
        while done.poll() is None:
            peak = max(peak, *map(highest, with_children(done.pid)))
            time.sleep(0.02)
        assert not done.returncode
        assert done.stdout is not None
        seconds, worked = map(float, done.stdout.read().split())
    return seconds, worked, peak


def with_children(process: int) -> list[int]:
    """Return a process and those that it has started: a file is opened in one of its own."""
    try:
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:  # it has ended
        return [process]
    return [process, *(one for child in started for one in with_children(int(child)))]


def highest(process: int) -> int:
    """Return the most memory that a process has had; not ``ru_maxrss``, which it inherits."""
    try:
        return 1024 * int(Path(f"/proc/{process}/status").read_text().partition("VmHWM:")[2].split()[0])
    except (OSError, IndexError):  # it has ended
        return 0


def test_opening(shaped: tuple[str, Path], tmp_path: Path) -> None:
    shape, source = shaped
    size = source.stat().st_size / 1e6
    print(f"\n{shape}, {size:,.0f} MB, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {time.strftime('%F')}")
    for who, work in (("Fullcircle", OURS), ("DuckDB", PEER)):
        seconds, worked, peak = measured(work, source, tmp_path / f"{who}.parquet")
        speed = f"{size / seconds:,.0f} MB/s, peak {peak / 1e6:,.0f} MB"
        print(f"  {who}: {seconds:.1f} s ({worked:.1f} s of work), {speed}")
    ours, peers = (
        duckdb.execute(f"SELECT count(*) FROM '{tmp_path / who}.parquet'").fetchall()
        for who in ("Fullcircle", "DuckDB")
    )
    assert ours == peers
