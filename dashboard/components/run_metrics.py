"""Every metric of the catalogue that fits a run, with its interval; what was agreed is marked."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.modelling.all_metrics import Measured, every_metric
from core.modelling.run import Run
from core.scoping.criterion import Criterion, Stage, judge
from core.scoping.project import Project, TaskKind
from dashboard import formats, session
from dashboard.charts.agreement import agreed, resampled, shown, unit_of
from dashboard.components import choice
from dashboard.components.chart import how_computed
from dashboard.components.table import table

_NO_GROUPS = "no groups"
_WIDTHS = {"Metric": 200, "At": 130, "Value": 160, "Agreed": 190}


def run_metrics(project: Project, run: Run, kind: TaskKind) -> None:
    """Show the table, and offer a column whose groups are held against one another."""
    by = _groups(run)
    cut = run.parameters.get("cut")
    found = session.load(
        "run-metrics",
        project,
        lambda: every_metric(session.workspace().modelling.holdout(run), kind, cut=cut, by=by),
        run.id,
        by,
    )
    criteria = session.life(project).criteria_at(Stage.OFFLINE)
    table(
        pl.DataFrame([_cells(one, criteria) for one in found]),
        key="run-metrics",
        alt=f"Every metric of {run.name} with its interval, and what was agreed",
        columns={name: st.column_config.TextColumn(width=width) for name, width in _WIDTHS.items()},
        most_rows=24,
    )
    how_computed(
        "Measured on all rows of the hold-out, with the run's cut. The interval is that of 95 %: "
        f"{resampled(project.task.block if project.task else 'row')}; where a closed form is wider, it counts. A "
        "figure that nobody agreed on decides nothing: of so many some look good by chance.",
        key="run-metrics",
    )


def _groups(run: Run) -> str:
    columns = [feature.name for feature in run.features if feature.kind == "category"]
    if not columns:
        return ""
    with st.container(width=340):
        chosen = choice.select(
            "Between the groups of",
            [_NO_GROUPS, *columns],
            parameter="groups",
            default=_NO_GROUPS,
            key="run-metrics-groups",
            words=str,
        )
    return "" if chosen == _NO_GROUPS else chosen


def _cells(one: Measured, criteria: Sequence[Criterion]) -> dict[str, str]:
    constants = ", ".join(f"{name} {value}" for name, value in one.parameters.items())
    asked = [f"{c.key}  {agreed(c)}: {shown(c, judge(c, one.estimate).verdict).word}" for c in one.agreed_in(criteria)]
    return {
        "Metric": one.metric.title,
        "At": constants or formats.NOTHING,
        "Value": formats.estimate(one.estimate, unit_of(one.metric.name)) if one.estimate else one.reason,
        "Agreed": formats.sentence(asked) or formats.NOTHING,
        "What it is": one.metric.description,
        "When it misleads": one.metric.misleads or formats.NOTHING,
    }
