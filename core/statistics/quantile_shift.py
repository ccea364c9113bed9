"""How far each quantile moved between two samples: the shift function, with a band.

A location shift moves all quantiles alike, a wider spread moves the ends apart: what one number cannot say.
"""

from dataclasses import dataclass

import numpy as np

from core.statistics.blocks import Codes, Floats
from core.statistics.intervals import Z_95


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileShift:
    """Quantiles at ``probabilities`` (0-1) of both samples, and the 95 % interval of each difference."""

    probabilities: tuple[float, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def quantile_shift(
    first: Floats, second: Floats, blocks: tuple[Codes | None, Codes | None], probabilities: Floats
) -> QuantileShift:
    """Return how far the quantiles of ``second`` lie from those of ``first``.

    Parameters
    ----------
    first, second
        Finite numbers, at least one each, in any order.
    blocks
        The block of every number as a code; ``None`` where rows are independent.
    probabilities
        Between 0 and 1, both left out.

    Notes
    -----
    The interval of one quantile is that of the share below it, carried over to the axis of values (Woodruff 1952); the
    share varies by blocks with Student's t, and never less than independent rows would let it. The interval of the
    difference is put together out of both (MOVER: Zou and Donner 2008), so it need not be symmetric.
    """
    one, other = (
        _quantiles(values, codes, probabilities) for values, codes in zip((first, second), blocks, strict=True)
    )
    moved = other[1] - one[1]
    lower = moved - np.hypot(other[1] - other[0], one[2] - one[1])
    upper = moved + np.hypot(other[2] - other[1], one[1] - one[0])
    return QuantileShift(
        probabilities=_plain(probabilities),
        first=_plain(one[1]),
        second=_plain(other[1]),
        lower=_plain(lower),
        upper=_plain(upper),
    )


def _quantiles(values: Floats, blocks: Codes | None, probabilities: Floats) -> tuple[Floats, Floats, Floats]:
    """Return lower end, quantile and upper end at every probability."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    found = _at(ordered, probabilities)
    half = _half_widths(values, blocks, found)
    return _at(ordered, probabilities - half), found, _at(ordered, probabilities + half)


def _at(ordered: Floats, probabilities: Floats) -> Floats:
    places = np.ceil(np.clip(probabilities, 0, 1) * ordered.size).astype(np.intp) - 1
    return ordered[np.clip(places, 0, ordered.size - 1)]


def _half_widths(values: Floats, blocks: Codes | None, at: Floats) -> Floats:
    """Return half of the 95 % interval of the share of values up to each of ``at``."""
    shares = np.searchsorted(np.sort(values), at, side="right") / values.size
    kept = (values.size * shares + 1) / (values.size + 2)  # a share of 0 or 1 of few rows is not known exactly
    of_rows = Z_95 * np.sqrt(kept * (1 - kept) / values.size)
    count = 0 if blocks is None else int(np.unique(blocks).size)
    if blocks is None or count < 2:
        return of_rows
    from scipy.stats import t

    sizes = np.bincount(blocks)
    below = np.stack([np.bincount(blocks, weights=values <= edge, minlength=sizes.size) for edge in at])
    residuals = (below - shares[:, None] * sizes) / values.size
    variance = (residuals**2).sum(axis=1) * count / (count - 1)
    return np.maximum(of_rows, float(t.ppf(0.975, count - 1)) * np.sqrt(variance))


def _plain(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
