"""Drift: what moved, and does it matter?"""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from core.drift.by_methods import ByMethod
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import overall
from core.drift.picture import Picture
from core.lifecycle.drift_alarms import DriftAlarms, drift_alarms
from core.lifecycle.level import level
from core.lifecycle.life import Life
from core.lifecycle.verdicts import live_verdict
from core.lifecycle.weeks import Week, alike_together, range_monitor, weeks, worst_first
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, resampled, shown
from dashboard.charts.drift import Grid, drift_heatmap, height
from dashboard.charts.moved_column import Course
from dashboard.charts.quadrant import importance_and_effect
from dashboard.components.chart import chart
from dashboard.components.chip import chip, link
from dashboard.components.choice import choose, chosen, newly_picked, search, select
from dashboard.components.column_alarms import alarm_budget, alarm_in_words
from dashboard.components.drift_beside import Held
from dashboard.components.drift_look import Look, changed_options, choose_rows, look_at, look_beside, look_closer
from dashboard.components.drift_panel import Column, drift_panel, where_outside
from dashboard.components.drift_together import together
from dashboard.components.empty import empty
from dashboard.components.glossary import term
from dashboard.components.header import page_header
from dashboard.components.segments import segments
from dashboard.components.table import state_cell, state_column, table
from dashboard.vocabulary import state_of

NOTABLE_SHARE = 0.05
"""The share of rows outside the training range that is said aloud where nobody agreed on one."""
MOST_IMPORTANT = 8
_FEW = 3
MOST_DRAWN = 25
"""The columns that the heatmap draws, as many as a screen holds; the others are found by name."""
_ORDERS: Mapping[str, str] = {"worst": "What moved most first", "alike": "What moves alike together", "name": "By name"}
_OVERVIEWS: Mapping[str, str] = {"week": "By week", "importance": "By importance", "together": "Together"}
_METHOD = """
Each column of a week is compared with the rows on which the champion was trained. **Effect** is a distance of the two
distributions from 0 (the same) to 1 (nothing in common): for numbers the largest gap between their cumulative shares
(Kolmogorov-Smirnov), for categories half the sum of the differences of their shares (total variation), for missing
values the difference of the missing shares. What chance alone brings is taken away.

**Drifted** needs both: an effect of at least the margin (0.05; 0.01 for missing values), and an interval that lies
above 0. Its lower end allows for all columns of the week, for twenty at least (Benjamini-Hochberg): it is above 0 just
where q is 0.05 or less. **Stable** means that the whole interval lies below the margin; else there are **not enough
data** to say.

Behind intervals and q, {resampled}. A column is **outside the
training range** where a value is below the smallest or above the largest that training saw.

An **alarm** adds up what all weeks beside the same training rows say of a column: each week's p-value is a bet against
"nothing moved" (e-values, Shin, Ramdas and Rinaldo 2024), less what the training rows' own error may bring to all of
them alike. {budget} is allowed of all columns together, however often somebody looks. An alarm sends nothing.
"""
_IMPORTANCE = """
**Importance** is what the hold-out's metric loses when a column's values are shuffled (permutation importance), as it
was measured when the version was trained. **Effect** is the distance from the reference, with its 95 % interval.
What stands top right moved, and the model leans on it.
"""


_OTHER_METHODS = "The column by every method that is defined for it, and by the thresholds of other tools."


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    found = weeks(life)
    if not found:
        page_header("Drift", "Later days are compared with the training rows, column by column.", project=project)
        _nothing_yet(life)
        return
    look = look_at(project, found)
    beside = look_beside(project, found, look)
    said = _sentence(life, look) + (f" {_beside(look, beside)}" if beside else "")
    page_header("Drift", said, project=project, chips=(state_of(overall(look.columns)),))
    columns = _bar(life, found, look)
    alarms = session.load("drift-alarms", project, lambda: drift_alarms(found, budget=project.alarm_budget))
    column = chosen("column", columns, columns[0])
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _overview(life, alarms, look, columns, column)
    with right, st.container(key="drift-panel", gap="xsmall"):
        _panel(project, alarms, look, beside, column)
    _table(look, beside, columns)


def _nothing_yet(life: Life) -> None:
    if life.deployment is None:
        text = "Columns appear here by week once a model version serves and its requests are logged."
        if empty("change_history", "Nothing serves yet", text, action="Go to Release"):
            session.go("release")
        return
    text = "The first week is compared when the first window ends."
    if empty("change_history", "No window yet", text, action="Go to Performance"):
        session.go("performance")


def _sentence(life: Life, look: Look) -> str:
    drifted, unclear = look.count(DriftVerdict.DRIFTED), look.count(DriftVerdict.NOT_ENOUGH_DATA)
    unclear_words = f", {unclear} not enough data" if unclear else ""
    moved = f"**{drifted} of {formats.plural(len(look.columns), 'column')} drifted**{unclear_words}"
    days = f"in {look.days}" + ("" if look.against is None else f" against {look.reference}")
    column, share = look.farthest
    monitor = range_monitor(life)
    if share > (monitor.threshold if monitor else NOTABLE_SHARE):
        where = where_outside(look.week.feature(column), look.picture(column))
        left = f"**{formats.escape(column)} left the training range**: {where or formats.share(share) + ' of rows'}"
        return f"{left} {days}. {moved}."
    if drifted:
        return f"{moved} {days}."
    told = "Nothing moved that matters" if unclear < len(look.columns) else "Too few data to say what moved"
    return f"**{told}** {days}: {moved}."


def _beside(look: Look, beside: Look) -> str:
    """Say how the same days stand to the second reference, and what of the first is no news to it."""
    again = {column.column: column.verdict for column in beside.columns}
    moved = [again.get(c.column) for c in look.columns if c.verdict is DriftVerdict.DRIFTED]
    alike = moved.count(DriftVerdict.STABLE)
    like_it = "1 is" if alike == 1 else f"{alike or 'none'} are"
    known = f"; of the {len(moved)} above, {like_it} like it" if moved else ""
    drifted = f"{beside.count(DriftVerdict.DRIFTED)} of {len(beside.columns)} drifted"
    return f"Against {beside.called}, {beside.reference}: **{drifted}**{known}."


def _bar(life: Life, found: Sequence[Week], look: Look) -> list[str]:
    """Show the range monitor and the options; return the columns to show."""
    monitor = range_monitor(life)
    now = live_verdict(life, monitor) if monitor else None
    with st.container(horizontal=True, vertical_alignment="center", key="drift-bar"):
        if monitor and now:
            state = shown(monitor, now.verdict)
            said = (
                f"{monitor.key} outside the range {figure(monitor, now.judgement.estimate)}, agreed {agreed(monitor)}"
            )
            chip(state, "criterion", label=said, help=term("Training range"), id=monitor.id)
        st.space("stretch")
        link("Does it still hold?", "performance", icon="monitoring")
        columns = list(worst_first(found, look.week))
        changed = changed_options()
        name = f"Options ({changed})" if changed else "Options"
        with st.popover(name, icon=":material/tune:", type="tertiary", key="drift-options"):
            choose_rows(found)
            st.toggle("Other methods", key="drift-other-methods", help=_OTHER_METHODS)
            alarm_budget(life.project)
            important = st.toggle("Only what the model uses most", key="drift-important")
            if len(columns) > _FEW:
                select(
                    "Order",
                    list(_ORDERS),
                    parameter="order",
                    default="worst",
                    key="drift-order",
                    words=_ORDERS.__getitem__,
                )
        wanted = search("Find a column", parameter="find", key="drift-find") if len(columns) > MOST_DRAWN else ""
    if wanted:
        return [name for name in columns if wanted in name.lower()] or columns
    return _important(life, look.week, columns) if important else columns


def _important(life: Life, week: Week, columns: list[str]) -> list[str]:
    weight = _importance(life, week)
    kept = set(sorted(columns, key=lambda name: -weight.get(name, 0.0))[:MOST_IMPORTANT])
    return [name for name in columns if name in kept]


def _importance(life: Life, week: Week) -> Mapping[str, float]:
    run = life.run(week.version.run_id) if week.version else None
    return (run.importance if run else None) or {}


# Beside the panel


def _overview(life: Life, alarms: DriftAlarms, look: Look, columns: list[str], column: str) -> None:
    part = segments("Overview", _OVERVIEWS, parameter="by", default="week", key="drift-by")
    if part == "importance":
        _quadrant(life, look, column)
    elif part == "together":
        together(look, block=_block(life.project))
    else:
        drawn = _ordered(alarms.weeks, columns[:MOST_DRAWN])
        cell = column, look.week.window.id
        grid = Grid(weeks=alarms.weeks, columns=drawn, chosen=cell, zone=life.project.zone, marked=alarms.marks)
        _heatmap(grid, life.project, of=len(columns))
        _unwatched(alarms.refusal(look.week))


def _quadrant(life: Life, look: Look, column: str) -> None:
    weight = _importance(life, look.week)
    if not weight:
        st.markdown(":gray[The importance of the inputs was not measured for this version.]")
        return
    points = chart(
        importance_and_effect(look.columns, weight, column, session.theme()),
        key="drift-quadrant",
        alt="How far each column moved, by how much the model uses it; what matters stands top right",
        rows=pl.DataFrame(
            {
                "column": [c.column for c in look.columns],
                "importance": [formats.metric(weight.get(c.column)) for c in look.columns],
                "effect": [_effect(c) for c in look.columns],
            }
        ),
        method=_IMPORTANCE,
        height=360,
        selectable=True,
    )
    picked = newly_picked(points, "drift-quadrant")
    if picked and picked != column:
        choose(column=str(picked))
        st.rerun()


def _ordered(found: Sequence[Week], columns: Sequence[str]) -> Sequence[str]:
    order = chosen("order", list(_ORDERS), "worst")
    return sorted(columns) if order == "name" else alike_together(found, columns) if order == "alike" else columns


def _heatmap(grid: Grid, project: Project, *, of: int) -> None:
    budget = project.alarm_budget
    points = chart(
        drift_heatmap(grid, session.theme()),
        key="drift-heatmap",
        alt="How far each column of each week lies from the training rows; a triangle marks what drifted",
        rows=_cells(grid),
        method=_METHOD.format(resampled=resampled(_block(project)), budget=budget[0].upper() + budget[1:]),
        height=height(grid),
        selectable=True,
        brush=True,
    )
    st.markdown(
        ":small[:gray[▲ drifted, · not enough data; the deeper the colour, the larger the effect"
        f"{'; in an amber ring, where an alarm began' if _any_ring(grid) else ''}. Draw a box over several weeks to "
        "look at them as one.]]"
    )
    if of > len(grid.columns):
        st.markdown(
            f":small[:gray[The {len(grid.columns)} of {of:,} columns that moved most are drawn; find another by its "
            "name. The table below holds all of them.]]"
        )
    picked = newly_picked([points] if points else [], "drift-heatmap")
    if picked:
        look_closer(picked, grid.weeks)


def _any_ring(grid: Grid) -> bool:
    return any(name in grid.columns for name, _ in grid.marked)


def _unwatched(refusal: str) -> None:
    if refusal:
        st.markdown(f":small[:gray[No alarm is raised over several weeks. {formats.escape(refusal)}]]")


def _cells(grid: Grid) -> pl.DataFrame:
    weeks_ = {formats.last_day(week.ends, grid.zone): week for week in grid.weeks}
    return pl.DataFrame(
        {"column": list(grid.columns)}
        | {day: [_effect(week.column(name)) for name in grid.columns] for day, week in reversed(weeks_.items())}
    )


def _effect(drift: ColumnDrift | None) -> str:
    if drift is None or drift.effect is None:
        return formats.NOTHING
    return f"{state_of(drift.verdict).mark} {formats.metric(drift.effect)}"


# The panel, and all columns


def _panel(project: Project, alarms: DriftAlarms, look: Look, beside: Look | None, name: str) -> None:
    drift = look.column(name)
    if drift is None:
        empty("change_history", name, "This column was not compared in these days.", key="drift-column-empty")
        return
    feature, second = look.week.feature(name), _held(beside, name)

    def course() -> Course:
        kept = session.load(
            "drift-course",
            project,
            lambda: session.workspace().drift.course([week.window for week in alarms.weeks], name),
            name,
        )
        drawn = [(week, kept[week.window.id]) for week in alarms.weeks if week.window.id in kept]
        return Course(
            weeks=drawn,
            feature=feature,
            chosen=look.week.window.id,
            zone=project.zone,
            beside=_drawn(second),
            level=level(drawn),
        )

    def methods() -> Sequence[ByMethod]:
        version, current, against = look.week.version, look.current, look.against
        assert version is not None
        key = [version.id, *(f"{span.starts}/{span.ends}" for span in (current, against) if span), name]
        ask = session.workspace().drift.by_methods
        return session.load(
            "drift-methods", project, lambda: ask(project.id, version, current, against=against, column=name), *key
        )

    drift_panel(
        Column(
            drift=drift,
            picture=look.picture(name),
            feature=feature,
            course=course,
            methods=methods if st.session_state.get("drift-other-methods") and look.week.version else None,
            between=f"{look.days[0].upper()}{look.days[1:]} against {look.reference}",
            block=_block(project),
            called=look.called,
            beside=second,
            alarm=alarm_in_words(alarms, look, name),
        )
    )
    if look.week.window.labels:
        link("Where does it hurt?", "window", icon="troubleshoot", id=look.week.window.id, by="hurts", column=name)


def _held(beside: Look | None, name: str) -> Held | None:
    drift = beside.column(name) if beside else None
    return Held(drift=drift, picture=beside.picture(name), called=beside.called) if beside and drift else None


def _drawn(held: Held | None) -> tuple[Picture, str] | None:
    return (held.picture, held.called) if held and held.picture else None


def _block(project: Project) -> str:
    return project.task.block if project.task else "row"


def _table(look: Look, beside: Look | None, columns: Sequence[str]) -> None:
    drifts = [drift for name in columns if (drift := look.column(name)) is not None]
    rows = pl.DataFrame(
        {
            "column": [d.column for d in drifts],
            "verdict": [state_cell(d.verdict) for d in drifts],
            "effect": [_figure(d) for d in drifts],
            **_cells_beside(beside, drifts),
            "outside": [formats.share(look.outside(d.column)) for d in drifts],
            "note": [d.note for d in drifts],
        }
    )
    widths = {
        "column": st.column_config.TextColumn("Column", width=150),
        "verdict": state_column("Verdict", DriftVerdict),
        "effect": "Effect",
        "again": state_column(f"Against {beside.called}" if beside else "", DriftVerdict),
        "effect again": "Effect of that",
        "outside": st.column_config.TextColumn("Outside", width="small", help=term("Training range")),
        "note": st.column_config.TextColumn("What was found", width=420),
    }
    row = table(
        rows, key="drift-columns", alt="The columns in these days", columns=widths, selectable=True, most_rows=20
    )
    picked = newly_picked([] if row is None else [drifts[row].column], "drift-columns")
    if picked:
        choose(column=picked)
        st.rerun()


def _cells_beside(beside: Look | None, drifts: Sequence[ColumnDrift]) -> Mapping[str, Sequence[object]]:
    """Return the cells of the second reference; none where there is none."""
    if beside is None:
        return {}
    again = [beside.column(drift.column) for drift in drifts]
    return {
        "again": [state_cell(one.verdict) if one else formats.NOTHING for one in again],
        "effect again": [_figure(one) for one in again],
    }


def _figure(drift: ColumnDrift | None) -> str:
    if drift is None or drift.effect is None:
        return formats.NOTHING
    return f"{formats.metric(drift.effect)} {formats.interval(drift.interval)}".strip()
