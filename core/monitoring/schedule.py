"""Which windows are due: a project that is live is measured by itself, the morning after a window ends."""

from datetime import datetime
from itertools import takewhile
from zoneinfo import ZoneInfo

from core.monitoring.calendar import LABELS_MATURE, add_days, end_of_day, window_ends


def first_end(serving_since: datetime, every_days: int, zone: ZoneInfo) -> datetime:
    """Return the end of the first window: the day on which serving began is its first."""
    day = serving_since.astimezone(zone).date()
    return add_days(end_of_day(day, zone), every_days - 1, zone)


def due(
    first: datetime, every_days: int, zone: ZoneInfo, *, now: datetime, measured: datetime | None = None
) -> list[datetime]:
    """Return the ends of the windows that are due and were not measured, oldest first.

    Windows that were missed while nothing ran are all there, each once: their rows and labels are still in the log.

    Parameters
    ----------
    first
        End of the first window.
    measured
        End of the last window that was measured.
    """
    ended = takewhile(lambda end: end + LABELS_MATURE <= now, window_ends(first, every_days, zone))
    return [end for end in ended if measured is None or end > measured]
