"""Another unit: pounds for kilograms, knots for miles per hour, grams for kilograms."""

import math

from core.drift.affine import Affine, by_digits, by_shape, by_values, scale_of, share_of_rows
from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, number

_UNITS = (
    (0.45359237, "pounds", "kilograms"),
    (1.150779448, "knots", "miles per hour"),
    (1.852, "knots", "kilometres per hour"),
    (0.514444, "knots", "metres per second"),
    (1.609344, "miles", "kilometres"),
    (0.44704, "miles per hour", "metres per second"),
    (3.6, "metres per second", "kilometres per hour"),
    (0.3048, "feet", "metres"),
    (30.48, "feet", "centimetres"),
    (2.54, "inches", "centimetres"),
    (25.4, "inches", "millimetres"),
    (0.09290304, "square feet", "square metres"),
    (0.40468564224, "acres", "hectares"),
    (28.349523, "ounces", "grams"),
    (3.785411784, "gallons", "litres"),
    (33.863886, "inches of mercury", "hectopascals"),
    (6.894757293, "pounds per square inch", "kilopascals"),
    (4.184, "kilocalories", "kilojoules"),
    (18.0182, "mmol/l of glucose", "mg/dl"),
    (57.29577951, "radians", "degrees"),
    (60.0, "minutes", "seconds (or hours and minutes)"),
    (3_600.0, "hours", "seconds"),
    (24.0, "days", "hours"),
    (86_400.0, "days", "seconds"),
    (1_024.0, "a unit of storage", "the next smaller one"),
)
_TENS = {1: "centimetres and millimetres", 2: "shares and per cent, or metres and centimetres"} | {
    3: "kilograms and grams, or seconds and milliseconds",
    6: "millions and single ones",
}
_CLOSE = 0.001
_NEAR = math.log(1.5)
_FAR = math.log(3)  # a smaller factor can be drift where no digit gives it away
_SAME = 0.02
_LEAP, _ROWS = 99.0, 1_000  # a smaller leap is one that drift makes too, and of few rows any factor would do


def other_unit(sides: Sides) -> tuple[float, str, float | None] | None:
    """Return the factor between two known units that explains what differs, its words and the share of the rows."""
    scale = scale_of(sides)
    if scale is None or not math.isfinite(scale) or scale <= 0 or abs(scale - 1) < _CLOSE:
        return None
    if sides.changed is not None:
        return _of_same_rows(sides, scale)
    near = [known for known in _known() if abs(math.log(known[0] / scale)) < _NEAR]
    for factor, words in near:
        for written in (factor, float(f"{factor:.5g}"), float(f"{factor:.4g}")):
            change = Affine(factor=written)
            if by_values(sides, change) or by_digits(sides, change):
                return factor, words, None
    far = [known for known in near if abs(math.log(known[0])) >= _FAR]
    shapes = [(left, known) for known in far if (left := _by_shape(sides, known[0])) is not None]
    best = min(shapes, default=None)
    # a factor that is not the one by the middles as well is drift on top of something, and not named
    return (*best[1], None) if best and abs(math.log(best[1][0] / scale)) < _allowed(sides) else None


def _by_shape(sides: Sides, factor: float) -> float | None:
    change = Affine(factor=factor)
    return by_shape(sides, change) if max(factor, 1 / factor) >= _LEAP else by_shape(sides, change, rows=_ROWS)


def _of_same_rows(sides: Sides, scale: float) -> tuple[float, str, float | None] | None:
    known = next((k for k in _known() if abs(k[0] / scale - 1) < _CLOSE), None)
    share = share_of_rows(sides, Affine(factor=known[0])) if known else None
    return (*known, share) if known and share is not None else None


def _allowed(sides: Sides) -> float:
    return _SAME + 2 / math.sqrt(min(map(len, sides.numbers)))


def _known() -> list[tuple[float, str]]:
    named = [(factor, f"{old} have become {new}") for factor, old, new in _UNITS]
    named += [(1 / factor, f"{new} have become {old}") for factor, old, new in _UNITS]
    tens = [(10.0**power, _ten(abs(power))) for power in range(-9, 10) if power]
    return [*tens, *named]


def _ten(power: int) -> str:
    units = f"as between {_TENS[power]}" if power in _TENS else f"as by a unit that is 10^{power} times another"
    return f"{units}, or as by a decimal comma that was lost"


def looking_like(words: str) -> str:
    """Return how a sentence says what a factor looks like."""
    return f"as where {words}" if "have become" in words else words


def _other_unit(sides: Sides) -> Told | None:
    found = other_unit(sides)
    return found and _told(found[0], found[1], share=found[2])


def _told(factor: float, words: str, *, share: float | None) -> Told:
    looks = f", {looking_like(words)}"
    by = f"Multiplied by {number(factor)}" if factor >= 1 else f"Divided by {number(1 / factor)}"
    back = "Divide" if factor >= 1 else "Multiply"
    sentence = f"{by} {in_rows(share)}{looks}. {back} it again, or correct the unit where it is written."
    return Told(sentence=sentence, share=share)


UNIT = Cause(
    name="unit",
    title="Another unit",
    help="Every value that differs is the reference's, multiplied by the number between two known units, or by a power "
    "of ten.",
    misleads="Where the rows are other ones, a rise by exactly such a factor looks the same; factors below 3 are then "
    "named by their digits only.",
    kinds=("number",),
    on_column=_other_unit,
)
