"""Windows by count: of so many predictions, whatever the traffic, and the same however often they are asked for."""

from bisect import bisect_left
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.monitoring.counted import Count, Counted, counted_windows, still_missing

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
# few different minutes, so that many predictions fall on the same one
TIMES = st.lists(st.integers(0, 60), max_size=80).map(lambda found: [minute(n) for n in sorted(found)])
COUNTS = st.integers(1, 12).flatmap(
    lambda size: st.integers(1, size).map(lambda every: Count(size=size, every=every)),
)


def minute(number: int) -> datetime:
    return BEGAN + timedelta(minutes=number)


def held(times: list[datetime], window: Counted) -> tuple[int, int]:
    """Return the places of a window's first row and of the row after its last."""
    return bisect_left(times, window.starts), bisect_left(times, window.ends)


def test_windows_of_distinct_times_hold_the_size_exactly_and_move_by_the_step():
    times = [minute(n) for n in range(10)]
    found = counted_windows(times, Count(size=4, every=3))
    assert [held(times, window) for window in found] == [(0, 4), (3, 7), (6, 10)]
    assert found[0].ends == minute(3) + timedelta(microseconds=1)
    assert still_missing(times, Count(size=4, every=3)) == 3
    assert still_missing(times[:3], Count(size=4, every=3)) == 1


@given(TIMES, COUNTS)
def test_each_window_holds_the_size_and_what_is_more_shares_an_instant(times: list[datetime], count: Count):
    found = counted_windows(times, count)
    before = 0
    for number, window in enumerate(found):
        first, last = held(times, window)
        assert last - first >= count.size
        # one row less at both ends of the tie would be too few
        assert bisect_left(times, times[first] + timedelta(microseconds=1)) > last - count.size
        step = last - before
        need = count.every if number else count.size
        assert bisect_left(times, times[last - 1]) - before < need <= step
        # what is shared with the window before is at most size - every, but for rows of its first instant
        after_first = bisect_left(times, window.starts + timedelta(microseconds=1))
        assert before - after_first <= count.size - count.every
        before = last
    missing = still_missing(times, count)
    assert 1 <= missing <= count.size
    more = [*times, *(minute(100 + n) for n in range(missing))]
    assert len(counted_windows(more[:-1], count)) == len(found)
    assert len(counted_windows(more, count)) == len(found) + 1


@given(TIMES, COUNTS, st.integers(0, 60))
def test_windows_stay_as_more_comes_and_go_on_from_the_last(times: list[datetime], count: Count, until: int):
    known = [at for at in times if at <= minute(until)]
    found = counted_windows(times, count)
    first = counted_windows(known, count)
    assert found[: len(first)] == first
    if first:
        last = first[-1]
        since = [at for at in times if at >= last.starts]
        assert counted_windows(since, count, after=last.ends) == found[len(first) :]


@given(TIMES, COUNTS, st.lists(st.integers(0, 60), max_size=20))
def test_what_comes_late_moves_no_end(times: list[datetime], count: Count, late: list[int]):
    first = counted_windows(times, count)
    if not first:
        return
    last = first[-1]
    older = [at for n in late if (at := minute(n)) < last.ends]
    newer = [minute(100 + n) for n in range(30)]
    ends = [w.ends for w in counted_windows([*times, *newer], count)][len(first) :]
    everything = sorted([*times, *older, *newer])
    since = [at for at in everything if at >= last.starts]
    assert [w.ends for w in counted_windows(since, count, after=last.ends)] == ends
