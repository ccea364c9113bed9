"""One column of a comparison: its verdict, one chart of it at a time, and the facts behind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl
import streamlit as st

from core.data.in_full import Moved
from core.drift.by_methods import ByMethod
from core.drift.column_drift import ColumnDrift
from core.drift.picture import Picture
from core.lifecycle.level import Level
from core.modelling.run import Feature
from core.statistics.steps import CARRIED, FEWEST
from dashboard import formats, session
from dashboard.charts.agreement import resampled
from dashboard.charts.drift import column_distribution
from dashboard.charts.moved_column import Course, how_far, over_time, rows_of
from dashboard.components.chart import chart, how_computed
from dashboard.components.drift_beside import Held, both_in_words, draw_both, effect_of
from dashboard.components.drift_rows import bins, quantiles_or_levels
from dashboard.components.segments import segments
from dashboard.components.table import table
from dashboard.vocabulary import RangeState, state_of

_CALLED = {True: "drift", False: "no drift"}
_SMALLEST_P = 0.001
_HEIGHT = 215
_PARTS: Mapping[str, str] = {"shape": "Shape", "far": "How far", "course": "Over time"}
_HOW_FAR = """
**Numbers**: for each share of rows, the value that so many rows lie below, now minus in the reference (the shift
function). All quantiles moved alike: the column was shifted. The ends moved apart: it spreads wider. **Categories**:
the share of each level now, minus its share in the reference. Bands and bars are 95 % intervals; behind them,
{resampled}. The interval of a quantile is Woodruff's, that of a difference Zou and Donner's.
"""
_OVER_TIME = f"""
Each week's rows by themselves. **Numbers**: the median, the middle half, and nine of ten rows; in grey, nine of ten
training rows, in a frame those of a second reference; dotted, the ends of the training range. **Categories**: the
shares of the levels that are largest now, dotted what they were in training. A dashed line marks where another version
began to answer.

A line with a date marks where the **level** changed: from that week on, the weekly median is another one. The largest
difference of mean ranks before and after (Pettitt 1979), each side at least 4 weeks, is held against series without a
change: 5 % of them would show a mark, as long as neighbouring weeks correlate by no more than {CARRIED:g}. Where a line
through the medians fits as well (BIC), the level changes gradually, as seasons do, and nothing is marked. A level
that goes and comes back can be missed. Looked for from {FEWEST} weeks on. A mark is no verdict: whether the column
drifted is judged against the reference.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column that is looked at; ``between`` says in words (Markdown) which rows are compared.

    ``course`` is ``None`` where there are no weeks to follow it through; ``methods`` where none is asked for;
    ``beside`` is the same rows held against a second reference, where one is; ``called`` names the first. ``alarm``
    says in words since when the column's alarm is there.
    """

    drift: ColumnDrift | Moved
    picture: Picture | None
    between: str
    block: str
    feature: Feature | None = None
    course: Callable[[], Course] | None = None
    methods: Callable[[], Sequence[ByMethod]] | None = None
    called: str = "the reference"
    beside: Held | None = None
    alarm: str = ""

    @property
    def held(self) -> Held:
        """Return the column held against the first reference."""
        return Held(drift=self.drift, picture=self.picture, called=self.called)


def drift_panel(column: Column) -> None:
    """Show one column."""
    name, picture = column.drift.column, column.picture
    st.markdown(f"### {formats.escape(name)} {state_of(column.drift.verdict).badge}")
    st.markdown(f":gray[{column.between}]")
    if column.beside is not None:
        st.markdown(both_in_words(column.held, column.beside))
    if picture is not None and (picture.edges or picture.levels):
        parts = {part: words for part, words in _PARTS.items() if part != "course" or column.course}
        part = segments("Part", parts, parameter="part", default="shape", key="drift-part")
        if column.beside is None or not draw_both(part, column.held, column.beside, column.block):
            _DRAWN[part](column, picture)
    st.markdown("  \n".join(_facts(column)))
    if column.methods is not None:
        _by_methods(column.methods())


def _by_methods(found: Sequence[ByMethod]) -> None:
    table(
        pl.DataFrame(
            {
                "method": [one.title for one in found],
                "value": [formats.metric(one.value) if one.drift is None else _CALLED[one.drift] for one in found],
                "p": [_chance(one.p_value) for one in found],
            }
        ),
        key="drift-methods",
        alt="The column by every method that is defined for it",
        columns={"method": st.column_config.TextColumn("Method", width=240), "value": "Value", "p": "p"},
    )
    misleads = "\n".join(f"- **{formats.escape(one.title)}**: {formats.escape(one.said)}" for one in found)
    how_computed(f"When each of them misleads:\n\n{misleads}", key="drift-methods")
    st.markdown(
        ":small[:gray[These take rows as independent, and the thresholds are those of other tools: the verdict above "
        "is the one to go by.]]"
    )


def _chance(p_value: float | None) -> str:
    return "< 0.001" if p_value is not None and p_value < _SMALLEST_P else formats.metric(p_value)


def _shape(column: Column, picture: Picture) -> None:
    chart(
        column_distribution(picture, column.feature, session.theme()),
        key="drift-column",
        alt=f"Distribution of {picture.column} in the reference and in these days",
        rows=bins(picture),
        height=_HEIGHT,
        legend=True,
    )


def _how_far(column: Column, picture: Picture) -> None:
    chart(
        how_far(picture, session.theme()),
        key="drift-far",
        alt=f"How far each part of {picture.column} moved",
        rows=quantiles_or_levels(picture),
        method=_HOW_FAR.format(resampled=resampled(column.block)),
        height=_HEIGHT,
    )


def _over_time(column: Column, picture: Picture) -> None:
    course = column.course() if column.course else None
    if course is None or not course.weeks:
        st.markdown(":gray[No week kept what is drawn here yet.]")
        return
    chart(
        over_time(course, session.theme()),
        key="drift-course",
        alt=f"{picture.column} week by week",
        rows=pl.DataFrame(rows_of(course)),
        method=_OVER_TIME,
        height=_HEIGHT,
        legend=True,
    )
    if picture.is_number and course.level is not None:
        st.markdown(f":small[:gray[{_level(course.level, course.zone)}]]")


def _level(found: Level, zone: ZoneInfo) -> str:
    """Return where the level changed, in a sentence that judges nothing."""
    if not found.enough:
        return f"Where the level changed is looked for from {FEWEST} weeks on; here are {found.weeks}."
    if found.gradual:
        return "The level changes gradually."
    days = [formats.day(week.starts, zone) for week in found.changed]
    return f"Level changed about {formats.sentence(days)}." if days else "No step of the level."


_DRAWN: Mapping[str, Callable[[Column, Picture], None]] = {"shape": _shape, "far": _how_far, "course": _over_time}


def where_outside(feature: Feature | None, picture: Picture | None) -> str:
    """Return how many rows lie on which side of the training range: ``97.6 % of rows above 64.4``."""
    if feature is None or picture is None or feature.lower is None or feature.upper is None:
        return ""
    sides = [(picture.above, "above", feature.upper), (picture.below, "below", feature.lower)]
    return formats.sentence(
        f"{formats.share(share)} of rows {word} {formats.metric(bound, 'label')}"
        for share, word, bound in sides
        if share
    )


def _facts(column: Column) -> list[str]:
    drift, facts = column.drift, list[str]()
    if column.beside is not None:
        facts += [effect_of(column.held), effect_of(column.beside)]
    elif drift.effect is not None:
        figure = f"**{formats.metric(drift.effect)} {formats.interval(drift.interval)}**"
        facts.append(f"Effect {figure}, matters from {formats.metric(drift.margin, 'label')}.")
    if column.alarm:
        facts.append(f":orange[:material/radio_button_unchecked:] {column.alarm}")
    where = where_outside(column.feature, column.picture)
    if where:
        facts.append(f"{state_of(RangeState.OUTSIDE).text}: {where}.")
    if drift.note:
        facts.append(formats.escape(drift.note))
    rows = formats.plural(drift.n_current, "row")
    rows += f" of {formats.plural(drift.n_blocks, column.block)}" if column.block != "row" else ""
    facts.append(f":gray[{rows}, against {formats.plural(drift.n_reference, 'row')} of the reference.]")
    return facts
