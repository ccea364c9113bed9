"""A unit that changes from some row on."""

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.drift.causes.unit import looking_like, other_unit
from core.drift.sides import Sides
from core.statistics.blocks import Floats

_ROWS, _LEVELS = 30, 10  # that each side needs
_BESIDE = 100  # rows on each side of the place in which the step must show
_NEAR, _NEAR_TENS = math.log(1.5), math.log(2.5)
_LEAST = math.log(2)
_TENS = (2, 3, 6)
_SPREAD = 4.0


def _changed(column: Column) -> Found | None:
    values = column.series.cast(pl.Float64)
    kept = (values.is_finite() & (values != 0)).fill_null(value=False)
    numbers, rows = values.filter(kept).to_numpy(), kept.arg_true().to_numpy()
    if len(numbers) < 2 * _ROWS or column.distinct < 2 * _LEVELS:
        return None
    logs = np.log(np.abs(numbers))
    place = _step(logs)
    sides = numbers[:place], numbers[place:]
    if min(len(np.unique(side)) for side in sides) < _LEVELS:
        return None
    beside = logs[max(place - _BESIDE, 0) : place], logs[place : place + _BESIDE]
    step = _median(beside[1]) - _median(beside[0])
    if abs(step) < _LEAST - _NEAR:
        return None
    told = _named(column.name, *sides) or _by_tens(logs[:place], logs[place:])
    if told is None or abs(math.log(told[0])) < _LEAST or abs(math.log(told[0]) - step) > _allowed(told[0]):
        return None
    factor, words = told
    lower, upper = beside if step > 0 else beside[::-1]
    about = "" if lower.max() < upper.min() else "about "  # else the place is where the two fit best
    first, last = int(rows[place]), int(rows[-1])
    times = f"{factor:,.6g} times those before" if factor > 1 else f"those before divided by {1 / factor:,.6g}"
    return Found(
        count=len(sides[1]),
        rows=kept & (pl.int_range(len(values), eager=True) >= first),
        message=f"`{column.name}`: from {about}row {first + 1:,} to row {last + 1:,} the values are {times}, {words}.",
    )


def _step(logs: Floats) -> int:
    """Return the place at which two means fit best (least squares), with enough values on both sides."""
    total, count = np.cumsum(logs), np.arange(1, len(logs) + 1)
    gain = np.square(total - count / len(logs) * total[-1])[:-1] / (count * (len(logs) - count))[:-1]
    return int(np.argmax(gain[_ROWS - 1 : len(logs) - _ROWS])) + _ROWS


def _allowed(factor: float) -> float:
    """Return how far the step at the place may lie from a factor: what few rows hold differs, tens lie far apart."""
    return _NEAR if abs(math.log(factor)) < math.log(50) else _NEAR_TENS


def _named(name: str, before: Floats, after: Floats) -> tuple[float, str] | None:
    found = other_unit(Sides(name=name, reference=pl.Series(before), current=pl.Series(after)))
    return found and (found[0], looking_like(found[1]))


def _by_tens(before: NDArray[np.float64], after: NDArray[np.float64]) -> tuple[float, str] | None:
    """Return a power of ten by which two sides (as logarithms) lie apart that are alike and have nothing in common."""
    apart = _median(after) - _median(before)
    power = min((sign * ten for ten in _TENS for sign in (1, -1)), key=lambda p: abs(p * math.log(10) - apart))
    lower, upper = (before, after) if apart > 0 else (after, before)
    spreads = [float(np.subtract(*np.quantile(side, [0.75, 0.25]))) for side in (before, after)]
    alike = min(spreads) > 0 and max(spreads) / min(spreads) < _SPREAD
    if not alike or np.quantile(lower, 0.99) >= np.quantile(upper, 0.01):
        return None
    return 10.0**power, "as by a unit with another prefix"


def _median(values: NDArray[np.float64]) -> float:
    return float(np.median(values))


CHECK = Check(
    name="unit_change",
    title="The unit stays the same from the first row to the last",
    severity=Severity.WARNING,
    help="From some row on every value is larger or smaller by the number between two units, such as 1,000.",
    misleads="Where the rows go on with other things, a true step by just that factor looks the same.",
    default="Any known factor of 2 or more that shows in the 100 rows on both sides of the place as well.",
    source="Own: least squares for the place, then the same tests of a factor as between two tables.",
    fix="Multiply the rows of one side, or keep the unit in a column of its own.",
    kinds=("number",),
    on_column=_changed,
)
