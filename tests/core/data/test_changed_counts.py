"""Missing values beside a reference: a change is told that is sure and that matters, in small tables and in large."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from core.data.check import Beside
from core.data.checks import CHECKS
from core.data.finding import CheckStatus
from core.data.validation import validate
from core.frames.opened import Opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def with_gaps(folder: Path, name: str, share: float, rows: int) -> Path:
    empty = np.random.default_rng(len(name)).random(rows) < share
    path = folder / name
    pl.DataFrame({"wind": np.where(empty, None, 1.0).tolist()}, schema={"wind": pl.Float64}).write_parquet(path)
    return path


@pytest.mark.parametrize(
    ("rows", "was", "now", "told"),
    [
        (400_000, 0.010, 0.012, False),  # sure, and of no matter
        (400_000, 0.010, 0.020, True),
        (400_000, 0.500, 0.520, False),  # 4 % more
        (2_000, 0.010, 0.050, True),
        (200, 0.010, 0.030, False),  # by chance as well
    ],
)
def test_missing_values_beside_a_reference(tmp_path: Path, *, rows: int, was: float, now: float, told: bool) -> None:
    reference, table = with_gaps(tmp_path, "before", was, rows), with_gaps(tmp_path, "now", now, rows)
    only = {"changed_counts": CHECKS["changed_counts"]}
    opened = Opened(rows=rows, columns=("wind",))
    found = validate(table, opened, now=NOW, beside=Beside(reference=reference), checks=only).findings
    failed = [finding.column for finding in found if finding.status is CheckStatus.FAILED]
    assert failed == (["wind"] if told else [])
