"""Drift: what moved, and does it matter?"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import overall
from core.drift.distribution import Distribution, beyond, distribution
from core.lifecycle.life import Life
from core.lifecycle.verdicts import live_verdict
from core.lifecycle.weeks import Week, range_monitor, weeks, worst_first
from core.modelling.run import Feature
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, resampled, shown
from dashboard.charts.drift import Grid, column_distribution, drift_heatmap, height
from dashboard.components.chart import chart
from dashboard.components.chip import chip, link
from dashboard.components.choice import choose, chosen, newly_picked, select
from dashboard.components.empty import empty
from dashboard.components.glossary import term
from dashboard.components.header import page_header
from dashboard.components.table import state_cell, state_column, table
from dashboard.vocabulary import RangeState, state_of

NOTABLE_SHARE = 0.05
"""The share of rows outside the training range that is said aloud where nobody agreed on one."""
MOST_IMPORTANT = 8
_METHOD = """
Each column of a week is compared with the rows on which the champion was trained. **Effect** is a distance of the two
distributions from 0 (the same) to 1 (nothing in common): for numbers the largest gap between their cumulative shares
(Kolmogorov-Smirnov), for categories half the sum of the differences of their shares (total variation), for missing
values the difference of the missing shares. What chance alone brings is taken away.

**Drifted** needs both: an effect of at least the margin (0.05; 0.01 for missing values), and q < 0.05 after
Benjamini-Hochberg over all columns of the week. **Stable** means that the whole 95 % interval lies below the margin;
else there are **not enough data** to say.

Behind intervals and q, {resampled}. A column is **outside the
training range** where a value is below the smallest or above the largest that training saw.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A column of a week: how it is distributed, and its shares of rows below and above the training range."""

    distribution: Distribution
    below: float = 0.0
    above: float = 0.0


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    found = weeks(life)
    if not found:
        page_header("Drift", "Later days are compared with the training rows, column by column.", project=project)
        _nothing_yet(life)
        return
    by_id = {week.window.id: week for week in found}
    week = by_id[chosen("window", list(by_id), found[-1].window.id)]
    page_header("Drift", _sentence(project, life, week), project=project, chips=(state_of(overall(week.window.drift)),))
    columns = _bar(project, life, found, week)
    column = chosen("column", columns, columns[0])
    left, right = st.columns([11, 9], gap="medium")
    with left:
        grid = Grid(weeks=found, columns=columns, chosen=(column, week.window.id), zone=project.zone)
        _heatmap(grid, _block(project))
    with right, st.container(key="drift-panel", gap="xsmall"):
        _panel(project, life, week, column)
    _table(week, columns)


def _nothing_yet(life: Life) -> None:
    if life.deployment is None:
        text = "Columns appear here by week once a model version serves and its requests are logged."
        if empty("change_history", "Nothing serves yet", text, action="Go to Release"):
            session.go("release")
        return
    text = "The first week is compared when the first window ends."
    if empty("change_history", "No window yet", text, action="Go to Performance"):
        session.go("performance")


def _sentence(project: Project, life: Life, week: Week) -> str:
    drifted, unclear = week.count(DriftVerdict.DRIFTED), week.count(DriftVerdict.NOT_ENOUGH_DATA)
    total = formats.plural(len(week.window.drift), "column")
    unclear_words = f", {unclear} not enough data" if unclear else ""
    moved = f"**{drifted} of {total} drifted**{unclear_words}"
    days = f"in the week {formats.span(week.starts, week.ends, project.zone)}"
    column, share = week.farthest or ("", 0.0)
    monitor = range_monitor(life)
    if share > (monitor.threshold if monitor else NOTABLE_SHARE):
        where = _where(week.feature(column), _seen(project, life, week).get(column))
        left = f"**{formats.escape(column)} left the training range**: {where or formats.share(share) + ' of rows'}"
        return f"{left} {days}. {moved}."
    return f"{moved} {days}." if drifted else f"**Nothing moved that matters** {days}: {moved}."


def _where(feature: Feature | None, seen: _Seen | None) -> str:
    """Return how many rows lie on which side: ``97.6 % of rows above 64.4``."""
    if feature is None or seen is None or feature.lower is None or feature.upper is None:
        return ""
    sides = [(seen.above, "above", feature.upper), (seen.below, "below", feature.lower)]
    return formats.sentence(
        f"{formats.share(share)} of rows {word} {formats.metric(bound, 'label')}"
        for share, word, bound in sides
        if share
    )


def _bar(project: Project, life: Life, found: Sequence[Week], week: Week) -> list[str]:
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
        columns = list(worst_first(found, week))
        with st.popover("Options", icon=":material/tune:", type="tertiary", key="drift-options"):
            ids = [w.window.id for w in reversed(found)]
            days = {w.window.id: formats.span(w.starts, w.ends, project.zone) for w in found}
            select("Week", ids, parameter="window", default=ids[0], key="drift-week", words=days.__getitem__)
            important = st.toggle("Only what the model uses most", key="drift-important")
    return _important(life, week, columns) if important else columns


def _important(life: Life, week: Week, columns: list[str]) -> list[str]:
    run = life.run(week.version.run_id) if week.version else None
    weight = (run.importance if run else None) or {}
    kept = set(sorted(columns, key=lambda name: -weight.get(name, 0.0))[:MOST_IMPORTANT])
    return [name for name in columns if name in kept]


def _heatmap(grid: Grid, block: str) -> None:
    points = chart(
        drift_heatmap(grid, session.theme()),
        key="drift-heatmap",
        alt="How far each column of each week lies from the training rows; a triangle marks what drifted",
        rows=_cells(grid),
        method=_METHOD.format(resampled=resampled(block)),
        height=height(grid),
        selectable=True,
    )
    st.markdown(":small[:gray[▲ drifted, · not enough data; the deeper the colour, the larger the effect]]")
    picked = newly_picked(points, "drift-heatmap")
    if picked and tuple(picked) != grid.chosen:
        choose(column=picked[0], window=picked[1])
        st.rerun()


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


def _seen(project: Project, life: Life, week: Week) -> dict[str, _Seen]:
    """Read how the columns of a week are distributed beside the training rows."""

    def read() -> dict[str, _Seen]:
        run = life.run(week.version.run_id) if week.version else None
        if run is None or week.version is None:
            return {}
        workspace = session.workspace()
        reference = workspace.modelling.reference(run)
        rows = workspace.monitoring.rows(project.id, week.starts, week.ends, as_of=week.ends)
        rows = rows.filter(pl.col("model_version_id") == week.version.id)
        return {
            feature.name: _shape(feature, reference, rows)
            for feature in week.version.features
            if feature.name in reference.columns and feature.name in rows.columns
        }

    return session.load("drift-week", project, read, week.window.id)


def _shape(feature: Feature, reference: pl.DataFrame, rows: pl.DataFrame) -> _Seen:
    found = distribution(reference[feature.name], rows[feature.name])
    if feature.lower is None or feature.upper is None:
        return _Seen(distribution=found)
    below, above = beyond(rows[feature.name], feature.lower, feature.upper)
    return _Seen(distribution=found, below=below, above=above)


def _panel(project: Project, life: Life, week: Week, column: str) -> None:
    drift, seen, feature = week.column(column), _seen(project, life, week).get(column), week.feature(column)
    if drift is None:
        empty("change_history", column, "This column was not compared in this week.", key="drift-column-empty")
        return
    st.markdown(f"### {formats.escape(column)} {state_of(drift.verdict).badge}")
    trained = f"the training rows of {formats.escape(week.version.title)}" if week.version else "the training rows"
    st.markdown(f":gray[{formats.span(week.starts, week.ends, project.zone)} against {trained}]")
    if seen is not None:
        chart(
            column_distribution(seen.distribution, feature, session.theme()),
            key="drift-column",
            alt=f"Distribution of {column} in the training rows and in this week",
            rows=_bins(seen.distribution),
            height=190,
            legend=True,
        )
    st.markdown("  \n".join(_facts(drift, feature, seen, block=_block(project))))


def _bins(found: Distribution) -> pl.DataFrame:
    names = found.levels or [
        f"{formats.metric(left, 'label')} to {formats.metric(right, 'label')}"
        for left, right in zip(found.edges, found.edges[1:], strict=False)
    ]
    return pl.DataFrame(
        {
            "value": list(names),
            "reference": [formats.share(share) for share in found.reference],
            "current": [formats.share(share) for share in found.current],
        }
    )


def _block(project: Project) -> str:
    return project.task.block if project.task else "row"


def _facts(drift: ColumnDrift, feature: Feature | None, seen: _Seen | None, *, block: str) -> list[str]:
    facts: list[str] = []
    if drift.effect is not None:
        figure_ = f"**{formats.metric(drift.effect)} {formats.interval(drift.interval)}**"
        facts.append(f"Effect {figure_}, matters from {formats.metric(drift.margin, 'label')}.")
    where = _where(feature, seen)
    if where:
        facts.append(f"{state_of(RangeState.OUTSIDE).text}: {where}.")
    facts.append(formats.escape(drift.note))
    rows = formats.plural(drift.n_current, "row")
    rows += f" of {formats.plural(drift.n_blocks, block)}" if block != "row" else ""
    facts.append(f":gray[{rows}, against {formats.plural(drift.n_reference, 'row')} of training.]")
    return facts


def _table(week: Week, columns: Sequence[str]) -> None:
    drifts = [drift for name in columns if (drift := week.column(name)) is not None]
    rows = pl.DataFrame(
        {
            "column": [d.column for d in drifts],
            "verdict": [state_cell(d.verdict) for d in drifts],
            "effect": [
                f"{formats.metric(d.effect)} {formats.interval(d.interval)}".strip()
                if d.effect is not None
                else formats.NOTHING
                for d in drifts
            ],
            "outside": [formats.share(week.outside(d.column)) for d in drifts],
            "note": [d.note for d in drifts],
        }
    )
    widths = {
        "column": st.column_config.TextColumn("Column", width=150),
        "verdict": state_column("Verdict", DriftVerdict),
        "effect": "Effect",
        "outside": st.column_config.TextColumn("Outside", width="small", help=term("Training range")),
        "note": st.column_config.TextColumn("What was found", width=420),
    }
    row = table(
        rows, key="drift-columns", alt="The columns of this week", columns=widths, selectable=True, most_rows=20
    )
    picked = newly_picked([] if row is None else [drifts[row].column], "drift-columns")
    if picked:
        choose(column=picked)
        st.rerun()
