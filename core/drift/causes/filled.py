"""One value written over others: zero, a code such as -999, or the end of a scale."""

import numpy as np

from core.drift.affine import allowed, decimals, distance
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, number
from core.statistics.blocks import Floats

_OF_CELLS = 0.95
_LEAST, _SHARE, _TIMES, _VALUES = 10, 0.005, 10, 20
_CODES = frozenset(
    {-1.0, *(sign * float("9" * digits) for digits in range(2, 11) for sign in (1, -1)), -88.0, -888.0, -8888.0}
    | {32_767.0, -32_768.0, 65_535.0, 2_147_483_647.0, -2_147_483_648.0, 4_294_967_295.0}
)


def _filled(sides: Sides) -> Told | None:
    found = _of_same_rows(sides) if sides.same is not None else _of_other_rows(sides)
    if found is None:
        return None
    value, share = found
    if sides.same is None and sides.numbers[1][0] == sides.numbers[1][-1]:
        sentence = (
            f"All values are {number(value)} now, as from a sensor that stopped or a default. "
            "Check its source, unless one place or time was asked for."
        )
        return Told(sentence=sentence, share=share)
    if value == 0:
        what = "Zero stands where other values stood"
    elif value in _CODES:
        what = f"The code {number(value)} stands where values stood"
    else:
        what = f"One value, {number(value)}, stands where others stood, as from a sensor at its end or a default"
    return Told(sentence=f"{what}, {in_rows(share)}. Leave such cells empty.", share=share)


def _of_same_rows(sides: Sides) -> tuple[float, float] | None:
    if sides.paired is None or sides.changed is None:
        return None
    before, after = sides.paired
    come = before.is_null() & after.is_not_null()
    filled = after.filter(come).cast(float).to_numpy()
    overwritten = sides.changed.numbers[1]
    cells = np.concatenate([filled, overwritten])
    if len(cells) < 2:
        return None
    value = float(np.median(cells))
    distinct = len(np.unique(sides.changed.numbers[0])) > 1 or len(filled)
    if (cells == value).mean() < _OF_CELLS or not distinct:
        return None
    return value, len(cells) / len(after)


def _of_other_rows(sides: Sides) -> tuple[float, float] | None:
    before, after = sides.numbers
    if min(len(before), len(after)) < _LEAST or len(np.unique(before)) < _VALUES:
        return None
    if after[0] == after[-1]:
        return _everywhere(before, float(after[0]), len(after) / len(sides.current))
    for value in (0.0, float(after[0]), float(after[-1])):
        now, was = (float((side == value).mean()) for side in (after, before))
        inside = value == 0.0 or value in _CODES
        if (
            inside
            and now >= _SHARE
            and now * len(after) >= _LEAST
            and now >= _TIMES * was
            and len(after) * (1 - now) >= _LEAST
        ):
            rest = after[after != value]
            still = distance(before[before != value], rest) <= allowed(len(before), len(rest))
            return (value, now) if still and _was_rare(before, value, now) else None
    return None


def _everywhere(before: Floats, value: float, share: float) -> tuple[float, float] | None:
    """Return the one value left: a whole number of the reference can be the hour or place that was asked for."""
    was = float((before == value).mean())
    strange = was == 0 and (value == 0 or value in _CODES)
    return (value, share) if strange or (decimals(before) and was < 1 / _TIMES) else None


def _was_rare(before: Floats, value: float, now: float) -> bool:
    """Tell whether the value is not simply where the other values are: drift brings neighbours with it."""
    span = float(np.quantile(before, 0.75) - np.quantile(before, 0.25))
    near = np.abs(before - value) <= max(0.05 * span, 1.5 * 10.0 ** -decimals(before))
    return bool(near.mean() < now / _TIMES)


FILLED = Cause(
    name="filled",
    title="One value written over others",
    help="Many rows, or all, hold one value now (zero, a code for missing, the end of a scale, the last of a sensor) "
    "that the reference hardly has.",
    misleads="A thing that truly stopped measures zero as well; rows of one place alone hold its one altitude.",
    kinds=("number",),
    on_column=_filled,
)
