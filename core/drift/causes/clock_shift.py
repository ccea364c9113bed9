"""A clock that is some hours ahead or behind, as by another time zone."""

import numpy as np

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows
from core.statistics.blocks import Floats

_OF_CELLS = 0.95
_HOUR, _DAY = 3_600.0, 86_400.0
_QUARTER, _MOST = 900.0, 14 * _HOUR
_ROWS, _APART, _CLOSE, _BETTER = 200, 0.1, 0.05, 3.0


def _shifted(sides: Sides) -> Told | None:
    share: float | None = None
    if sides.changed is not None:
        before, after = sides.changed.numbers
        step, share = _of_same_rows(after - before), sides.changed.share
    else:
        step = _of_other_rows(*sides.numbers)
        if abs(step) == _HOUR and not _same_days(*sides.numbers):
            return None  # summer time moves the hours of another season
    if not step:
        return None
    hours = f"{abs(step) / _HOUR:g} h {'later' if step > 0 else 'earlier'}"
    sentence = f"The clock is {hours} {in_rows(share)}, as by another time zone. Write times with their zone."
    return Told(sentence=sentence, share=share)


def _of_same_rows(steps: Floats) -> float:
    if len(steps) < 2:
        return 0.0
    step = float(np.median(steps))
    fits = step % _QUARTER == 0 and abs(step) <= _MOST and (steps == step).mean() >= _OF_CELLS
    return step if fits else 0.0


def _of_other_rows(before: Floats, after: Floats) -> float:
    """Return the shift by whole hours under which the hours of the day agree, if they do not as they are."""
    if min(len(before), len(after)) < _ROWS:
        return 0.0
    first, second = (_hours(side) for side in (before, after))
    apart = [0.5 * float(np.abs(np.roll(first, step) - second).sum()) for step in range(24)]
    best = int(np.argmin(apart))
    if apart[0] < max(_APART, _BETTER * apart[best]) or apart[best] > _CLOSE + np.sqrt(24 / len(after)) / 2:
        return 0.0
    return _HOUR * (best if best <= 12 else best - 24)


def _same_days(before: Floats, after: Floats) -> bool:
    first, second = (np.unique(side // _DAY) for side in (before, after))
    return len(np.intersect1d(first, second)) >= min(len(first), len(second)) / 2


def _hours(times: Floats) -> Floats:
    return np.bincount((times // _HOUR).astype(np.int64) % 24, minlength=24) / len(times)


CLOCK_SHIFT = Cause(
    name="clock_shift",
    title="A shifted clock",
    help="All times that differ are later or earlier by the same number of hours.",
    misleads="Of other rows, it is seen by the hours of the day only, and a timetable that truly moved looks the same; "
    "one hour is not named there between different days, because summer time moves it.",
    kinds=("time",),
    on_column=_shifted,
)
