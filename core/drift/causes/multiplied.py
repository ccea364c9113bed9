"""Multiplied by a number that lies between no two known units."""

import math

import numpy as np

from core.drift.affine import Affine, scale_of, share_of_rows
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, number

_CELLS, _VALUES = 5, 3
_CLOSE = 0.001


def _multiplied(sides: Sides) -> Told | None:
    scale = scale_of(sides)
    if sides.changed is None or scale is None or not math.isfinite(scale) or not scale or abs(scale - 1) < _CLOSE:
        return None
    before, _ = sides.changed.numbers
    share = share_of_rows(sides, Affine(factor=scale))
    if share is None or len(before) < _CELLS or len(np.unique(before)) < _VALUES:
        return None
    sentence = f"Multiplied by {number(scale)} {in_rows(share)}, which is no unit that is known. Divide it again."
    return Told(sentence=sentence, share=share)


MULTIPLIED = Cause(
    name="multiplied",
    title="Multiplied by a constant",
    help="Every value that differs is the reference's, multiplied by one number.",
    misleads="A price that was truly raised by so many per cent looks the same; it is named on the same rows only.",
    kinds=("number",),
    on_column=_multiplied,
)
