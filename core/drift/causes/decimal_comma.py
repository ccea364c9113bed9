"""A decimal comma read as a mark of thousands: 12,5 became 125."""

import numpy as np

from core.drift.affine import allowed, decimals, distance
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows
from core.statistics.blocks import Floats

_OF_CELLS, _ROWS = 0.95, 30
_LOOKED_AT = 2_000


def _comma(sides: Sides) -> Told | None:
    share: float | None = None
    if sides.changed is not None:
        before, after = sides.changed.numbers
        enough = len(before) >= 2 and len(np.unique(before)) > 1
        fits, share = enough and _is_without_comma(before, after), sides.changed.share
    else:
        before, after = (side[:: max(1, len(side) // _LOOKED_AT)] for side in sides.numbers)
        fits = min(len(before), len(after)) >= _ROWS and _same_without_comma(before, after)
    if not fits or len(np.unique(_places(before))) < 2:  # else it is a factor, and may be a unit
        return None
    sentence = f"The decimal comma is lost {in_rows(share)}: 12,5 has become 125. Read the file with a decimal comma."
    return Told(sentence=sentence, share=share)


def _is_without_comma(before: Floats, after: Floats) -> bool:
    places = _places(before)
    # a whole number may have been written with or without its zero
    wanted = [np.round(before * 10.0**p) for p in (places, np.maximum(places, 1))]
    near = [np.abs(after - one) <= 1e-6 * np.abs(after) for one in wanted]
    return bool((near[0] | near[1]).mean() >= _OF_CELLS)


def _same_without_comma(before: Floats, after: Floats) -> bool:
    if decimals(after) or not decimals(before) or np.median(np.abs(after)) <= 2 * np.median(np.abs(before)):
        return False
    places = _places(before)
    wanted = [np.sort(np.round(before * 10.0**p)) for p in (places, np.maximum(places, 1))]
    return any(distance(one, after) <= allowed(len(before), len(after)) for one in wanted)


def _places(values: Floats) -> Floats:
    """Return the number of decimals that each value is written with."""
    written = (np.format_float_positional(value, trim="-").partition(".")[2] for value in values)
    return np.array([float(len(digits)) for digits in written])


DECIMAL_COMMA = Cause(
    name="decimal_comma",
    title="The decimal comma is lost",
    help="Each value that differs is the reference's with its decimal comma left out.",
    misleads="Where all values have the same number of decimals, it is a factor of ten, and is called another unit.",
    kinds=("number",),
    on_column=_comma,
)
