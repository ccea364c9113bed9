"""Stretches of time without a row."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.timeline import DAY, said, span
from core.data.words import rows_of

_TIMES = 20
_REGULAR, _STRICT = 0.8, 0.99
_STEPS, _NEXT = 5.0, 1.5  # a hole is 5 steps long; where nearly every step is the same, more than one
_BUSY, _DAYS = 20, 14
_FEW = 10
_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class _Hole:
    after: float
    before: float


def _gaps(column: Column) -> Found | None:
    times = column.runs[0] / 1e6
    if len(times) < _TIMES or column.present < _TIMES:
        return None
    steps = np.diff(times)
    step = float(np.median(steps))
    holes = _of_steps(times, steps, step)
    if holes is None or len(holes) > _FEW:  # such as every night
        holes, step = _of_days(column.numbers), DAY
    if not holes or len(holes) > _FEW:
        return None  # so many that they are how the data come
    longest = max(holes, key=lambda hole: hole.before - hole.after)
    after = pl.lit(False)
    for hole in holes:
        at = pl.from_epoch(pl.lit(round(hole.before * 1e6)), time_unit="us")
        after = after | (pl.col("time") == at)
    rows = pl.DataFrame({"time": column.series.cast(pl.Datetime("us"))}).select(after).to_series()
    rows &= column.series.is_first_distinct()  # the row that ends the gap, not all of its time
    every = span(step).removeprefix("1 ")
    return Found(
        count=len(holes),
        of=len(steps),
        rows=rows,
        message=f"`{column.name}` has {rows_of(len(holes), 'gap')} where times come every {every}; the longest "
        f"lasts {span(longest.before - longest.after)}, from {said(longest.after)} to {said(longest.before)}.",
    )


def _of_steps(times: NDArray[np.float64], steps: NDArray[np.float64], step: float) -> list[_Hole] | None:
    """Return the holes of times that come in equal steps; ``None`` where they do not."""
    alike = float((np.abs(steps - step) <= 0.1 * step).mean())
    if alike < _REGULAR:
        return None
    long = steps > (_NEXT if alike >= _STRICT else _STEPS) * step
    holes = (_Hole(float(times[i]), float(times[i + 1])) for i in np.flatnonzero(long))
    return [hole for hole in holes if not _is_clock_put_forward(hole)]


def _is_clock_put_forward(hole: _Hole) -> bool:
    """Tell whether the missing hour is the one that no clock shows on a Sunday on which clocks are put forward."""
    after = datetime.fromtimestamp(hole.after, tz=UTC)
    northern = after.month == 3 and (8 <= after.day <= 14 or after.day >= 25)
    southern = (after.month == 9 and after.day >= 24) or (after.month == 10 and after.day <= 7)
    return hole.before - hole.after == 2 * _HOUR and after.weekday() == 6 and after.hour <= 2 and (northern or southern)


def _of_days(values: NDArray[np.float64]) -> list[_Hole]:
    """Return days without a row, among days of the week that have 20 or more each time."""
    days = np.floor(values / DAY).astype(np.int64)
    first = int(days[0])
    if int(days[-1]) - first + 1 < _DAYS or int(days[-1]) - first > 100_000:
        return []
    counts = np.bincount(days - first)
    week = np.arange(len(counts)) % 7
    usual = np.array([np.median(counts[week == d]) for d in range(7)])
    empty = np.flatnonzero((counts == 0) & (usual[week] >= _BUSY))
    starts = [int(day) for day in empty if day - 1 not in set(empty.tolist())]
    edges = [values[np.searchsorted(values, (first + day) * DAY) - 1 :][:2] for day in starts]
    return [_Hole(float(edge[0]), float(edge[1])) for edge in edges]


CHECK = Check(
    name="time_gaps",
    title="No stretch of time is without rows",
    severity=Severity.WARNING,
    help="An hour or a day without a row, where there always are some, is a file or a source that did not come.",
    misleads="Holidays and closing hours leave true gaps; the one hour that a clock put forward skips is not told.",
    default="5 usual steps where times are regular (1.5 where strictly so); else a day whose weekday has 20 rows.",
    source="Own: 5 times the median step.",
    fix="Find out whether the rows of that time are lost.",
    kinds=("time",),
    on_column=_gaps,
)
