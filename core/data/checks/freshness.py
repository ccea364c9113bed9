"""Data that have stopped coming."""

from datetime import UTC

import numpy as np

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.timeline import said, span

_TIMES, _STEPS = 20, 3
_LIVE = 0.1  # of the time that the data cover: what ended earlier is a file of the past, and as it should be
_REGULAR = 0.5


def _stopped(column: Column) -> Found | None:
    times = column.runs[0] / 1e6
    if len(times) < _TIMES or column.present < _TIMES:
        return None
    steps = np.diff(times)
    step = float(np.median(steps))
    age = column.now.astimezone(UTC).timestamp() - float(times[-1])
    regular = float((np.abs(steps - step) <= 0.5 * step).mean()) >= _REGULAR
    if not regular or not _STEPS * step < age <= _LIVE * float(times[-1] - times[0]):
        return None
    return Found(
        count=0,
        message=f"`{column.name}` ends at {said(float(times[-1]))}, {span(age)} ago, and times usually come every "
        f"{span(step)}.",
    )


CHECK = Check(
    name="freshness",
    title="The newest rows are here",
    severity=Severity.INFO,
    help="In data that come regularly, a last time that is several steps old means that something has stopped.",
    misleads="A file of the past ends in the past; what ended long ago is not told.",
    default="More than 3 usual steps ago, and no longer ago than a tenth of the time that the data cover.",
    source="Soda freshness; own steps.",
    fix="Find out whether newer rows should have come.",
    kinds=("time",),
    on_column=_stopped,
)
