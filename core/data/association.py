"""How strongly a column goes with a label in two tables, and whether that differs by more than chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.statistics.blocks import MIN_BLOCKS, Blocks, Codes, Floats, bootstrap_weights, fixed_generator

BINS = 10
_REPEATS = 300
_LEVELS = 20
_ROWS, _OF_CLASS = 30, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The association before and after, -1 to 1 (0 to 1 where nothing has an order), and how surely it changed.

    ``about`` is the code of the class that they are about, where a number meets classes.
    """

    before: float
    after: float
    p_value: float
    about: int | None = None

    @property
    def size(self) -> float:
        """Return how far the association has moved."""
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One table's column and label as codes (-1: missing), and the block of every row."""

    column: Codes
    label: Codes
    blocks: Blocks

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which rows have both."""
        return (self.column >= 0) & (self.label >= 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How many codes there are, and whether their order means something."""

    levels: int
    labels: int
    ordered: bool
    ordered_labels: bool


def changed(before: Side, after: Side, scale: Scale) -> list[Change]:
    """Compare the association of two tables: one change, or one a class where a number meets several classes.

    Notes
    -----
    A number and a class: Somers' D, which is 2 AUC - 1, of the class against the others. Two numbers: the correlation
    of their ranks. Anything else: Cramér's V without its bias. All from counts in quantile bins of each side. Blocks
    are resampled, each side by its own; the p-value is Student's, with the smaller side's blocks less one.
    """
    from scipy.stats import t

    degrees = min(side.blocks.count(side.known) for side in (before, after)) - 1
    if degrees < MIN_BLOCKS - 1 or min(int(side.known.sum()) for side in (before, after)) < _ROWS:
        return []
    (first, noise), (second, other) = _resampled(before, scale), _resampled(after, scale)
    error = np.sqrt(noise**2 + other**2)
    p_values = 2 * t.sf(np.abs(second - first) / np.maximum(error, 1e-12), degrees)
    return [
        Change(before=float(first[i]), after=float(second[i]), p_value=float(p_values[i]), about=_class_of(i, scale))
        for i in np.flatnonzero(np.isfinite(first) & np.isfinite(second) & np.isfinite(error)).tolist()
    ]


def _class_of(place: int, scale: Scale) -> int | None:
    several = scale.ordered and not scale.ordered_labels
    return None if not several else place if scale.labels > 2 else 1


def _resampled(side: Side, scale: Scale) -> tuple[Floats, Floats]:
    """Return the associations and their standard errors; NaN where a class has too few rows."""
    cells = side.column[side.known] * scale.labels + side.label[side.known]
    units, n_units, width = side.blocks.units[side.known], side.blocks.n_units, scale.levels * scale.labels
    counts = np.bincount(units * width + cells, minlength=n_units * width).reshape(n_units, width).astype(np.float64)
    weights = bootstrap_weights(n_units, _REPEATS, fixed_generator())
    shape = (-1, scale.levels, scale.labels)
    whole = counts.sum(axis=0).reshape(shape)
    value = _measure(whole, scale)[0]
    error = _deviation(_measure((weights @ counts).reshape(shape), scale))
    if not scale.ordered or scale.ordered_labels:
        return value, error
    rows = whole.sum(axis=(0, 1))
    rarer = np.minimum(rows, rows.sum() - rows)[-len(value) :]
    # a class of few rows that lies apart by chance resamples to itself
    return np.where(rarer >= _OF_CLASS, value, np.nan), np.maximum(error, 0.5 / np.sqrt(np.maximum(rarer, 1)))


def _deviation(repeats: Floats) -> Floats:
    present = np.isfinite(repeats)
    n = present.sum(axis=0)
    mean = np.where(present, repeats, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(present, (repeats - mean) ** 2, 0.0).sum(axis=0)
    return np.where(n > _REPEATS / 2, np.sqrt(squares / np.maximum(n - 1, 1)), np.nan)


def _measure(tables: Floats, scale: Scale) -> Floats:
    """Return the associations of each table of counts: tables x associations."""
    with np.errstate(invalid="ignore", divide="ignore"):
        if scale.ordered and not scale.ordered_labels:
            return _somers(tables) if scale.labels > 2 else _somers(tables)[:, 1:]
        return _rank_correlation(tables) if scale.ordered else _cramer(tables)


def _somers(tables: Floats) -> Floats:
    positive, total = tables, tables.sum(axis=2, keepdims=True)
    negative = total - positive
    below = np.cumsum(negative, axis=1) - negative
    wins = (positive * (below + negative / 2)).sum(axis=1)
    return 2 * wins / (positive.sum(axis=1) * negative.sum(axis=1)) - 1


def _rank_correlation(tables: Floats) -> Floats:
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    x, y = (np.cumsum(side, axis=1) - side / 2 for side in (rows, columns))
    n = rows.sum(axis=1, keepdims=True)
    x, y = x - (x * rows).sum(axis=1, keepdims=True) / n, y - (y * columns).sum(axis=1, keepdims=True) / n
    together = np.einsum("ril,ri,rl->r", tables, x, y)
    return (together / np.sqrt((x**2 * rows).sum(axis=1) * (y**2 * columns).sum(axis=1)))[:, None]


def _cramer(tables: Floats) -> Floats:
    n = tables.sum(axis=(1, 2))
    rows, columns = tables.sum(axis=2), tables.sum(axis=1)
    expected = rows[:, :, None] * columns[:, None, :] / n[:, None, None]
    phi = np.where(expected > 0, (tables - expected) ** 2 / expected, 0.0).sum(axis=(1, 2)) / n
    r, c = (rows > 0).sum(axis=1), (columns > 0).sum(axis=1)
    phi = np.maximum(0.0, phi - (r - 1) * (c - 1) / (n - 1))
    r, c = r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)
    return np.sqrt(phi / np.minimum(r - 1, c - 1))[:, None]


def number_codes(values: pl.Series) -> Codes:
    """Code numbers by quantile bins of their own, -1 where missing: only their order matters."""
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    finite = np.isfinite(numbers)
    levels = np.unique(numbers[finite])
    if len(levels) > 2 * BINS:
        shares = np.linspace(0, 1, BINS + 1)
        levels = np.unique(np.r_[np.quantile(numbers[finite], shares), np.quantile(levels, shares)])
    places = np.searchsorted(levels, numbers, side="left")
    return np.where(finite, places, -1).astype(np.intp)


def text_codes(values: pl.Series, names: Sequence[str], *, others: bool) -> Codes:
    """Code texts by their place in ``names``; the rest share one code more (``others``) or count as missing (-1)."""
    places = {name: code for code, name in enumerate(names)}
    rest = len(names) if others else -1
    return np.array([-1 if v is None else places.get(v, rest) for v in values.to_list()], dtype=np.intp)


def commonest(values: pl.Series, most: int = _LEVELS - 1) -> list[str]:
    """Return the commonest texts."""
    counts = values.drop_nulls().alias("value").value_counts(name="count")
    return counts.sort(["count", "value"], descending=[True, False])["value"].head(most).to_list()
