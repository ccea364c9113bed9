"""Event time on an axis: the project's own clock, which is what Plotly shows when it is given no zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MOMENT = timedelta(microseconds=1)


def on_axis(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment as the clocks of ``zone`` show it."""
    return moment.astimezone(zone).replace(tzinfo=None)


def end_on_axis(ends: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of a half-open span within its last day."""
    return on_axis(ends - _MOMENT, zone)
