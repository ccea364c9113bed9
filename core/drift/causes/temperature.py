"""Fahrenheit, Celsius and Kelvin."""

from core.drift.affine import Affine, by_digits, by_shape, by_values, share_of_rows
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows

_ROWS = 500  # of fewer, a distribution of another kind can have the shape
_SCALES = (
    (Affine(factor=5 / 9, offset=-160 / 9), "Fahrenheit", "Celsius"),
    (Affine(factor=9 / 5, offset=32), "Celsius", "Fahrenheit"),
    (Affine(offset=273.15), "Celsius", "Kelvin"),
    (Affine(offset=-273.15), "Kelvin", "Celsius"),
    (Affine(factor=5 / 9, offset=459.67 * 5 / 9), "Fahrenheit", "Kelvin"),
    (Affine(factor=9 / 5, offset=-459.67), "Kelvin", "Fahrenheit"),
)


def _other_scale(sides: Sides) -> Told | None:
    for change, old, new in _SCALES:
        share = share_of_rows(sides, change)
        other_rows = sides.changed is None and (_of_other_rows(sides, change))
        if share is not None or other_rows:
            return Told(
                sentence=f"Degrees {old} have become degrees {new} {in_rows(share)}. Convert them back.", share=share
            )
    return None


def _of_other_rows(sides: Sides, change: Affine) -> bool:
    exact = by_values(sides, change) or by_digits(sides, change)
    return exact or by_shape(sides, change, rows=_ROWS) is not None


TEMPERATURE = Cause(
    name="temperature",
    title="Another temperature scale",
    help="Every value that differs is the reference's in Fahrenheit, Celsius or Kelvin.",
    misleads="Of other rows, a column that moved by 273.15 for another reason looks the same.",
    kinds=("number",),
    on_column=_other_scale,
)
