"""Decimals cut off."""

import numpy as np

from core.drift.affine import decimals
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows

_OF_CELLS, _HALF, _ROWS, _VALUES = 0.95, 0.5, 30, 5


def _rounded(sides: Sides) -> Told | None:
    share: float | None = None
    if sides.changed is not None:
        places, share = _of_same_rows(sides)
    else:
        places = _of_other_rows(sides)
    if places is None:
        return None
    to = "whole numbers" if places == 0 else f"{places} decimal{'s' * (places != 1)}"
    return Told(sentence=f"Rounded to {to} {in_rows(share)}. Export all digits.", share=share)


def _of_same_rows(sides: Sides) -> tuple[int | None, float | None]:
    if sides.changed is None or len(sides.changed.before) < 2:
        return None, None
    before, after = sides.changed.numbers
    places = decimals(after)
    unit = 10.0**-places
    near = np.abs(after - before) < unit * (1 + 1e-9)  # rounded, or cut off
    return (places, sides.changed.share) if places < decimals(before) and near.mean() >= _OF_CELLS else (None, None)


def _of_other_rows(sides: Sides) -> int | None:
    before, after = sides.numbers
    if min(len(before), len(after)) < _ROWS or after[0] > before[-1] or after[-1] < before[0]:
        return None
    places = decimals(after)
    if places >= decimals(before):
        return None
    written = np.abs(before - np.round(before, places)) <= 1e-9 * np.maximum(1, np.abs(before))
    # half of the reference has more digits, yet hardly any of thirty and more rows has one now; numbers of another size
    # may be written with other digits
    sizes = [float(np.floor(np.log10(max(np.median(np.abs(side)), 1e-300)))) for side in (before, after)]
    same_size = sizes[0] == sizes[1] and len(np.unique(after)) >= _VALUES
    return places if written.mean() <= _HALF and same_size else None


ROUNDED = Cause(
    name="rounded",
    title="Rounded",
    help="The values have fewer decimals than those of the reference, and are its values otherwise.",
    misleads="An instrument that truly gives fewer digits now looks the same.",
    kinds=("number",),
    on_column=_rounded,
)
