"""A decimal comma read as a mark of thousands: 12,5 became 125."""

import numpy as np

from core.drift.affine import allowed, decimals, distance
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows
from core.statistics.blocks import Floats

_OF_CELLS, _ROWS, _PLACES = 0.95, 30, 6


def _comma(sides: Sides) -> Told | None:
    share: float | None = None
    if sides.changed is not None:
        before, after = sides.changed.numbers
        enough = len(before) >= 2 and len(np.unique(before)) > 1
        near = np.abs(after - _without_comma(before)) <= 1e-6 * np.abs(after)
        fits, share = enough and bool(near.mean() >= _OF_CELLS), sides.changed.share
    else:
        before, after = sides.numbers
        fits = min(len(before), len(after)) >= _ROWS and _same_without_comma(before, after)
    if not fits or len(np.unique(_places(before))) < 2:  # else it is a factor, and may be a unit
        return None
    sentence = f"The decimal comma is lost {in_rows(share)}: 12,5 has become 125. Read the file with a decimal comma."
    return Told(sentence=sentence, share=share)


def _same_without_comma(before: Floats, after: Floats) -> bool:
    if decimals(after) or not decimals(before) or np.median(np.abs(after)) <= 2 * np.median(np.abs(before)):
        return False
    return distance(np.sort(_without_comma(before)), after) <= allowed(len(before), len(after))


def _without_comma(values: Floats) -> Floats:
    return np.round(values * 10.0 ** _places(values))


def _places(values: Floats) -> Floats:
    """Return the number of decimals of each value."""
    found = np.full(len(values), float(_PLACES))
    for places in range(_PLACES - 1, -1, -1):
        written = np.abs(values - np.round(values, places)) <= 1e-9 * np.maximum(1, np.abs(values))
        found[written] = places
    return found


DECIMAL_COMMA = Cause(
    name="decimal_comma",
    title="The decimal comma is lost",
    help="Each value that differs is the reference's with its decimal comma left out.",
    misleads="Where all values have the same number of decimals, it is a factor of ten, and is called another unit.",
    kinds=("number",),
    on_column=_comma,
)
