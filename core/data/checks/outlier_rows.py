"""Rows unlike all others, though each value is usual."""

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.spatial import KDTree

from core.data.check import Check, Found, NotApplicable, Table
from core.data.drawn import matrix, measured
from core.data.finding import Severity
from core.data.words import percent, rows_of

_ROWS, _COLUMNS = 100, 50
_NEIGHBOURS, _KNOWN = 10, 2_000
_REACH, _MANY = 6.0, 0.02


def _outliers(table: Table) -> Iterable[Found]:
    columns = measured(table, least=10)[:_COLUMNS]
    if len(columns) < 2 or len(table.drawn) < _ROWS:
        raise NotApplicable("There are not two columns of numbers, or fewer than 100 rows.")
    distance = _distance(_scaled(matrix(columns)))
    q1, q3 = np.quantile(distance, [0.25, 0.75])
    far = np.flatnonzero(distance > q3 + _REACH * (q3 - q1))
    if not 0 < len(far) <= _MANY * len(distance):
        return
    worst = far[np.argsort(-distance[far])]
    yield Found(
        count=len(far),
        of=len(table.drawn),
        rows=table.marked(table.drawn[far]),
        sample=table.sample(table.drawn[worst[:5]]),
        message=f"{rows_of(len(far))} ({percent(len(far) / len(distance))}) {'is' if len(far) == 1 else 'are'} unlike "
        f"all others in {len(columns)} columns of numbers taken together; row {table.drawn[worst[0]] + 1:,} most of "
        f"all{table.looked_at}.",
    )


def _scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks as shares, drawn out at the ends, so that no unit and no single far value decides."""
    ranks = pl.DataFrame(values).fill_nan(None).select(pl.all().rank() / (pl.all().count() + 1)).to_numpy()
    return np.where(np.isfinite(ranks), ranks, 0.5)


def _distance(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each row's mean distance to its ten nearest among up to 2,000 rows."""
    step = max(len(points) // _KNOWN, 1)
    known = points[::step]
    found = KDTree(known).query(points, k=min(_NEIGHBOURS + 1, len(known)))[0]
    itself = found[:, :1] == 0
    return np.where(itself[:, 0], found[:, 1:].mean(axis=1), found[:, :-1].mean(axis=1))


CHECK = Check(
    name="outlier_rows",
    title="No row is unlike all others",
    severity=Severity.INFO,
    help="Values that are usual one by one but never occur together: a person of 4 years who weighs 90 kg.",
    misleads="A rare kind of thing is unlike the others, and may be what you look for.",
    default="Mean distance to the 10 nearest rows beyond 6 quartile distances; up to 20,000 rows are looked at.",
    source="cleanlab outlier (k nearest neighbours, 10); Deepchecks OutlierSampleDetection.",
    fix="Look at those rows.",
    on_table=_outliers,
)
