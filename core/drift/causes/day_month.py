"""Day and month taken for each other: 3 April became 4 March."""

import polars as pl

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows

_OF_CELLS, _ROWS, _ELSEWHERE = 0.95, 30, 0.5


def _swapped(sides: Sides) -> Told | None:
    share: float | None = None
    if sides.changed is not None:
        before, after = sides.changed.before, sides.changed.after
        turned = (before.dt.day() == after.dt.month()) & (before.dt.month() == after.dt.day())
        years = before.dt.year() == after.dt.year()
        fits, share = len(before) >= 2 and _share(turned & years) >= _OF_CELLS, sides.changed.share
    else:
        fits = _of_other_rows(sides.current.drop_nulls()) and not _of_other_rows(sides.reference.drop_nulls())
    if not fits:
        return None
    sentence = f"Day and month are swapped {in_rows(share)}. Read the dates with the other one first."
    return Told(sentence=sentence, share=share)


def _of_other_rows(times: pl.Series) -> bool:
    """Tell whether dates up to the 12th lie in other months than later ones, but would not if turned round."""
    early, late = times.filter(times.dt.day() <= 12), times.filter(times.dt.day() > 12)
    if min(len(early), len(late)) < _ROWS:
        return False
    months = late.dt.month().unique().implode()
    stray = ~early.dt.month().is_in(months)
    back = early.dt.day().is_in(months)
    return _share(stray) >= _ELSEWHERE and _share(back) >= _OF_CELLS


def _share(mask: pl.Series) -> float:
    return float(mask.mean() or 0.0)  # pyright: ignore[reportArgumentType]


DAY_MONTH = Cause(
    name="day_month",
    title="Day and month swapped",
    help="Dates up to the 12th have their day and month exchanged; later ones cannot be read that way.",
    misleads="Of other rows that span a whole year, it cannot be seen.",
    kinds=("time",),
    on_column=_swapped,
)
