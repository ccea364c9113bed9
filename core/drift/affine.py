"""Numbers that were multiplied, or moved by a constant: is that what lies between reference and current?

Three kinds of evidence, strongest first. The same rows: every cell that differs is the reference's, multiplied. Other
rows: turned back, the values are ones of the reference, or have as few decimals, and with a slightly wrong factor not;
drift does not do that. Other rows of any values: turned back, the distributions agree, and before they did not.
"""

from dataclasses import dataclass

import numpy as np

from core.drift.sides import Sides
from core.statistics.blocks import Floats

_OF_CELLS = 0.95
_COVERED, _UNCOVERED = 0.95, 0.5
_VALUES, _ROWS = 5, 20
_SHAPE_ROWS, _SHAPE_VALUES = 50, 10
_APART, _BETTER, _CLOSE = 0.3, 4.0, 0.05
_CRITICAL = 1.358  # Kolmogorov-Smirnov at 5 %
_DECIMALS = 6
_GRID, _FIFTIETH, _BY_CHANCE = 4, 0.02, 0.2  # a twenty-fifth of all numbers lie that near by chance
_LOOKED_AT = 20_000
_FACTOR = 1e-5  # to how many digits whoever converted knew the factor
_OFF = 1.0173


@dataclass(frozen=True, slots=True, kw_only=True)
class Affine:
    """``current = offset + factor * reference``."""

    factor: float = 1.0
    offset: float = 0.0

    def of(self, values: Floats) -> Floats:
        """Return what becomes of the reference's values."""
        return self.offset + self.factor * values

    def undone(self, values: Floats) -> Floats:
        """Return what the current values were."""
        return (values - self.offset) / self.factor

    def nearly(self) -> "Affine":
        """Return one that is slightly wrong, to be compared with."""
        return Affine(factor=self.factor * _OFF, offset=self.offset * _OFF)


def share_of_rows(sides: Sides, change: Affine) -> float | None:
    """Return the share of the same rows that ``change`` explains, if it explains all that differ."""
    changed = sides.changed
    if changed is None or len(changed.before) < 2:
        return None
    before, after = changed.numbers
    return changed.share if len(np.unique(before)) > 1 and explains(before, after, change) else None


def explains(before: Floats, after: Floats, change: Affine) -> bool:
    """Tell whether nearly all cells became what ``change`` makes of them, to the digits that they are written with."""
    wanted, moved = change.of(before), np.median(np.abs(after - before))
    about = 2e-4 * np.abs(wanted) * (abs(change.factor) != 1)
    # the rounding of the reference's digits is multiplied too; or the current ones are rounded once more
    for written in (0.51 * abs(change.factor) * 10.0 ** -decimals(before), 0.51 * 10.0 ** -decimals(after)):
        if moved > 5 * written and (np.abs(after - wanted) <= written + about).mean() >= _OF_CELLS:
            return True
    return False


def by_values(sides: Sides, change: Affine) -> bool:
    """Tell whether the current values, turned back, are values of the reference, and only then."""
    before, after = sides.numbers
    if min(len(before), len(after)) < _ROWS:
        return False
    known, places = np.unique(before), decimals(before)
    looked = after[:: max(1, len(after) // _LOOKED_AT)]
    if places > _DECIMALS or _covered(known, change.undone(looked), places) < _COVERED:
        return False
    if len(np.unique(looked)) < _VALUES or distance(before, change.undone(after)) >= distance(before, after):
        return False
    wrong = (looked, change.nearly().undone(looked))
    return all(_covered(known, values, places) <= _UNCOVERED for values in wrong)


def by_digits(sides: Sides, change: Affine) -> bool:
    """Tell whether the current values, turned back, have the few decimals of the reference, and only then."""
    before, after = sides.numbers
    places = decimals(before)
    if min(len(before), len(after)) < _ROWS or places > _GRID or len(np.unique(after)) < _SHAPE_VALUES:
        return False
    looked = after[:: max(1, len(after) // _LOOKED_AT)]
    wrong = (looked, change.nearly().undone(looked))
    return _on_grid(change.undone(looked), places) >= _COVERED and all(
        _on_grid(values, places) <= _BY_CHANCE for values in wrong
    )


def by_shape(sides: Sides, change: Affine, *, rows: int = _SHAPE_ROWS) -> float | None:
    """Return how far the distributions lie apart when turned back, if that is nothing and was a lot before.

    ``rows`` are those that both need: a shape that drift can take needs more of them.
    """
    before, after = sides.numbers
    smaller = min(len(before), len(after))
    if smaller < rows or min(len(np.unique(before)), len(np.unique(after))) < _SHAPE_VALUES:
        return None
    left, was = distance(before, np.sort(change.undone(after))), distance(before, after)
    return left if left <= allowed(len(before), len(after)) and was >= max(_APART, _BETTER * left) else None


def allowed(before: int, after: int) -> float:
    """Return the distance that chance brings, and at least one that does not matter."""
    return max(_CLOSE, _CRITICAL * float(np.sqrt((before + after) / (before * after))))


def distance(before: Floats, after: Floats) -> float:
    """Return the largest gap between two cumulative shares (Kolmogorov-Smirnov), over at most 20,000 of each."""
    first, second = (np.sort(side[:: max(1, len(side) // _LOOKED_AT)]) for side in (before, after))
    if not len(first) or not len(second):
        return 0.0
    everywhere = np.concatenate([first, second])
    ranks = [np.searchsorted(side, everywhere, side="right") / len(side) for side in (first, second)]
    return float(np.abs(ranks[0] - ranks[1]).max())


def decimals(values: Floats) -> int:
    """Return how many decimals nearly all values are written with; one more than six where they have no end."""
    looked = values[:: max(1, len(values) // 2_000)]
    if not len(looked):
        return 0
    for places in range(_DECIMALS + 1):
        if (np.abs(looked - np.round(looked, places)) <= 1e-9 * np.maximum(1, np.abs(looked))).mean() >= _OF_CELLS:
            return places
    return _DECIMALS + 1


def _on_grid(values: Floats, places: int) -> float:
    """Return the share of values that have so few decimals, but for a fiftieth of the last one."""
    steps = values * 10.0**places
    return float((np.abs(steps - np.round(steps)) <= _FIFTIETH).mean())


def _covered(known: Floats, values: Floats, places: int) -> float:
    """Return the share of values that are among the known ones, to the digits that these are written with."""
    right = np.clip(np.searchsorted(known, values), 1, len(known) - 1) if len(known) > 1 else np.zeros(len(values), int)
    gap = np.minimum(np.abs(known[right] - values), np.abs(known[right - 1] - values))
    return float((gap <= 0.6 * 10.0**-places + _FACTOR * np.abs(values)).mean())


def scale_of(sides: Sides) -> float | None:
    """Return by which number the reference was multiplied, estimated from the cells or from the middles of both."""
    if sides.changed is not None:
        before, after = sides.changed.numbers
        kept = before != 0
        return float(np.median(after[kept] / before[kept])) if kept.any() else None
    before, after = sides.numbers
    shares = np.linspace(0.05, 0.95, 19)
    first, second = (np.quantile(side, shares) if len(side) else np.zeros(19) for side in (before, after))
    kept = first != 0
    return float(np.median(second[kept] / first[kept])) if kept.any() else None
