"""Windows by count: which spans of event time hold so many predictions, a new one every so many."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.scoping.criterion import Criterion

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Windows of ``size`` predictions, a new one every ``every``."""

    size: int
    every: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The half-open span ``[starts, ends)`` that holds the predictions of one window."""

    starts: datetime
    ends: datetime


def counts_of(criteria: Sequence[Criterion]) -> tuple[Count, ...]:
    """Return the windows by count that criteria name, the smallest first: of one size, the most frequent count.

    As with days, criteria whose windows are as large as each other share them.
    """
    sizes = sorted({c.window_rows for c in criteria if c.window_rows})
    every = {size: min(c.every_rows or size for c in criteria if c.window_rows == size) for size in sizes}
    return tuple(Count(size=size, every=every[size]) for size in sizes)


def counted_windows(times: Sequence[datetime], count: Count, *, after: datetime | None = None) -> list[Counted]:
    """Return the windows that are complete and end after ``after``, oldest first.

    The first ends with the prediction that makes it full, each further one ``every`` predictions after the end of the
    last; it reaches back to the ``size``-th prediction before its end. Predictions of one instant are never parted, so
    a window may hold a few more. What ``after`` already counted is not counted again: a prediction that comes late
    and lies before it is one more row of the next windows that reach back so far, and moves no end.

    Parameters
    ----------
    times
        Event times of predictions, in order. Where ``after`` is given, from the start of the window on that ended then.
    after
        End of the last window that was measured.
    """
    found: list[Counted] = []
    counted = 0 if after is None else bisect_left(times, after)
    need = count.size if after is None else count.every
    while counted + need <= len(times):
        ends = times[counted + need - 1] + INSTANT
        counted = bisect_left(times, ends)
        found.append(Counted(starts=times[max(counted - count.size, 0)], ends=ends))
        need = count.every
    return found


def still_missing(times: Sequence[datetime], count: Count, *, after: datetime | None = None) -> int:
    """Return how many more predictions fill the next window; ``times`` and ``after`` as for ``counted_windows``."""
    windows = counted_windows(times, count, after=after)
    last = windows[-1].ends if windows else after
    if last is None:
        return count.size - len(times)
    return count.every - (len(times) - bisect_left(times, last))
