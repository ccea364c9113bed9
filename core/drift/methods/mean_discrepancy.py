"""Maximum mean discrepancy: the distance of two samples in the space of a kernel, by permutation."""

import numpy as np
import polars as pl

from core.drift.joint import features
from core.drift.method import Measured, Method
from core.statistics.blocks import Floats, fixed_generator

ROWS = 500
LEAST = 10
PERMUTATIONS = 499


def _measure(reference: pl.DataFrame, current: pl.DataFrame) -> Measured:
    sides = [_drawn(table) for table in (reference, current)]
    shared = [name for name in reference.columns if name in current.columns]
    columns = features(sides[0], sides[1], shared)
    if min(side.height for side in sides) < LEAST or not columns:
        return Measured(refusal=f"It needs {LEAST} rows of each table and a column that can be compared.")
    values = _standardised(np.column_stack(list(columns.values())), sides[0].height)
    kernel = _kernel(values)
    n = sides[0].height
    rng = fixed_generator()
    orders = [np.arange(len(values)), *(rng.permutation(len(values)) for _ in range(PERMUTATIONS))]
    found = _discrepancies(kernel, np.array([np.isin(np.arange(len(values)), order[:n]) for order in orders]))
    p_value = float((found >= found[0] - 1e-12).mean())
    return Measured(value=float(found[0]), p_value=p_value, note=f"{len(columns)} columns, {len(values):,} rows.")


def _drawn(table: pl.DataFrame) -> pl.DataFrame:
    if table.height <= ROWS:
        return table
    return table[np.sort(fixed_generator().choice(table.height, ROWS, replace=False)).tolist()]


def _standardised(values: Floats, n: int) -> Floats:
    # in units of the reference, what is missing in its middle: no column counts more for its unit
    with np.errstate(all="ignore"):
        known = [column[np.isfinite(column)] for column in values[:n].T]
        middles = np.array([np.median(column) if column.size else 0.0 for column in known])
        spreads = np.array([column.std() if column.size else 0.0 for column in known])
        return np.clip(np.nan_to_num((values - middles) / np.where(spreads > 0, spreads, 1.0), nan=0.0), -1e3, 1e3)


def _kernel(values: Floats) -> Floats:
    from scipy.spatial.distance import pdist, squareform

    apart = pdist(values, "sqeuclidean")
    middle = float(np.median(apart)) or float(apart.mean()) or 1.0
    return np.exp(-squareform(apart) / (2 * middle))


def _discrepancies(kernel: Floats, first: np.ndarray) -> Floats:
    """Return the unbiased statistic for each line, which marks the rows of the first sample."""
    one = first.astype(np.float64)
    other = 1 - one
    n, m = one.sum(axis=1), other.sum(axis=1)
    near = one @ kernel
    within, across = (near * one).sum(axis=1), (near * other).sum(axis=1)
    apart = ((other @ kernel) * other).sum(axis=1)
    return (within - n) / (n * (n - 1)) + (apart - m) / (m * (m - 1)) - 2 * across / (n * m)


MEAN_DISCREPANCY = Method(
    name="mmd",
    title="Maximum mean discrepancy",
    formula="mean k(x, x') + mean k(y, y') - 2 mean k(x, y), k = exp(-|a - b|^2 / (2 s^2))",
    constants=f"s^2 is the median squared distance; {PERMUTATIONS} permutations; at most {ROWS} rows of each table; "
    "columns in standard deviations of the reference, at most a hundred",
    misleads="With many columns it loses sight of one that moved; the statistic has no unit.",
    source="sklearn.metrics.pairwise.rbf_kernel; Gretton et al. 2012",
    kinds=(),
    of_tables=_measure,
)
