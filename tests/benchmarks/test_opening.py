"""Honest files of many shapes, opened as a dropped one is: speed and peak memory, beside DuckDB in the same run."""

import json
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
    "import duckdb; duckdb.connect(config={'threads': 2}).execute(f\"COPY (FROM read_csv('{source}', sample_size=-1)) "
    "TO '{target}' (FORMAT parquet)\")"
)
MEASURED = """
import json, resource, sys, time
from pathlib import Path
source, target = map(Path, sys.argv[1:])
began = time.perf_counter()
{work}
peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps([time.perf_counter() - began, 1024 * peak]))
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


def measured(work: str, source: Path, target: Path) -> tuple[float, int]:
    """Return the seconds and the highest memory of a process that does nothing else."""
    command = [sys.executable, "-c", MEASURED.format(work=work), str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert not done.returncode, done.stderr
    seconds, peak = json.loads(done.stdout)
    return float(seconds), int(peak)


def test_opening(shaped: tuple[str, Path], tmp_path: Path) -> None:
    shape, source = shaped
    size = source.stat().st_size / 1e6
    print(f"\n{shape}, {size:,.0f} MB, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {time.strftime('%F')}")
    for who, work in (("Fullcircle", OURS), ("DuckDB", PEER)):
        seconds, peak = measured(work, source, tmp_path / f"{who}.parquet")
        print(f"  {who}: {seconds:.1f} s, {size / seconds:,.0f} MB/s, peak {peak / 1e6:,.0f} MB")
    ours, peers = (
        duckdb.execute(f"SELECT count(*) FROM '{tmp_path / who}.parquet'").fetchall()
        for who in ("Fullcircle", "DuckDB")
    )
    assert ours == peers
