"""When windows end."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LABELS_MATURE = timedelta(hours=6)
"""How long after its end a window waits for labels: a nightly job has them before anybody looks in the morning."""

DRIFT_DAYS = 7
"""How many of a window's last days are compared with the training data: what moved a week ago is the last window's."""

SILENT_DAYS = 7
"""How long nothing may come before that is an alert, where windows count predictions and so say nothing of time."""


def add_days(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the same local time so many days later: a day has 23 or 25 hours where the clocks change."""
    local = moment.astimezone(zone) + timedelta(days=days)
    return local.astimezone(moment.tzinfo)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return when a local day is over: the midnight after it, UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def window_ends(anchor: datetime, every_days: int, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the ends of windows, from the anchor on, without end."""
    steps = 0
    while True:
        yield add_days(anchor, steps * every_days, zone)
        steps += 1
