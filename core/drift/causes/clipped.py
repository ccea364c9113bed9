"""Values cut off at a limit, as by a sensor at its end or a cap in a query."""

import numpy as np

from core.drift.affine import allowed, distance
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, number
from core.statistics.blocks import Floats

_OF_CELLS = 0.95
_LEAST, _SHARE = 10, 0.005
_TIMES = 5


def _clipped(sides: Sides) -> Told | None:
    if sides.changed is not None:
        return _of_same_rows(sides)
    before, after = sides.numbers
    if min(len(before), len(after)) < 2 * _LEAST:
        return None
    for limit, above in ((after[-1], True), (after[0], False)):
        if _cut_at(before, after, float(limit), above=above):
            return _told(float(limit), None, above=above)
    return None


def _of_same_rows(sides: Sides) -> Told | None:
    if sides.changed is None or len(sides.changed.before) < 2:
        return None
    before, after = sides.changed.numbers
    limit = float(np.median(after))
    if (after == limit).mean() < _OF_CELLS or len(np.unique(before)) < 2:
        return None
    rest = sides.numbers[1]
    for above in (True, False):
        beyond = (before > limit) if above else (before < limit)
        end = rest[-1] if above else rest[0]
        if beyond.mean() >= _OF_CELLS and end == limit:
            return _told(limit, sides.changed.share, above=above)
    return None


def _cut_at(before: Floats, after: Floats, limit: float, *, above: bool) -> bool:
    spike, was = (float((side == limit).mean()) for side in (after, before))
    beyond = float(((before > limit) if above else (before < limit)).mean())
    if spike < _SHARE or spike * len(after) < _LEAST or spike < _TIMES * was or beyond < spike / 3:
        return False
    cut = np.minimum(before, limit) if above else np.maximum(before, limit)
    return distance(cut, after) <= allowed(len(before), len(after)) and len(np.unique(after)) > 2


def _told(limit: float, share: float | None, *, above: bool) -> Told:
    side = "larger" if above else "smaller"
    where = "" if share is None else f" {in_rows(share)}"
    sentence = f"Cut off at {number(limit)}{where}: no value is {side} any more. Ask for the uncut values."
    return Told(sentence=sentence, share=share)


CLIPPED = Cause(
    name="clipped",
    title="Cut off at a limit",
    help="Values beyond a limit stand at the limit now, which is the column's largest or smallest.",
    misleads="A rule that truly changed (a new maximum speed) looks the same.",
    kinds=("number",),
    on_column=_clipped,
)
