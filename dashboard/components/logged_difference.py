"""Two logged runs by the project's criteria, on the rows that both predicted: is the difference real?"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.metrics import METRICS
from core.modelling.baseline import knowing_nothing
from core.modelling.comparison import Comparison, Word, compare_runs, shared_rows
from core.modelling.evaluation import evaluation
from core.modelling.run import LeftOut
from core.modelling.tracking.logged_run import LoggedRun
from core.modelling.tracking.predictions import FILE
from core.scoping.criterion import Criterion, Stage
from core.scoping.project import Project, TaskKind
from core.statistics.estimate import Estimate
from dashboard import formats, session
from dashboard.charts.agreement import title, unit
from dashboard.components.chart import how_computed
from dashboard.components.empty import problem
from dashboard.components.run_comparison import method, room, told, yardstick
from dashboard.components.run_words import DRAWN
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
            judged = _compared(project, left, right, criteria)
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    found = judged.found
    st.markdown(_sentence(left, right, criteria[0], found[0], judged.rows))
    if ladder := _ladder(project, criteria[0], found[0], judged):
        st.markdown(f":gray[{ladder}]")
    if judged.drawn:
        st.warning(DRAWN, icon=":material/warning:")
    for run, beside in zip((left, right), judged.left_out, strict=True):
        if beside:
            st.warning(f"{formats.escape(run.name)}: {formats.escape(beside.sentence)}", icon=":material/warning:")
    cells = [told(criterion, one) for criterion, one in zip(criteria, found, strict=True)]
    listing([_named(row, left, right) for row in cells], alt="Two logged runs, criterion by criterion")
    how_computed(method(criteria[0], found[0]), key="logged-compare")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """Two logged runs by every criterion, on the rows that both predicted.

    ``nothing`` is what knowing nothing reaches there by the first criterion, ``champion`` what the champion does if it
    held out all of these rows; ``drawn`` tells whether rows were held out at random although they have a time, and
    ``left_out`` what each predicted beside the dataset.
    """

    rows: int
    found: Sequence[Comparison | None]
    nothing: Estimate | None
    champion: Estimate | None
    drawn: bool
    left_out: Sequence[LeftOut | None]


def _ladder(project: Project, criterion: Criterion, found: Comparison | None, judged: _Judged) -> str:
    """Return the better of the two beside what knowing nothing, the champion and people reach."""
    if found is None:
        return ""
    life = session.life(project)
    best = found.right if found.word is Word.BETTER else found.left
    known = "mean" if project.task and project.task.kind is TaskKind.REGRESSION else "commonest class"
    rungs = {f"for the {known}": judged.nothing, "for the champion": judged.champion}
    rungs["for people"] = life.human_level(criterion)
    told_rungs = [f"{formats.metric(e.value, unit(criterion))} {words}" for words, e in rungs.items() if e]
    if not told_rungs:
        return ""
    name = formats.escape(title(criterion))
    return f"{name}: {formats.metric(best.value, unit(criterion))} against {formats.sentence(told_rungs)}."


def _missing(without: Sequence[str]) -> str:
    if not without:
        return "Nothing was agreed yet that labels decide. Agree on a criterion; then two runs are held against it."
    names = formats.sentence(formats.escape(name) for name in without)
    return (
        f"Figures alone cannot tell. {names} logged no {FILE}: log "
        "the id and the score of each held-out row, with `mlflow.log_artifact`, and both are held against the "
        "criteria on the same rows."
    )


def _compared(project: Project, left: LoggedRun, right: LoggedRun, criteria: Sequence[Criterion]) -> _Judged:
    """Return what each criterion says of the rows that both predicted; kept until something new is logged."""

    def compare() -> _Judged:
        workspace, task = session.workspace(), project.task
        assert task is not None
        both = [workspace.predictions.parted(project.id, run.id) for run in (left, right)]
        rows = shared_rows(both[0].predicted, both[1].predicted)[0]
        said = [side.predicted for side in both]
        return _Judged(
            rows=rows.height,
            found=[compare_runs(said[0], said[1], yardstick(c), kind=task.kind) for c in criteria],
            nothing=_nothing(both[0].train["label"], rows, criteria[0], task.kind),
            champion=_champion(session.life(project), rows, criteria[0], task.kind),
            drawn=any(side.drawn_from_time for side in both),
            left_out=[side.left_out for side in both],
        )

    logged = [f"{run.id} {run.ended_ms} {run.status}" for run in (left, right)]
    return session.load("logged-comparison", project, compare, *logged)


def _nothing(labels: pl.Series, rows: pl.DataFrame, criterion: Criterion, kind: TaskKind) -> Estimate | None:
    if labels.is_empty():
        return None
    found = evaluation(knowing_nothing(labels, rows, kind), criterion, kind=kind)
    return found and found.estimate


def _champion(life: Life, rows: pl.DataFrame, criterion: Criterion, kind: TaskKind) -> Estimate | None:
    """Measure the champion, if it held out every one of these rows: on those it was trained on it knows the answers."""
    run = life.run(life.champion.run_id) if life.champion else None
    if run is None or run.predictions is None:
        return None
    key = ["entity_id", "event_time"]
    mine = session.workspace().modelling.holdout(run).join(rows, on=key, how="semi", nulls_equal=True)
    found = evaluation(mine, criterion, kind=kind) if mine.height == rows.height else None
    return found and found.estimate


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
