"""What a cause is given: one column, or all of them, of the reference and of the current table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import polars as pl

from core.drift.same_rows import SameRows
from core.frames.summarising import seconds
from core.frames.summary import kind_of
from core.statistics.blocks import Floats

MOST_LEVELS = 10_000
_AS_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """The cells of the same rows that hold one value in the reference and another now, both present.

    ``share`` is that of all paired rows.
    """

    before: pl.Series
    after: pl.Series
    share: float

    @property
    def numbers(self) -> tuple[Floats, Floats]:
        """Return both as numbers (times as seconds since 1970)."""
        return _numbers(self.before), _numbers(self.after)


@dataclass(frozen=True, kw_only=True)
class Sides:
    """One column of both tables; ``same`` pairs the rows where the tables are two versions of one."""

    name: str
    reference: pl.Series
    current: pl.Series
    same: SameRows | None = None

    @cached_property
    def kind(self) -> str:
        """Return what both hold, ``mixed`` where they differ."""
        kinds = {kind_of(side.dtype) for side in (self.reference, self.current) if side.null_count() < len(side)}
        return kinds.pop() if len(kinds) == 1 else "mixed"

    @cached_property
    def numbers(self) -> tuple[Floats, Floats]:
        """Return the finite numbers of both (times as seconds since 1970), sorted."""
        first, second = (np.sort(_finite(_numbers(side.drop_nulls()))) for side in (self.reference, self.current))
        return first, second

    @cached_property
    def levels(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        """Return how often each text stands in both."""
        first, second = (_levels(side) for side in (self.reference, self.current))
        return first, second

    @cached_property
    def paired(self) -> tuple[pl.Series, pl.Series] | None:
        """Return the values of the same rows."""
        if self.same is None:
            return None
        return self.reference.gather(self.same.reference), self.current.gather(self.same.current)

    @cached_property
    def changed(self) -> Changed | None:
        """Return the cells that differ; ``None`` where the rows are no pairs."""
        if self.paired is None:
            return None
        before, after = self.paired
        both = before.is_not_null() & after.is_not_null()
        if self.kind == "number":
            first, second = (_numbers(side) for side in (before, after))
            with np.errstate(invalid="ignore"):
                equal = np.abs(first - second) <= _AS_EQUAL * np.maximum(np.abs(first), np.abs(second))
            differ = both & pl.Series(np.isfinite(first) & np.isfinite(second) & ~equal)
        else:
            before, after = (side.cast(pl.String) if self.kind == "mixed" else side for side in (before, after))
            differ = both & (before != after).fill_null(value=False)
        share = float(differ.mean() or 0.0)  # pyright: ignore[reportArgumentType]
        return Changed(before=before.filter(differ), after=after.filter(differ), share=share)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Both tables; ``same`` pairs their rows where they are two versions of one."""

    reference: pl.DataFrame
    current: pl.DataFrame
    same: SameRows | None = None
    _sides: dict[str, Sides] = field(default_factory=dict[str, Sides], repr=False)

    @property
    def shared(self) -> list[str]:
        """Return the names of the columns that both have."""
        return [name for name in self.reference.columns if name in self.current.columns]

    def sides(self, name: str) -> Sides:
        """Return one column of both."""
        if name not in self._sides:
            self._sides[name] = Sides(
                name=name, reference=self.reference[name], current=self.current[name], same=self.same
            )
        return self._sides[name]


def _numbers(values: pl.Series) -> Floats:
    if kind_of(values.dtype) == "time":
        return seconds(values)
    return values.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values)]


def _levels(values: pl.Series) -> Mapping[str, int]:
    counted = values.drop_nulls().cast(pl.String).value_counts(name="count")
    if counted.height > MOST_LEVELS:
        return {}
    return dict(zip(counted.to_series(0).to_list(), counted["count"].to_list(), strict=True))
