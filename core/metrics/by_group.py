"""Rates of groups of rows, and how far the groups are apart: what the metrics of fairness are made of."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Outcomes
from core.statistics.blocks import MIN_BLOCKS, Blocks, Floats, bootstrap_weights, fixed_generator
from core.statistics.estimate import Interval
from core.statistics.intervals import percentile_interval, resampling_level, widest, wilson

LEAST_ROWS = 30
"""A group of fewer rows says nothing of its rate, and is left out."""

_REPEATS = 1000
Rows = NDArray[np.bool_]
_OfRates = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A rate of each group: sums of what is counted over the rows it is counted among, units x groups."""

    counted: Floats
    among: Floats

    def __call__(self, weights: Floats) -> Floats:
        """Return the rates, repeats x groups; NaN where a group was not drawn."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return (weights @ self.counted) / (weights @ self.among)

    @property
    def whole(self) -> Floats:
        """Return the rate of each group, measured on all rows."""
        return self(np.ones((1, len(self.counted))))[0]

    def wilson(self, group: int) -> Interval:
        """Return Wilson's interval of a group's rate, where it is a share."""
        return wilson(float(self.counted[:, group].sum()), float(self.among[:, group].sum()))


def group_rates(
    outcomes: Outcomes, parameters: Mapping[str, Any], counted: NDArray[Any], among: Rows, blocks: Blocks
) -> Rates | None:
    """Return the mean of ``counted`` over the rows ``among``, group by group; ``None`` with fewer than two groups.

    Raises
    ------
    InvalidInput
        No column of groups is named, or the rows lack it.
    """
    names = _groups(outcomes, str(parameters["by"]))
    found, sizes = np.unique(names[among & (names != "")], return_counts=True)
    members = [among & (names == name) for name in found[sizes >= LEAST_ROWS]]
    if len(members) < 2:
        return None
    return Rates(
        counted=np.column_stack([blocks.sums(np.where(rows, counted, 0.0)) for rows in members]),
        among=np.column_stack([blocks.sums(rows) for rows in members]),
    )


def furthest_apart(rates: Sequence[Rates], known: Rows, blocks: Blocks) -> Measurement:
    """Measure the largest rate less the smallest, the largest of several such differences.

    Notes
    -----
    The groups that lie furthest apart were picked for it, so their own interval would say too much. No difference of
    two groups is off by more than the largest deviation of any two, and that is what blocks resample: the band holds
    all differences at once.
    """
    widths = [float(np.ptp(rate.whole)) for rate in rates]
    value = max(widths)
    place = rates[widths.index(value)]
    high, low = int(place.whole.argmax()), int(place.whole.argmin())
    top, bottom = place.wilson(high), place.wilson(low)
    rows_above = math.hypot(top.upper - place.whole[high], place.whole[low] - bottom.lower)
    rows_below = math.hypot(place.whole[high] - top.lower, bottom.upper - place.whole[low])
    row_wise = Interval(lower=max(0.0, value - rows_below), upper=min(1.0, value + rows_above))

    def furthest(weights: Floats) -> Floats:
        return np.stack([np.ptp(rate(weights), axis=-1) for rate in rates]).max(axis=0)

    def deviation(weights: Floats) -> Floats:
        return np.stack([np.ptp(rate(weights) - rate.whole, axis=-1) for rate in rates]).max(axis=0)

    band = _band(value, deviation, known, blocks, most=1.0)
    return Measurement(
        value=value,
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        interval=widest(row_wise, band),
        resample=furthest,
    )


def worst_of(rates: Rates, known: Rows, blocks: Blocks, *, largest: bool) -> Measurement:
    """Measure the rate of the group that is worst off: the smallest rate, or the ``largest`` where less is better."""
    whole = rates.whole
    place = int(whole.argmax() if largest else whole.argmin())

    def worst(weights: Floats) -> Floats:
        found = rates(weights)
        return found.max(axis=-1) if largest else found.min(axis=-1)

    def deviation(weights: Floats) -> Floats:
        return np.abs(rates(weights) - whole).max(axis=-1)

    band = _band(float(whole[place]), deviation, known, blocks, most=math.inf if largest else 1.0)
    return Measurement(
        value=float(whole[place]),
        n=int(known.sum()),
        n_blocks=blocks.count(known),
        interval=band if largest else widest(rates.wilson(place), band),
        resample=worst,
    )


def _band(value: float, deviation: _OfRates, known: Rows, blocks: Blocks, *, most: float) -> Interval | None:
    n_blocks = blocks.count(known)
    if n_blocks < MIN_BLOCKS:
        return None
    off = deviation(bootstrap_weights(blocks.n_units, _REPEATS, fixed_generator()))
    # both signs of each deviation: their central part ends at the quantile that both tails together exceed
    found = percentile_interval(np.concatenate([off, -off]), level=resampling_level(n_blocks))
    return found and Interval(lower=max(0.0, value + found.lower), upper=min(most, value + found.upper))


def _groups(outcomes: Outcomes, column: str) -> NDArray[Any]:
    if outcomes.columns is None:
        raise InvalidInput("This metric needs a column of groups, which the outcomes lack.")
    if not column:
        raise InvalidInput("This metric needs the column whose groups are held against one another. Choose one.")
    if column not in outcomes.columns.columns:
        raise InvalidInput(f"This metric needs the column {column!r}, which the table lacks.")
    texts = [("" if v is None else str(v)) for v in outcomes.columns[column].to_list()]
    return np.array(texts, dtype=object)
