"""Seconds taken for milliseconds, or the other way round."""

import numpy as np

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.statistics.blocks import Floats

_ROWS, _OF_ROWS = 10, 0.95
_FIRST, _LAST = 2.6e8, 5e9  # 1978 to 2128, as seconds
_FACTORS = {1e3: "milliseconds", 1e6: "microseconds", 1e9: "nanoseconds"}


def _other_clock(sides: Sides) -> Told | None:
    before, after = sides.numbers
    if min(len(before), len(after)) < _ROWS:
        return None
    for factor, name in _FACTORS.items():
        if _in_time(before) and _in_time(after / factor):
            return Told(sentence=f"Times in seconds are in {name} now. Divide by {factor:,.0f}.")
        if _in_time(before / factor) and _in_time(after):
            return Told(sentence=f"Times in {name} are in seconds now. Multiply by {factor:,.0f}.")
        if sides.kind == "time" and _in_time(before) and _in_time(after * factor):
            return Told(sentence=f"Times lie in 1970: seconds were read as {name}. Read the numbers as seconds.")
    return None


def _in_time(seconds: Floats) -> bool:
    return bool(((seconds > _FIRST) & (seconds < _LAST)).mean() >= _OF_ROWS) and len(np.unique(seconds)) > 2


MILLISECONDS = Cause(
    name="milliseconds",
    title="Seconds and milliseconds",
    help="Times as numbers have grown or shrunk a thousandfold (or a million, a billion), between 1978 and 2128.",
    misleads="Large numbers that are no times can lie in the same range.",
    kinds=("number", "time"),
    on_column=_other_clock,
)
