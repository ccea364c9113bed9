"""A profile and all checks of 1 M and 10 M rows of 30 columns: seconds beside a plain Polars profile, peak memory."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.wide_table import write_wide_table

OURS = """
from datetime import UTC, datetime
from core.data.validation import validate
from core.frames.opened import Opened
import pyarrow.parquet as pq
rows = pq.read_metadata(source).num_rows
found = validate(source, Opened(rows=rows, columns=()), now=datetime(2026, 1, 1, tzinfo=UTC))
assert found.rows == rows and len(found.profile) == 30
assert not [f for f in found.findings if f.status.value == "crashed"]
"""
PEER = """
import polars as pl
frame = pl.scan_parquet(source)
for name, kind in frame.collect_schema().items():
    column = frame.select(name).collect()[name]
    column.null_count(), column.n_unique(), column.min(), column.max(), column.value_counts().top_k(20, by="count")
    if kind.is_numeric():
        column.mean(), column.std(), column.skew(), column.kurtosis(), column.hist(bin_count=40)
        [column.quantile(q) for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)]
    if kind == pl.String:
        lengths = column.str.len_chars()
        lengths.min(), lengths.max(), lengths.mean(), (column == "").sum()
"""
MEASURED = """
import json, resource, sys, time
from pathlib import Path
source = Path(sys.argv[1])
began = time.perf_counter()
{work}
seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss: a process inherits that of the one that started it
peak = 1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
print(json.dumps([seconds, used.ru_utime + used.ru_stime, peak]))
"""


def measured(who: str, work: str, source: Path) -> tuple[float, float, int]:
    """Return seconds, seconds of work and the highest memory of a process that does nothing else, and print them."""
    command = [sys.executable, "-c", MEASURED.format(work=work), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert not done.returncode, done.stderr
    seconds, worked, peak = json.loads(done.stdout)
    print(f"  {who}: {seconds:.1f} s ({worked:.1f} s of work), peak {peak / 1e6:,.0f} MB")
    return float(seconds), float(worked), int(peak)


@pytest.mark.parametrize("rows", [1_000_000, 10_000_000], ids=["1M", "10M"])
def test_profile_and_all_checks(tmp_path: Path, rows: int) -> None:
    source = write_wide_table(tmp_path / "table.parquet", rows)
    size = source.stat().st_size / 1e6
    print(f"\n{rows:,} x 30, {size:,.0f} MB of Parquet, load {os.getloadavg()[0]:.1f}, {time.strftime('%F')}")
    ours = measured("Fullcircle, profile and all checks", OURS, source)
    if rows == 1_000_000:
        peer = measured("Polars, profile alone", PEER, source)
        print(f"  {ours[0] / peer[0]:.1f} x the time (budget 2), {ours[1] / peer[1]:.1f} x the work")
    else:
        print(f"  budget of memory 2,000 MB: {'kept' if ours[2] <= 2e9 else 'not kept'}")
