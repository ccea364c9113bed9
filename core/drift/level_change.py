"""What became of the levels of a category: seen cell by cell on the same rows, or by shares on others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.drift.sides import Sides

_OF_CELLS = 0.95
_EXPECTED = 10  # a level of which fewer rows are expected may be absent by chance
_NOISE = 2.6
_MATTERS, _PRECISE = 0.02, 5.0
_REST, _REST_ROWS = 2, 0.2
MOST, MOST_CODES = 200, 30


@dataclass(frozen=True, kw_only=True)
class LevelChange:
    """The levels of both tables: ``counts`` of each, and on the same rows into what a level has ``turned``."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    turned: Mapping[str, str] | None
    share: float | None

    @cached_property
    def rows(self) -> tuple[int, int]:
        """Return how many rows have a value."""
        return sum(self.before.values()), sum(self.after.values())

    @cached_property
    def new(self) -> tuple[str, ...]:
        """Return the levels that the reference has not and would have shown; all of them on the same rows."""
        before, after = self.rows
        return self._only(self.after, self.before, rows=(after, before))

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """Return the levels that the current table has not and would have shown; all of them on the same rows."""
        return self._only(self.before, self.after, rows=self.rows)

    def _only(self, there: Mapping[str, int], here: Mapping[str, int], *, rows: tuple[int, int]) -> tuple[str, ...]:
        least = 0.0 if self.turned is not None else _EXPECTED
        scale = rows[1] / max(rows[0], 1)
        return tuple(level for level, count in there.items() if level not in here and count * scale >= least)

    def shares(self, levels: Iterable[str]) -> tuple[float, float]:
        """Return the share of some levels together, in both."""
        names = list(levels)
        sides = zip((self.before, self.after), self.rows, strict=True)
        first, second = (sum(counts.get(name, 0) for name in names) / max(rows, 1) for counts, rows in sides)
        return first, second

    def alike(self, first: float, second: float) -> bool:
        """Tell whether a share of the reference and one of the current table differ by no more than chance."""
        n, m = self.rows
        pooled = (first * n + second * m) / (n + m)
        return abs(first - second) <= _NOISE * float(np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))) + 1e-12

    def still(self, but: Iterable[str]) -> bool:
        """Tell whether the other levels have kept their shares: at least two of them, in a fifth of the rows."""
        left_out = set(but)
        rest = [name for name in {*self.before, *self.after} if name not in left_out]
        enough = len(rest) >= _REST and min(self.shares(rest)) >= _REST_ROWS
        return enough and all(self.alike(*self.shares([name])) for name in rest)

    def matters(self, share: float) -> bool:
        """Tell whether a share of other rows can be measured well enough to be found again: to a fifth of itself."""
        n, m = self.rows
        return share >= _MATTERS and share >= _PRECISE * float(np.sqrt(share * (1 - share) * (1 / n + 1 / m)))


def level_change(sides: Sides) -> LevelChange | None:
    """Return what became of the levels; ``None`` where there are none, or too many for a category."""
    if sides.kind == "number" and not (sides.reference.dtype.is_integer() and sides.current.dtype.is_integer()):
        return None
    most = MOST_CODES if sides.kind == "number" else MOST
    before, after = sides.levels
    if not before or not after or len(before) > most or len(after) > 2 * most:
        return None
    if sides.changed is None:
        return LevelChange(before=before, after=after, turned=None, share=None)
    return LevelChange(before=before, after=after, turned=_turned(sides), share=sides.changed.share)


def _turned(sides: Sides) -> Mapping[str, str]:
    """Return the one level that each changed level has become, if nearly every cell keeps to it."""
    if sides.changed is None or not len(sides.changed.before):
        return {}
    cells = zip(sides.changed.before.cast(str).to_list(), sides.changed.after.cast(str).to_list(), strict=True)
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for old, new in cells:
        seen[old][new] += 1
    most = {old: counter.most_common(1)[0] for old, counter in seen.items()}
    kept, cells_in_all = sum(count for _, count in most.values()), sum(c.total() for c in seen.values())
    return {old: new for old, (new, _) in most.items()} if kept >= _OF_CELLS * cells_in_all else {}
