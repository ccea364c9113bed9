"""Which columns have moved for good, week after week: the alarm of a project's drift, under a budget of false ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.lifecycle.weeks import Week
from core.scoping.alarm_budget import BUDGET
from core.statistics.sequential import Watch, budget_in_words, refused

_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(days=182)
"""A longer window counts as the longest: no budget that may be chosen is shorter, and fewer alarms are false."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A column's alarm: the week in which it was raised, and the one that showed it within the margin again.

    Then its evidence begins anew. Where nothing moved, alarms come no more often than the budget allows for that, on
    average: each uses up ``columns * windows`` of evidence, and chance brings each column one a window at most.
    """

    column: str
    onset: Week
    over: Week | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Consecutive weeks that were compared with one reference: the training rows of the version that served then.

    ``spells`` are the alarms of its columns, oldest first. ``refusal`` says why weeks could not be watched; it is empty
    where at least one was.
    """

    weeks: tuple[Week, ...]
    spells: tuple[Spell, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftAlarms:
    """The alarms of all weeks; each reference begins anew. ``budget`` says how many may be false, in words."""

    budget: str
    references: tuple[Reference, ...]

    @property
    def weeks(self) -> tuple[Week, ...]:
        """Return all weeks, oldest first."""
        return tuple(sorted((week for one in self.references for week in one.weeks), key=lambda week: week.ends))

    def spell(self, column: str, week: Week) -> Spell | None:
        """Return a column's newest alarm, over or not, as it was known at the end of a week."""
        known = [s for s in self._reference(week).spells if s.column == column and s.onset.ends <= week.ends]
        if not known:
            return None
        newest = known[-1]
        return newest if newest.over is None or newest.over.ends <= week.ends else replace(newest, over=None)

    def refusal(self, week: Week) -> str:
        """Return why a week and those beside the same reference could not be watched; empty where they were."""
        return self._reference(week).refusal

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """Return (column, window id) of every onset."""
        return frozenset((spell.column, spell.onset.window.id) for one in self.references for spell in one.spells)

    def _reference(self, week: Week) -> Reference:
        beside = (one for one in self.references if any(week.window.id == other.window.id for other in one.weeks))
        return next(beside, Reference(weeks=()))


def drift_alarms(found: Sequence[Week], *, budget: str = BUDGET) -> DriftAlarms:
    """Return the alarms of weeks, oldest first; windows of days and of each count are watched apart.

    Raises
    ------
    InvalidInput
        The budget names no time, or one that is shorter than a week.
    """
    served = (tuple(weeks) for _, weeks in groupby(found, key=lambda week: week.version and week.version.id))
    parts = (part for weeks in served for part in _of_each_size(weeks))
    return DriftAlarms(budget=budget, references=tuple(_watched(weeks, budget) for weeks in parts))


def _of_each_size(weeks: tuple[Week, ...]) -> Iterator[tuple[Week, ...]]:
    """Yield the weeks of days, then those of each count; a batch, which is never bet on, stands with the first."""
    sizes = sorted({week.window.counted for week in weeks if not week.window.name}) or [0]
    for size in sizes:
        own = size == sizes[0]
        yield tuple(week for week in weeks if (own if week.window.name else week.window.counted == size))


def _lasts(week: Week) -> timedelta:
    """Return how long a window counts as against the budget, which is stated in time.

    That of a window by count is the time of the first: the budget must stand before anything is seen, so where more is
    asked later, windows and false alarms come as much more often.
    """
    lasts = week.ends - week.starts
    if week.window.counted:
        return min(max(lasts, _SHORTEST), _LONGEST)
    return min(timedelta(days=max(1, round(lasts / timedelta(days=1)))), _LONGEST)


def _watched(weeks: tuple[Week, ...], budget: str) -> Reference:
    first = next((week for week in weeks if not week.window.name), weeks[0])
    watched, refusals, spells = False, list[str](), list[Spell]()
    watch = Watch(
        budget=budget_in_words(budget, window=_lasts(first)), columns=tuple(c.column for c in first.window.drift)
    )
    for week in _apart(weeks):
        p_values = {c.column: p for c in week.window.drift if (p := c.p_of_column) is not None}
        reference, current = _units(week)
        refusal = refused(reference=reference, window=current) if reference else _UNCOUNTED
        if p_values and refusal:
            refusals.append(refusal)
        elif p_values:
            watch, watched = watch.after(p_values, reference=reference, window=current), True
            spells = _followed(spells, week, watch.alarms)
            watch = watch.begun_anew(spell.column for spell in spells if spell.over is week)
    return Reference(weeks=weeks, spells=tuple(spells), refusal="" if watched or not refusals else refusals[-1])


def _followed(spells: Sequence[Spell], week: Week, alarms: Sequence[str]) -> list[Spell]:
    """Return the spells after a week: those over whose column lies within the margin again, and those that begin."""
    going = {spell.column for spell in spells if spell.over is None}
    begun = [name for name in alarms if name not in going and _may_matter(week.column(name))]
    followed = [
        replace(spell, over=week) if spell.over is None and _within_margin(week.column(spell.column)) else spell
        for spell in spells
    ]
    return [*followed, *(Spell(column=name, onset=week) for name in begun)]


_UNCOUNTED = "These weeks were compared by an early release, which did not count the days or rows of the training data."


def _may_matter(column: ColumnDrift | None) -> bool:
    """Tell whether a distance may be as large as the margin: a small one, known well, is nobody's alarm."""
    return column is not None and column.verdict in {DriftVerdict.DRIFTED, DriftVerdict.NOT_ENOUGH_DATA}


def _within_margin(column: ColumnDrift | None) -> bool:
    return column is not None and column.verdict is DriftVerdict.STABLE


def _apart(weeks: Sequence[Week]) -> Iterator[Week]:
    """Yield weeks that do not overlap: each span of event time is bet on once, and a batch is in one of them anyway."""
    taken = None
    for week in weeks:
        if not week.window.name and (taken is None or week.starts >= taken):
            taken = week.ends
            yield week


def _units(week: Week) -> tuple[int, int]:
    """Return the independent units of reference (0 where they were not counted) and week."""
    tested = [column for column in week.window.drift if column.p_value is not None]
    counts = [(column.n_reference_blocks or 0, column.n_blocks) for column in tested]
    return min(counts, key=lambda count: count[0] / max(1, count[1]), default=(0, 0))
