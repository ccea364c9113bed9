"""Runs: which model is better, and is it real?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from core.job import Job
from core.lifecycle.life import Life
from core.metrics import METRICS
from core.modelling.comparison import Comparison, Word
from core.modelling.ranking import estimate_for, held_out, leading, ranked, registrable, rivals, simpler
from core.modelling.recipes.uploaded import UPLOADED
from core.modelling.run import Run, RunState
from core.scoping.criterion import Criterion, Stage, judge
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, shown, title, unit
from dashboard.charts.human import human_aside, human_method
from dashboard.charts.runs import RunRow, height, run_estimates
from dashboard.components import choice, working
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.empty import empty
from dashboard.components.header import Primary, page_header
from dashboard.components.run_comparison import comparison, method, two_runs, yardstick
from dashboard.components.run_orders import ask_for_predictions, ask_to_register, ask_to_train, go_to_registered
from dashboard.components.run_words import judged_words, run_title, trained_between
from dashboard.components.table import state_cell, state_column, table
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_MOST_RUNS = 10
_NO_MARK = "○"  # a baseline is judged by nobody
_NOT_COMPARED = {True: "the best", False: formats.NOTHING}
_JOBS = ("train", "register")


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    go_to_registered(project)
    job = working.at_work(project, *_JOBS)
    if not life.runs:
        _nothing_yet(life, job)
        return
    criteria = _criteria(life)
    leader = _leader(project, life, criteria) if criteria else None
    _head(project, life, criteria, leader, job)
    _progress(project, job)
    if life.finished_runs and leader is not None:
        _against(project, life, leader)
    _all_runs(life, criteria)
    if len(life.finished_runs) > 1 and criteria:
        two_runs(project, life, criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leader:
    """The run that leads by one criterion, among those of the same hold-out; ``others`` in order of rank."""

    criterion: Criterion
    run: Run | None
    others: tuple[Run, ...]
    looked: int


def _criteria(life: Life) -> list[Criterion]:
    offline = life.criteria_at(Stage.OFFLINE)
    return [c for c in offline if METRICS[c.metric].needs == "labels"]


def _leader(project: Project, life: Life, criteria: Sequence[Criterion]) -> _Leader:
    keys = [criterion.key for criterion in criteria]
    key = choice.chosen("by", keys, keys[0])
    criterion = next(c for c in criteria if c.key == key)
    finished = life.finished_runs
    # uploaded predictions are of any rows: they do not choose which hold-out is looked at
    newest = next(
        (run for run in reversed(finished) if run.recipe != UPLOADED.name), finished[-1] if finished else None
    )
    same = [run for run in finished if newest and held_out(run) == held_out(newest)]
    order = ranked(same, criterion)
    by = yardstick(criterion)
    looked = rivals(order)
    best = leading(order, lambda left, right: comparison(project, left, right, by, looked=looked))
    others = tuple(run for run in order if best is None or run.id != best.id)
    return _Leader(criterion=criterion, run=best, others=others, looked=looked)


def _beside_best(project: Project, leader: _Leader, run: Run) -> Comparison | None:
    """Compare a run with the best; the interval allows for all rivals, and a baseline is none."""
    if leader.run is None or run.id == leader.run.id:
        return None
    looked = leader.looked if registrable(run) else 1
    return comparison(project, leader.run, run, yardstick(leader.criterion), looked=looked)


# ---- head


def _nothing_yet(life: Life, job: Job | None) -> None:
    if job is not None:
        page_header("Runs", "The first runs are being trained.", project=life.project)
        working.progress(job.id)
        return
    accepted = life.accepted is not None
    sentence = "No run yet." if accepted else "No run yet: runs are trained on a dataset that was accepted."
    page_header(
        "Runs", f"{sentence} Next: **{'train the first' if accepted else 'accept a dataset'}**.", project=life.project
    )
    working.failure(life.project, *_JOBS)
    wanted = "Train" if accepted else "Go to the datasets"
    if empty(
        "science",
        "No run yet",
        "Each run appears here with what it measured on the hold-out, against what was agreed, and whether it is "
        "really better than the others.",
        action=wanted,
    ):
        if not accepted:
            session.go("datasets")
        ask_to_train(life)
    if accepted:
        with st.container(horizontal_alignment="center"):
            _offer_to_evaluate(life)


def _offer_to_evaluate(life: Life) -> None:
    if st.button(
        "Evaluate predictions",
        icon=":material/fact_check:",
        type="tertiary",
        key="runs-evaluate",
        help="A file of scores from anywhere, judged by what was agreed.",
    ):
        ask_for_predictions(life)


def _head(project: Project, life: Life, criteria: Sequence[Criterion], leader: _Leader | None, job: Job | None) -> None:
    best = leader.run if leader else None
    register = best is not None and not life.versions
    primary = (
        Primary(
            label=f"Register {run_title(life, best)}",
            icon="deployed_code",
            key="runs-register",
            disabled=job is not None,
        )
        if register and best is not None
        else Primary(label="Train", icon="play_arrow", key="runs-train", disabled=job is not None)
    )
    if not page_header("Runs", _sentence(project, life, criteria, leader), project=project, primary=primary):
        return
    if register and best is not None:
        ask_to_register(life, best)
    else:
        ask_to_train(life)


def _sentence(project: Project, life: Life, criteria: Sequence[Criterion], leader: _Leader | None) -> str:
    at_work = sum(run.state in {RunState.QUEUED, RunState.RUNNING, RunState.INTERRUPTED} for run in life.runs)
    if not life.finished_runs:
        return (
            f"{formats.plural(at_work, 'run')} at work."
            if at_work
            else "No run has finished. Look at why, and train again."
        )
    if not criteria or leader is None:
        return (
            f"{formats.plural(len(life.finished_runs), 'run')} finished; nothing says yet which is good enough. "
            "Next: **agree on a criterion**."
        )
    if leader.run is None:
        return "No run measured what was agreed, or only baselines did. Next: **train another run**."
    parts = [_best_words(life, leader, leader.run)]
    if leader.others:
        parts.append(_runner_up_words(project, life, leader, leader.run))
    if not life.versions:
        parts.append("Next: **register it**.")
    return " ".join(part for part in parts if part)


def _best_words(life: Life, leader: _Leader, best: Run) -> str:
    criterion = leader.criterion
    estimate = estimate_for(best, criterion)
    verdict = judge(criterion, estimate).verdict
    return (
        f"Best: **{escape(run_title(life, best))}**, {escape(_in_sentence(criterion))} "
        f"**{figure(criterion, estimate)}**, agreed {agreed(criterion)}: **{shown(criterion, verdict).word}**."
    )


def _in_sentence(criterion: Criterion) -> str:
    words = title(criterion)
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def _runner_up_words(project: Project, life: Life, leader: _Leader, best: Run) -> str:
    rival = _runner_up(leader)
    found = _beside_best(project, leader, rival)
    if found is None:
        return ""
    words = "no different" if found.word is Word.NO_DIFFERENCE else state_of(found.word).word
    gap = formats.difference(found.difference, unit(leader.criterion))
    tie = found.word is Word.NO_DIFFERENCE and simpler(best, rival)
    advice = ": take the simpler, keep the other in shadow" if tie else ""
    return f"{escape(run_title(life, rival))} is **{words}** ({gap}){advice}."


def _runner_up(leader: _Leader) -> Run:
    return next((run for run in leader.others if registrable(run)), leader.others[0])


def _progress(project: Project, job: Job | None) -> None:
    if job is not None:
        working.progress(job.id)
        _follow(project.id, _states(session.life(project)))
    else:
        working.failure(project, *_JOBS)


@st.fragment(run_every=1)
def _follow(project_id: str, shown: Mapping[str, str]) -> None:
    """Show the whole page anew when a run begins or ends, so that the table says no other than the progress above."""
    if _states(session.life(session.workspace().projects.get(project_id))) != shown:
        st.rerun()


def _states(life: Life) -> dict[str, str]:
    return {run.id: run.state for run in life.runs}


# ---- chart


def _against(project: Project, life: Life, leader: _Leader) -> None:
    criteria = {criterion.key: criterion for criterion in _criteria(life)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width=340):
            choice.select(
                "Compare by",
                list(criteria),
                parameter="by",
                default=next(iter(criteria)),
                key="runs-by",
                words=lambda key: f"{key}  {title(criteria[key])}",
            )
        newest = leader.run or life.finished_runs[-1]
        used = judged_words(life, newest)
        st.markdown(f":gray[On the hold-out of {trained_between(life, newest)[1]}. {used}]", width="stretch")
        if life.accepted is not None and not life.versions and leader.run is not None:
            with st.container(width="content"):
                if st.button("Train more", icon=":material/play_arrow:", key="runs-train-more"):
                    ask_to_train(life)
    runs = [*([leader.run] if leader.run else []), *leader.others][:_MOST_RUNS]
    if not runs:
        st.markdown(":gray[No run of this hold-out measured it.]")
        _offer_to_evaluate(life)
        return
    rows = [_run_row(life, run, leader.criterion) for run in runs]
    human = life.human_level(leader.criterion)
    alt = f"{title(leader.criterion)} of {formats.plural(len(rows), 'run')}, agreed {agreed(leader.criterion)}"
    picked = chart(
        run_estimates(rows, leader.criterion, session.theme(), human),
        key="runs-chart",
        alt=f"{alt}{human_aside(leader.criterion, human)}.",
        rows=_chart_rows(project, life, runs, leader),
        method=method(leader.criterion, _first_compared(project, leader)) + human_method(human),
        height=height(rows),
        selectable=True,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _offer_shadow(project, life, leader)
        _offer_to_evaluate(life)
    opened = choice.newly_picked(picked, "runs-chart")
    if opened:
        session.go("run", id=str(opened))


def _offer_shadow(project: Project, life: Life, leader: _Leader) -> None:
    """Offer to keep the run that ties with a simpler one in shadow, once there is something to release."""
    if leader.run is None or not leader.others or not life.versions:
        return
    rival, found = _runner_up(leader), _first_compared(project, leader)
    if found is None or found.word is not Word.NO_DIFFERENCE or not simpler(leader.run, rival):
        return
    name, version = run_title(life, rival), next((v for v in life.versions if v.run_id == rival.id), None)
    if version is not None:
        link(f"Keep {name} in shadow", "release", icon="visibility", id=version.id)
    elif registrable(rival):
        link(f"Register {name} to keep it in shadow", "run", icon="visibility", id=rival.id)


def _first_compared(project: Project, leader: _Leader) -> Comparison | None:
    return _beside_best(project, leader, _runner_up(leader)) if leader.others else None


def _run_row(life: Life, run: Run, criterion: Criterion) -> RunRow:
    estimate = estimate_for(run, criterion)
    assert estimate is not None  # ranked() kept those that measured it
    verdict = judge(criterion, estimate).verdict
    return RunRow(
        run_id=run.id,
        title=run_title(life, run),
        estimate=estimate,
        verdict=verdict,
        baseline=not registrable(run),
    )


def _chart_rows(project: Project, life: Life, runs: Sequence[Run], leader: _Leader) -> pl.DataFrame:
    criterion = leader.criterion
    cells: list[dict[str, str]] = []
    for run in runs:
        found = _beside_best(project, leader, run)
        estimate = estimate_for(run, criterion)
        cells.append(
            {
                "Run": run_title(life, run),
                title(criterion): figure(criterion, estimate),
                "Verdict": shown(criterion, judge(criterion, estimate).verdict).cell,
                "Against the best": formats.difference(found.difference, unit(criterion)) if found else formats.NOTHING,
                "In words": state_of(found.word).cell if found else _NOT_COMPARED[run is leader.run],
            }
        )
    return pl.DataFrame(cells)


# ---- table


def _all_runs(life: Life, criteria: Sequence[Criterion]) -> None:
    newest_first = list(reversed(life.runs))
    cells = [_cells(life, run, criteria) for run in newest_first]
    chosen = table(
        pl.DataFrame(cells),
        key="runs-table",
        alt="Every run with its state, its figures and what it was judged on",
        columns={
            "State": state_column("State", RunState),
            "Held out": st.column_config.TextColumn("Held out", width=170),
        },
        selectable=True,
        most_rows=6,
    )
    if chosen is not None:
        session.go("run", id=newest_first[chosen].id)


def _cells(life: Life, run: Run, criteria: Sequence[Criterion]) -> Mapping[str, object]:
    figures = {f"{c.key}  {title(c)}": _judged_cell(run, c) for c in criteria[:4]}
    return {
        "Run": run_title(life, run),
        "State": state_cell(run.state),
        **figures,
        "Held out": _holdout_cell(life, run),
        **{f"{c.key}  {title(c)}": _judged_cell(run, c) for c in criteria[4:]},
    }


def _judged_cell(run: Run, criterion: Criterion) -> str:
    estimate = estimate_for(run, criterion)
    if estimate is None:
        return formats.NOTHING
    verdict = judge(criterion, estimate).verdict
    mark = shown(criterion, verdict).mark if registrable(run) else _NO_MARK
    return f"{mark} {figure(criterion, estimate)}"


def _holdout_cell(life: Life, run: Run) -> str:
    if run.state is RunState.FAILED:
        return run.error
    if run.state is not RunState.FINISHED:
        return formats.NOTHING
    if run.recipe == UPLOADED.name:
        return f"{formats.count(run.holdout_rows)} uploaded"
    how = f"from {formats.day(run.holdout_from, life.project.zone)}" if run.holdout_from else "at random"
    return f"{formats.count(run.holdout_rows)} {how}"
