"""Windows end at local midnights, are due the morning after, and are measured once, however late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.monitoring.calendar import LABELS_MATURE
from core.monitoring.schedule import due, first_end

NEW_YORK = ZoneInfo("America/New_York")
SERVING = datetime(2026, 3, 2, 15, tzinfo=UTC)  # a Monday; the clocks change on Sunday the 8th
FIRST = first_end(SERVING, 7, NEW_YORK)


def test_the_first_window_holds_so_many_local_days():
    assert datetime(2026, 3, 9, 4, tzinfo=UTC) == FIRST  # midnight of summer time


def test_a_window_is_due_once_its_labels_had_a_night():
    assert due(FIRST, 7, NEW_YORK, now=FIRST + LABELS_MATURE - timedelta(seconds=1)) == []
    assert due(FIRST, 7, NEW_YORK, now=FIRST + LABELS_MATURE) == [FIRST]


def test_what_was_missed_is_due_once_each():
    weeks = [FIRST + timedelta(days=7 * n) for n in range(4)]
    late = weeks[-1] + LABELS_MATURE
    assert due(FIRST, 7, NEW_YORK, now=late) == weeks
    assert due(FIRST, 7, NEW_YORK, now=late, measured=weeks[1]) == weeks[2:]
    assert due(FIRST, 7, NEW_YORK, now=late, measured=weeks[-1]) == []
