"""Two columns whose values have changed places."""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
import polars as pl

from core.drift.affine import allowed, distance
from core.drift.cause import Cause, Told
from core.drift.sides import Sides, Tables
from core.drift.words import in_rows

_OF_CELLS, _CELLS = 0.95, 2
_MOST = 60
_ROWS, _VALUES, _APART, _LEVELS_CLOSE = 30, 20, 0.5, 0.1


def _swapped(tables: Tables) -> Iterable[Told]:
    test = _of_same_rows if tables.same is not None else _of_other_rows
    moved = [name for name in tables.shared if _moved(tables.sides(name))]
    taken: set[str] = set()
    for first, second in combinations(moved[:_MOST], 2):
        if taken & {first, second}:
            continue
        share = test(tables, first, second)
        if share is not None:
            taken |= {first, second}
            for name, other in ((first, second), (second, first)):
                sentence = f"Its values and those of {other!r} have changed places {in_rows(share)}. Swap them back."
                yield Told(sentence=sentence, share=share, column=name)


def _moved(sides: Sides) -> bool:
    if sides.changed is not None:
        return len(sides.changed.before) >= _CELLS
    if sides.kind == "number":
        before, after = sides.numbers
        enough = min(len(before), len(after)) >= _ROWS and min(len(np.unique(s)) for s in (before, after)) >= _VALUES
        return enough and distance(before, after) >= _APART
    return sides.kind == "text" and _levels_apart(sides) >= _APART


def _of_same_rows(tables: Tables, first: str, second: str) -> float | None:
    one, other = tables.sides(first).paired, tables.sides(second).paired
    if one is None or other is None or not (_same_type(one[0], other[1]) and _same_type(other[0], one[1])):
        return None
    differ = one[0].ne_missing(one[1]) | other[0].ne_missing(other[1])
    crossed = one[1].eq_missing(other[0]) & other[1].eq_missing(one[0])
    of = crossed.filter(differ)
    fits = len(of) >= _CELLS and float(of.mean() or 0.0) >= _OF_CELLS  # pyright: ignore[reportArgumentType]
    return float(differ.mean() or 0.0) if fits else None  # pyright: ignore[reportArgumentType]


def _of_other_rows(tables: Tables, first: str, second: str) -> float | None:
    crossed = [_crossed(tables, a, b) for a, b in ((first, second), (second, first))]
    for sides in crossed:
        if sides.kind == "number":
            before, after = sides.numbers
            fits = min(len(before), len(after)) >= _ROWS and distance(before, after) <= allowed(len(before), len(after))
        else:
            fits = sides.kind == "text" and _levels_apart(sides) <= _LEVELS_CLOSE
        if not fits:
            return None
    return 1.0


def _crossed(tables: Tables, first: str, second: str) -> Sides:
    return Sides(name=first, reference=tables.reference[first], current=tables.current[second])


def _same_type(first: pl.Series, second: pl.Series) -> bool:
    return first.dtype == second.dtype or (first.dtype.is_numeric() and second.dtype.is_numeric())


def _levels_apart(sides: Sides) -> float:
    """Return half the sum of the differences of shares; nothing for columns of too many levels."""
    before, after = sides.levels
    if not before or not after:
        return 0.0 if before == after else 0.2
    n, m = sum(before.values()), sum(after.values())
    return 0.5 * sum(abs(before.get(level, 0) / n - after.get(level, 0) / m) for level in {*before, *after})


SWAPPED_COLUMNS = Cause(
    name="swapped_columns",
    title="Two columns swapped",
    help="The values of one column stand in another, and the other's in it.",
    misleads="Of other rows, two columns of the same distribution cannot be told apart.",
    on_tables=_swapped,
)
