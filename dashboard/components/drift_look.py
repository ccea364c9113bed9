"""Which rows are looked at, and against which: a week or several, the training rows or the days before."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import streamlit as st

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.picture import Picture
from core.errors import FullcircleError
from core.lifecycle.weeks import Week
from core.monitoring.calendar import add_days
from core.scoping.project import Project
from core.workspace.drift import Compared, Span
from dashboard import formats, session
from dashboard.components.choice import choose, chosen, select
from dashboard.components.empty import problem

_AGAINST = {
    "training": "the training rows",
    "before": "the days before",
    "first": "the first week",
    "season": "the same weeks a year before",
}
_ALONE = "none"
_YEAR = 364  # days: whole weeks, so that a Monday is held against a Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The rows that are looked at: those of ``current``, whose newest week is ``week``.

    ``against`` is ``None`` for the training rows; ``called`` is the reference's name. ``compared`` is ``None`` where
    one week is held against the training rows: that is kept with its window.
    """

    project: Project
    week: Week
    current: Span
    against: Span | None
    compared: Compared | None
    called: str = _AGAINST["training"]

    @property
    def columns(self) -> tuple[ColumnDrift, ...]:
        """Return what was found of every column."""
        return self.week.window.drift if self.compared is None else self.compared.columns

    def column(self, name: str) -> ColumnDrift | None:
        """Return what was found of a column."""
        return self.week.column(name) if self.compared is None else self.compared.column(name)

    def picture(self, name: str) -> Picture | None:
        """Return what is drawn of a column."""
        if self.compared is not None:
            return self.compared.picture(name)
        window = self.week.window
        read = session.workspace().drift.picture
        return session.load("drift-picture", self.project, lambda: read(window, name), window.id, name)

    def outside(self, name: str) -> float | None:
        """Return the share of a column's rows outside the training range; ``None`` where it has no range."""
        if self.compared is None:
            return self.week.outside(name)
        picture, feature = self.compared.picture(name), self.week.feature(name)
        return picture.below + picture.above if picture and feature and feature.lower is not None else None

    @property
    def farthest(self) -> tuple[str, float]:
        """Return the column with the largest share outside the training range, and that share; 0 where none has one."""
        shares = [(column.column, self.outside(column.column) or 0.0) for column in self.columns]
        return max(shares, key=lambda one: one[1], default=("", 0.0))

    def count(self, verdict: DriftVerdict) -> int:
        """Return how many columns have a verdict."""
        return sum(column.verdict is verdict for column in self.columns)

    @property
    def days(self) -> str:
        """Return which days are looked at, in words: ``the week 24 to 30 Jun 2013``."""
        if self.current.starts != self.week.starts:
            return formats.span(self.current.starts, self.current.ends, self.zone)
        window = self.week.window
        kind = "window of" if window.counted else "days" if window.name else "week"  # a batch lasts as long as it does
        return f"the {kind} {formats.week(self.week, self.zone)}"

    @property
    def reference(self) -> str:
        """Return what they are held against, in words."""
        if self.against is not None:
            return formats.span(self.against.starts, self.against.ends, self.zone)
        title = self.week.version.title if self.week.version else ""
        return f"the training rows of {formats.escape(title)}" if title else "the training rows"

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone whose days are meant."""
        return self.project.zone


def look_at(project: Project, found: Sequence[Week]) -> Look:
    """Return what the address asks for: ``window``, from ``since`` on, ``against`` training rows or other days."""
    return _look_at(project, found, chosen("against", list(_AGAINST), "training"))


def look_beside(project: Project, found: Sequence[Week], first: Look) -> Look | None:
    """Return the same rows held against the second reference that the address names, ``beside``; ``None`` without."""
    meant = chosen("beside", list(_AGAINST), "")
    second = _look_at(project, found, meant) if meant else None
    return None if second is None or second.against == first.against else second


def _look_at(project: Project, found: Sequence[Week], meant: str) -> Look:
    by_id = {week.window.id: week for week in found}
    week = by_id[chosen("window", list(by_id), found[-1].window.id)]
    since = by_id[chosen("since", list(by_id), week.window.id)]
    starts = since.starts if since.starts < week.starts and since.version == week.version else week.starts
    current = Span(starts=starts, ends=week.ends)
    against = _reference(meant, current, [w for w in found if w.version == week.version], project.zone)
    kept = Look(project=project, week=week, current=current, against=None, compared=None)
    if (against is None and starts == week.starts) or week.version is None:
        return kept
    compared = _compared(project, week, current, against)
    if compared is None:
        return kept
    called = _AGAINST[meant if against else "training"]
    return Look(project=project, week=week, current=current, against=against, compared=compared, called=called)


def _reference(meant: str, current: Span, of_version: Sequence[Week], zone: ZoneInfo) -> Span | None:
    if meant == "before":
        return Span(starts=current.starts - (current.ends - current.starts), ends=current.starts)
    if meant == "season":
        return Span(starts=add_days(current.starts, -_YEAR, zone), ends=add_days(current.ends, -_YEAR, zone))
    if meant == "first" and of_version and of_version[0].ends <= current.starts:
        return Span(starts=of_version[0].starts, ends=of_version[0].ends)
    return None


def _compared(project: Project, week: Week, current: Span, against: Span | None) -> Compared | None:
    version = week.version
    assert version is not None
    key = [version.id, *(f"{span.starts}/{span.ends}" for span in (current, against) if span)]
    compare = session.workspace().drift.compare
    try:
        with st.spinner("Comparing these days …"):
            return session.load(
                "drift-compared", project, lambda: compare(project.id, version, current, against=against), *key
            )
    except FullcircleError as refusal:
        problem(str(refusal))
        return None


def changed_options() -> int:
    """Return how many choices differ from what is looked at first."""
    named = st.query_params
    beside = named.get("beside", _ALONE) in _AGAINST
    return ("since" in named) + (named.get("against", "training") != "training") + beside


def choose_rows(found: Sequence[Week]) -> None:
    """Offer to choose the week, the first week of several, and what they are held against."""
    newest = found[-1].window.id
    ids = [week.window.id for week in reversed(found)]
    zone = session.project().zone
    days = {week.window.id: formats.week(week, zone) for week in found}
    window = select("Week", ids, parameter="window", default=newest, key="drift-week", words=days.__getitem__)
    select("Since", ids, parameter="since", default=window, key="drift-since", words=days.__getitem__)
    select(
        "Against",
        list(_AGAINST),
        parameter="against",
        default="training",
        key="drift-against",
        words=_AGAINST.__getitem__,
    )
    against = chosen("against", list(_AGAINST), "training")
    beside = {_ALONE: "no second reference"} | {name: words for name, words in _AGAINST.items() if name != against}
    select(
        "And beside it",
        list(beside),
        parameter="beside",
        default=_ALONE,
        key="drift-beside",
        words=beside.__getitem__,
    )


def look_closer(picked: Sequence[tuple[str, str]], found: Sequence[Week]) -> None:
    """Look at what was picked in the heatmap: a cell, or the weeks inside a box that was drawn."""
    order = [week.window.id for week in found]
    windows = sorted({window for _, window in picked}, key=order.index)
    names = list(dict.fromkeys(column for column, _ in picked))
    current = st.query_params.get("column")
    choose(window=windows[-1], column=current if current in names else names[0])
    if len(windows) > 1:
        choose(since=windows[0])
    else:
        st.query_params.pop("since", None)
    st.rerun()
