"""The same number added everywhere."""

import numpy as np

from core.drift.affine import Affine, by_shape, by_values, share_of_rows
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, number

_CELLS = 5
_FAR = 3.0  # times the width of the reference: a smaller step can be drift


def _added(sides: Sides) -> Told | None:
    step, share = _of_same_rows(sides) if sides.changed is not None else (_of_other_rows(sides), None)
    if step is None:
        return None
    word, back = ("added", "Subtract") if step > 0 else ("subtracted", "Add")
    sentence = f"The number {number(abs(step))} is {word} {in_rows(share)}. {back} it again."
    return Told(sentence=sentence, share=share)


def _of_same_rows(sides: Sides) -> tuple[float | None, float | None]:
    before, after = sides.changed.numbers if sides.changed else (np.zeros(0), np.zeros(0))
    if len(before) < _CELLS or len(np.unique(before)) < 3:
        return None, None
    step = float(np.median(after - before))
    step = float(f"{step:.9g}")
    share = share_of_rows(sides, Affine(offset=step))
    return (step, share) if share is not None else (None, None)


def _of_other_rows(sides: Sides) -> float | None:
    before, after = sides.numbers
    if min(len(before), len(after)) < _CELLS:
        return None
    low, high = np.quantile(before, [0.01, 0.99])
    step = float(np.median(after) - np.median(before))
    if not high > low or abs(step) < _FAR * (high - low):
        return None
    round_step = float(f"{step:.2g}")
    for candidate in (round_step, step):
        change = Affine(offset=candidate)
        if by_shape(sides, change) is not None or by_values(sides, change):
            return candidate
    return None


CONSTANT_ADDED = Cause(
    name="constant_added",
    title="A constant added",
    help="Every value that differs is the reference's plus one number.",
    misleads="Of other rows, a shift can be drift: it is named only where it is three times as wide as the column.",
    kinds=("number",),
    on_column=_added,
)
