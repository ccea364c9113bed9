"""One column as the checks see it: its values in memory, everything that two checks need computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.personal import Personal, discreet, hidden, personal_kind
from core.frames.column_types import MISSING_MARKERS
from core.frames.opened import Note
from core.frames.summarising import Ordered, count_levels, order, summarise_levels, summarise_ordered, summarise_series
from core.frames.summary import ColumnSummary, Kind, kind_of

SAMPLES = 5
_CUT = 200
_SHORTEST_CARD = 10**12
_TOGETHER = 10_000


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a table that is being checked at the time ``now``."""

    name: str
    position: int
    series: pl.Series
    now: datetime
    notes: tuple[Note, ...] = ()

    @cached_property
    def kind(self) -> Kind:
        """Return what the values are."""
        return kind_of(self.series.dtype)

    @cached_property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.series)

    @cached_property
    def missing(self) -> int:
        """Return the number of cells without a value (NaN is none)."""
        return self.ordered.nulls + self.ordered.nans if self.kind == "number" else self.series.null_count()

    @cached_property
    def ordered(self) -> Ordered:
        """Return the finite values of a column of numbers or times, sorted."""
        return order(self.series)

    @cached_property
    def numbers(self) -> NDArray[np.float64]:
        """Return the finite numbers (times as seconds since 1970), sorted."""
        return self.ordered.numbers

    @cached_property
    def runs(self) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return the different finite values of a column of numbers or times, increasing, and how often each occurs."""
        return self.ordered.runs

    @cached_property
    def summary(self) -> ColumnSummary:
        """Return the mergeable summary."""
        if self.kind in ("number", "time"):
            return summarise_ordered(self.ordered, self.series)
        plain = self.series.dtype in (pl.String(), pl.Boolean())
        return summarise_levels(self.levels, self.series) if plain else summarise_series(self.series)

    @cached_property
    def levels(self) -> pl.DataFrame:
        """Return ``value`` and ``count``, the most frequent first, of equal ones the lower; no missing ones."""
        return count_levels(self.series)

    @cached_property
    def distinct(self) -> int:
        """Return the number of distinct values (NaN is none)."""
        if self.kind in ("text", "boolean"):
            return len(self.levels)
        endless = self.series.filter(self.series.is_infinite()).n_unique() if self.ordered.infinities else 0
        return len(self.runs[0]) + endless

    @cached_property
    def personal(self) -> Personal | None:
        """Return what the values are, where they identify people."""
        if self.kind == "text":
            return personal_kind(self.levels)
        if not self.whole or (cast(int, self.series.max()) or 0) < _SHORTEST_CARD:
            return None
        return personal_kind(self.levels, numbers=True)

    @property
    def present(self) -> int:
        """Return the number of cells with a value."""
        return self.rows - self.missing

    @property
    def whole(self) -> bool:
        """Tell whether the column holds whole numbers by its type."""
        return self.series.dtype.is_integer()

    @cached_property
    def disguised(self) -> pl.DataFrame:
        """Return the levels that are words for a missing value, such as ``N/A``."""
        return self.texts_where(pl.col("value").str.strip_chars().str.to_lowercase().is_in(list(MISSING_MARKERS)))

    @cached_property
    def said(self) -> pl.DataFrame:
        """Return the levels that are no words for a missing value."""
        words = self.disguised["value"]
        return self.texts_where(~pl.col("value").is_in(words.implode())) if len(words) else self.levels

    def texts_where(self, chosen: pl.Expr) -> pl.DataFrame:
        """Return the levels (``value``, ``count``) for which an expression over ``value`` holds."""
        return filtered(self.levels, chosen)

    def sample_where(self, mask: pl.Series) -> tuple[dict[str, Any], ...]:
        """Return the first rows for which ``mask`` holds: the 1-based row and the value, hidden if it is personal."""
        rows = mask.fill_null(value=False).arg_true().head(SAMPLES)
        secret = self.personal is not None
        return tuple({"row": int(i) + 1, "value": shareable(self.series[int(i)], secret=secret)} for i in rows)

    def where(self, values: Sequence[Any] | pl.Series) -> pl.Series:
        """Return which rows hold one of ``values``."""
        wanted = pl.Series(values, dtype=self.series.dtype)
        return self.series.is_in(wanted.implode()).fill_null(value=False)


def filtered(levels: pl.DataFrame, chosen: pl.Expr) -> pl.DataFrame:
    """Return the levels (``value``, ``count``) for which an expression over ``value`` holds.

    A part at a time: what becomes of millions of texts on the way is never in memory together.
    """
    return pl.concat([part.filter(chosen) for part in levels.iter_slices(_TOGETHER)] or [levels])


def mostly(levels: pl.DataFrame, fits: pl.Expr, *, least: float) -> pl.DataFrame | None:
    """Return the levels with ``fits``, whether an expression over ``value`` holds.

    ``None`` where there are none, or where fewer than a share ``least`` of the values fit: known as soon as too many
    do not, which in a column of other texts is soon.
    """
    total, bad, parts = int(levels["count"].sum()), 0, list[pl.DataFrame]()
    for part in levels.iter_slices(_TOGETHER):
        parts.append(part.with_columns(fits=fits))
        bad += int(parts[-1].filter(~pl.col("fits"))["count"].sum())
        if total - bad < least * total:
            return None
    return pl.concat(parts) if total else None


def sorted_quantiles(values: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.float64]:
    """Return quantiles of numbers that are sorted already, interpolated as ``numpy.quantile`` does."""
    return np.interp(np.asarray(shares) * (len(values) - 1), np.arange(len(values)), values)


def shareable(value: object, *, secret: bool = False) -> Any:
    """Return a value as ``plain`` does, hidden where it is ``secret`` or identifies a person by itself."""
    shown = plain(value)
    if secret and shown is not None:
        return hidden(str(shown))
    return discreet(shown) if isinstance(shown, str) else shown


def plain(value: object) -> Any:
    """Return a value that JSON holds: times as ISO text, NaN and infinities as text, long text cut."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = str(value)
    return text if len(text) <= _CUT else text[:_CUT] + "…"
