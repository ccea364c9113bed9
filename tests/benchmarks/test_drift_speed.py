"""Drift of 30 columns, 1 M + 1 M rows, beside a plain Polars floor and Evidently; 10 M + 10 M within 2 GB."""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from tests.benchmarks.test_validation import MEASURED, measured
from tests.benchmarks.wide_table import write_wide_table
from tests.operating.peers import python_of

OURS = """
from core.drift.comparison import compare_parquet
found = compare_parquet(source, source.with_name("current.parquet"), block=None)
assert len(found) == 30
"""
FLOOR = """
import numpy as np
import polars as pl
files = [pl.scan_parquet(path) for path in (source, source.with_name("current.parquet"))]
for name, kind in files[0].collect_schema().items():
    sides = [file.select(name).collect()[name].drop_nulls() for file in files]
    if kind.is_numeric():
        ordered = [side.cast(pl.Float64).sort().to_numpy() for side in sides]
        both = pl.Series(np.concatenate(ordered)).sort().to_numpy()
        first, second = (np.searchsorted(side, both, side="right") / len(side) for side in ordered)
        np.abs(first - second).max()
    elif kind == pl.String or kind == pl.Boolean:
        counts = [side.value_counts(name="n") for side in sides]
        counts[0].join(counts[1], on=name, how="full").select((pl.col("n") - pl.col("n_right")).abs().sum())
"""
EVIDENTLY = """
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset
tables = [pd.read_parquet(path) for path in (source, source.with_name("current.parquet"))]
# its own choice of kinds takes texts for text to be learned; numbers and short levels alone are what it is fast on
texts = [n for n in tables[0] if tables[0][n].dtype == object and tables[0][n].nunique() > 50]
tables = [table.drop(columns=texts) for table in tables]
tables = [table.drop(columns=list(table.select_dtypes("datetime"))) for table in tables]
Report([DataDriftPreset()]).run(current_data=tables[1], reference_data=tables[0]).dict()
"""


def two_tables(folder: Path, rows: int) -> Path:
    write_wide_table(folder / "current.parquet", rows, seed=5)
    return write_wide_table(folder / "reference.parquet", rows)


def test_a_million_rows_a_side(tmp_path: Path) -> None:
    source = two_tables(tmp_path, 1_000_000)
    print(f"\n1,000,000 + 1,000,000 x 30, load {os.getloadavg()[0]:.1f}, {time.strftime('%F')}")
    ours = measured("Fullcircle", OURS, source)
    floor = measured("Polars: sort both sides, Kolmogorov-Smirnov and level counts alone", FLOOR, source)
    print(f"  {ours[0] / floor[0]:.2f} x the time of the floor (budget 1.5), {ours[1] / floor[1]:.2f} x the work")
    python = python_of("Evidently")
    if python is None:
        pytest.skip("Evidently cannot be installed here")
    done = subprocess.run(
        [python, "-c", MEASURED.format(work=EVIDENTLY), str(source)], capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr[-2000:]
    seconds, _, peak = json.loads(done.stdout.splitlines()[-1])
    print(f"  Evidently, without texts and times: {seconds:.1f} s, peak {peak / 1e6:,.0f} MB")
    print(f"  {seconds / ours[0]:.0f} x faster (aim 20)")


def test_ten_million_rows_a_side_within_two_gigabytes(tmp_path: Path) -> None:
    source = two_tables(tmp_path, 10_000_000)
    print(f"\n10,000,000 + 10,000,000 x 30, load {os.getloadavg()[0]:.1f}, {time.strftime('%F')}")
    _, _, peak = measured("Fullcircle", OURS, source)
    print(f"  budget of memory 2,000 MB: {'kept' if peak <= 2e9 else 'not kept'}")
