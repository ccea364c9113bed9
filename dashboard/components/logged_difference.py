"""Two logged runs by the project's criteria, on the rows that both predicted: is the difference real?"""

from collections.abc import Sequence

import streamlit as st

from core.errors import FullcircleError
from core.metrics import METRICS
from core.modelling.comparison import Comparison, Word, compare_runs, shared_rows
from core.modelling.tracking.logged_run import LoggedRun
from core.modelling.tracking.predictions import FILE
from core.scoping.criterion import Criterion, Stage
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import title, unit
from dashboard.components.chart import how_computed
from dashboard.components.empty import problem
from dashboard.components.run_comparison import method, room, told, yardstick
from dashboard.components.table import listing


def is_it_real(project: Project, left: LoggedRun, right: LoggedRun) -> None:
    """Show two runs criterion by criterion, or how to log what that needs."""
    st.markdown("### Is the difference real?")
    kept = session.workspace().predictions
    criteria = [c for c in session.life(project).criteria_at(Stage.OFFLINE) if METRICS[c.metric].needs == "labels"]
    without = [run.name for run in (left, right) if not kept.there(run.id)]
    if without or not criteria:
        st.markdown(f":gray[{_missing(without)}]")
        return
    try:
        with st.spinner("Comparing the predicted rows …"):
            rows, found = _compared(project, left, right, criteria)
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    st.markdown(_sentence(left, right, criteria[0], found[0], rows))
    cells = [told(criterion, one) for criterion, one in zip(criteria, found, strict=True)]
    listing([_named(row, left, right) for row in cells], alt="Two logged runs, criterion by criterion")
    how_computed(method(criteria[0], found[0]), key="logged-compare")


def _missing(without: Sequence[str]) -> str:
    if not without:
        return "Nothing was agreed yet that labels decide. Agree on a criterion; then two runs are held against it."
    names = formats.sentence(formats.escape(name) for name in without)
    return (
        f"Figures alone cannot tell. {names} logged no {FILE}: log "
        "the id and the score of each held-out row, with `mlflow.log_artifact`, and both are held against the "
        "criteria on the same rows."
    )


def _compared(
    project: Project, left: LoggedRun, right: LoggedRun, criteria: Sequence[Criterion]
) -> tuple[int, list[Comparison | None]]:
    """Return how many rows both predicted, and what each criterion says; kept until something new is logged."""

    def compare() -> tuple[int, list[Comparison | None]]:
        workspace, task = session.workspace(), project.task
        assert task is not None
        both = [workspace.predictions.rows(project.id, run.id) for run in (left, right)]
        rows = shared_rows(*both)[0].height
        return rows, [compare_runs(both[0], both[1], yardstick(c), kind=task.kind) for c in criteria]

    logged = [f"{run.id} {run.ended_ms} {run.status}" for run in (left, right)]
    return session.load("logged-comparison", project, compare, *logged)


def _sentence(left: LoggedRun, right: LoggedRun, criterion: Criterion, found: Comparison | None, rows: int) -> str:
    names = formats.escape(right.name), formats.escape(left.name)
    same = f"on the same {formats.plural(rows, 'row')}"
    if found is None:
        return f"{formats.escape(title(criterion))} cannot be measured {same}."
    gap = formats.difference(found.difference, unit(criterion))
    if found.word is Word.NO_DIFFERENCE:
        return f"**No difference shown** between {names[0]} and {names[1]}: {gap} {same}{room(criterion, found)}."
    verb = "beats" if found.word is Word.BETTER else "is worse than"
    return f"**{names[0]} {verb} {names[1]}** by {gap} in {formats.escape(title(criterion))} {same}."


def _named(row: dict[str, str], left: LoggedRun, right: LoggedRun) -> dict[str, str]:
    names = {"Left": formats.escape(f"1 {left.name}"), "Right": formats.escape(f"2 {right.name}")}
    words = {"Right less left": "2 less 1", "The right one is": "The second is"}
    return {names.get(name, words.get(name, name)): cell for name, cell in row.items()}
