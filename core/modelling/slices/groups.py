"""Groups of rows looked at together: who lies in which slice, their sums a unit, pairs, and slices of the same rows."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from core.frames.slice import Slice
from core.modelling.slices.change import Bools, Sums
from core.modelling.slices.sides import Brought
from core.statistics.blocks import MIN_BLOCKS

LEAST_ROWS = 30
"""A mean of fewer rows is not held against another."""

MOST_PAIRED = 60
"""So many single slices, those that matter most, are paired with one another."""

MOST_SHOWN = 10
FALSE_SHARE = 0.05
_SAME_ROWS = 0.8
_AT_ONCE = 200  # many columns at once would be a large matrix


class Side:
    """One set of rows, and the sums of its groups."""

    def __init__(self, side: Brought) -> None:
        self.side = side
        self.n = len(side.values)
        self.all = self.sums(np.ones((self.n, 1), dtype=np.bool_))

    def members(self, slices: Sequence[Slice]) -> Bools:
        """Return which rows lie in which slices: rows x slices."""
        table = self.side.frame.select(one.expression().alias(str(place)) for place, one in enumerate(slices))
        return table.to_numpy().astype(np.bool_).reshape(self.n, len(slices))

    def sums(self, members: Bools, among: NDArray[np.intp] | None = None) -> Sums:
        """Return the sums of groups, each a column of ``members``, of all rows or those ``among`` them."""
        from scipy.sparse import csr_matrix

        side = self.side
        rows = slice(None) if among is None else among
        values, units = side.values[rows], side.blocks.units[rows]
        inside = members.astype(np.float64)
        places = (units, np.arange(len(units)))
        shape = (side.blocks.n_units, len(units))
        return Sums(
            rows=csr_matrix((np.ones(len(units)), places), shape=shape) @ inside,
            values=csr_matrix((values, places), shape=shape) @ inside,
            squares=(values**2) @ inside,
            extremes=side.extremes,
        )


def some_at_once(slices: Sequence[Slice]) -> Iterator[Sequence[Slice]]:
    """Give slices in parts that are looked at together."""
    for start in range(0, len(slices), _AT_ONCE):
        yield slices[start : start + _AT_ONCE]


def paired(slices: Sequence[Slice]) -> Iterator[tuple[int, NDArray[np.intp], list[Slice]]]:
    """Give the place of each slice, the places of those of other columns after it, and the pairs that they form."""
    for place, first in enumerate(slices):
        column = first.conditions[0].column
        others = [j for j in range(place + 1, len(slices)) if slices[j].conditions[0].column != column]
        if others:
            both = [Slice(conditions=first.conditions + slices[j].conditions) for j in others]
            yield place, np.array(others, dtype=np.intp), both


def enough(sums: Sums) -> Bools:
    """Tell which groups have enough rows, in enough blocks, to be held against others."""
    return (sums.n >= LEAST_ROWS) & (sums.blocks >= MIN_BLOCKS)


def too_few(side: Brought, name: str) -> str:
    """Say why a set of rows cannot be parted; nothing where it can."""
    rows, blocks = len(side.values), int(np.unique(side.blocks.codes).size)
    if rows >= LEAST_ROWS and blocks >= MIN_BLOCKS:
        return ""
    needed = f"{LEAST_ROWS} in {MIN_BLOCKS}"
    return f"the {name} has {rows:,} rows to measure it on, in {blocks:,} blocks; this takes {needed}."


def each_once(side: Side, slices: Sequence[Slice]) -> list[tuple[int, tuple[Slice, ...]]]:
    """Return the places of the first ten slices, each with later ones of nearly the same rows (80 %)."""
    kept: list[tuple[int, Bools, list[Slice]]] = []
    for place, one in enumerate(slices):
        rows = side.members([one])[:, 0]
        same = next((also for _, other, also in kept if _alike(rows, other) >= _SAME_ROWS), None)
        if same is not None:
            same.append(one)
        elif len(kept) < MOST_SHOWN:
            kept.append((place, rows, []))
    return [(place, tuple(also)) for place, _, also in kept]


def _alike(first: Bools, second: Bools) -> float:
    return float((first & second).sum() / max(int((first | second).sum()), 1))
