"""How much one column tells of another: rank correlation, Cramér's V, the correlation ratio."""

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]


def spearman(columns: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return Spearman's rank correlation of every two columns, and from how many rows it is.

    Missing values (NaN) are left out pair by pair, with the ranks that a column has among all its own values: exact
    where nothing is missing. Columns without spread get NaN.
    """
    ranks = pl.DataFrame(columns).fill_nan(None).select(pl.all().rank()).to_numpy()
    known = np.isfinite(ranks)
    middles = np.divide(np.where(known, ranks, 0).sum(axis=0), np.maximum(known.sum(axis=0), 1))
    centred = np.where(known, ranks - middles, 0.0)
    held = known.astype(np.float64)
    squares = (centred**2).T @ held
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (centred.T @ centred) / np.sqrt(squares * squares.T)
    return found, (held.T @ held).astype(np.int64)


def surely_above(correlation: float, bound: float, *, rows: int) -> bool:
    """Tell whether a correlation lies above ``bound`` beyond chance: Fisher's z at 97.5 %, one-sided."""
    if rows < 10:
        return False
    size = min(abs(correlation), 1 - 1e-12)
    return math.atanh(size) - 1.96 * math.sqrt(1.06 / (rows - 3)) > math.atanh(bound)


def cramers_v(first: Codes, second: Codes) -> float:
    """Return Cramér's V without the bias of small tables (Bergsma 2013); codes count from 0."""
    table = counts_of(first, second)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    total, (rows, columns) = table.sum(), table.shape
    if total < 2 or min(rows, columns) < 2:
        return 0.0
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / total
    phi = float(((table - expected) ** 2 / expected).sum() / total)
    phi = max(0.0, phi - (rows - 1) * (columns - 1) / (total - 1))
    least = min(rows - (rows - 1) ** 2 / (total - 1), columns - (columns - 1) ** 2 / (total - 1)) - 1
    return math.sqrt(phi / least) if least > 0 else 0.0


def correlation_ratio(groups: Codes, columns: Floats) -> Floats:
    """Return for every column (no NaN) how much of its spread lies between the groups: eta, 0 to 1."""
    sizes = np.bincount(groups).astype(np.float64)
    present = sizes > 0
    centred = columns - columns.mean(axis=0)
    sums = np.stack([np.bincount(groups, weights=column) for column in centred.T], axis=1)[present]
    between = (sums**2 / sizes[present][:, None]).sum(axis=0)
    within = (centred**2).sum(axis=0)
    return np.sqrt(np.divide(between, within, out=np.zeros_like(between), where=within > 0).clip(0, 1))


def counts_of(first: Codes, second: Codes) -> Floats:
    """Return how often every pair of codes occurs."""
    rows, columns = int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1
    return np.bincount(first * columns + second, minlength=rows * columns).reshape(rows, columns).astype(np.float64)
