"""Logged runs: what did training code log?"""

from collections.abc import Callable, Mapping, Sequence

import polars as pl
import streamlit as st

from core.modelling.tracking.columns import RunHead
from core.modelling.tracking.differing import differing
from core.modelling.tracking.experiment import DEFAULT_ID, PROJECT_TAG, Experiment
from core.modelling.tracking.grouping import Group, grouped
from core.modelling.tracking.logged_run import LoggedRun, Status
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.query import experiment_query, run_query
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.bring_run import on_to_the_gate
from dashboard.components.choice import choose, chosen
from dashboard.components.empty import empty, problem
from dashboard.components.header import page_header
from dashboard.components.logged_bar import bar
from dashboard.components.logged_charts import best, best_groups, choose_metric, curves
from dashboard.components.logged_code import code_beside
from dashboard.components.logged_difference import is_it_real
from dashboard.components.logged_relations import choose_against, importance, parallel, scatter, trade_off
from dashboard.components.logged_shown import MOST_RUNS, Shown, order, ordered_by, shown, unchanged
from dashboard.components.logged_table import groups_table, number, runs_table
from dashboard.components.segments import segments
from dashboard.components.table import table

_MOST_COMPARED, _MOST_BROUGHT = 8, 2
_WATCH_SECONDS = 3
_CHARTS = {
    "best": "Best",
    "curves": "Curves",
    "scatter": "Scatter",
    "parallel": "Parallel",
    "importance": "Importance",
    "trade": "Trade-off",
}
_AGAINST = {"scatter": (Entity.PARAM, Entity.METRIC), "trade": (Entity.METRIC,)}


def render() -> None:
    """Show the view."""
    project = session.project()
    experiments = _experiments(project)
    if not experiments:
        page_header(
            "Logged runs", "Point your training code here; its runs appear as they are logged.", project=project
        )
        _nothing_yet(project)
        return
    experiment = _chosen(experiments)
    found = shown(experiment)
    page_header("Logged runs", _sentence(found), project=project)
    bar(project, experiments, found)
    if found.refusal:
        problem(found.refusal)
    if not found.table.runs:
        empty("insights", "No run here", "No run of this experiment fits. Change the filter, or log one.")
        return
    _body(project, found)
    if any(run.status is Status.RUNNING for run in found.table.runs):
        _watch(found)


def _body(project: Project, found: Shown) -> None:
    """Show the chart and, under it, the table, which says what the chart is of; then the chosen runs in full."""
    above, groups = st.container(), ()
    if found.group:
        metrics = [column for column in (found.metric, *found.columns) if column and column.entity is Entity.METRIC]
        groups = grouped(found.table, found.group, tuple(dict.fromkeys(metrics)))
        groups_table(groups, found.group, tuple(dict.fromkeys(metrics)))
    heads = _picked(found.table.runs, [] if found.group else runs_table(project, found))
    with above:
        _chart(project, found, heads, groups)
    picked = [session.workspace().tracking.get(head.id) for head in heads[:_MOST_COMPARED]]
    if len(picked) > 1:
        _differences(picked, len(heads))
    if len(heads) == 2:
        is_it_real(project, picked[0], picked[1])
        code_beside(picked[0], picked[1])
    if len(heads) > _MOST_BROUGHT:
        st.markdown(":gray[Choose one or two to hold them against what was agreed, and to go on to the gate.]")
    elif picked:
        on_to_the_gate(project, picked)


def _experiments(project: Project) -> list[Experiment]:
    """Return the experiments of the project, then those of no project; none where nothing was logged to any."""
    workspace = session.workspace()
    found = workspace.experiments.search(experiment_query(order_by=["creation_time DESC"], limit=1_000)).items
    mine = [one for one in found if one.project_id == project.id] + [one for one in found if one.project_id is None]
    named = [one for one in mine if one.id != DEFAULT_ID or _any_run([one])]
    return named if _any_run(named) else []


def _any_run(experiments: Sequence[Experiment]) -> bool:
    ids = [experiment.id for experiment in experiments]
    return bool(ids and session.workspace().tracking.search(run_query(limit=1), ids).items)


def _chosen(experiments: Sequence[Experiment]) -> Experiment:
    by_id = {experiment.id: experiment for experiment in experiments}
    return by_id[chosen("experiment", list(by_id), experiments[0].id)]


def _sentence(shown: Shown) -> str:
    runs = shown.table.runs
    count = f"the first {MOST_RUNS:,} runs" if shown.table.more else formats.plural(len(runs), "run")
    running = sum(run.status is Status.RUNNING for run in runs)
    work = f", {running} at work" if running else ""
    return f"**{count}** of {formats.escape(shown.experiment.name)}{work}.{_led(shown)}"


def _led(shown: Shown) -> str:
    """Return the sentence on the first run, where the runs are ordered by a metric."""
    metric = shown.metric
    if metric is None or not shown.table.runs or metric.name != ordered_by():
        return ""
    value = shown.table.numbers(metric)[0]
    first = formats.escape(shown.table.runs[0].name)
    return (
        ""
        if value is None
        else f" {order(metric.name).capitalize()} {formats.escape(metric.name)}: **{number(value)}**, {first}."
    )


def _chart(project: Project, shown: Shown, heads: Sequence[RunHead], groups: Sequence[Group]) -> None:
    """Show one chart of the runs that are chosen, else of all."""
    metric = shown.metric
    if metric is None:
        st.markdown(":gray[No metric was logged yet.]")
        return
    chosen_ids = {head.id for head in heads}
    places = [place for place, run in enumerate(shown.table.runs) if not heads or run.id in chosen_ids]
    part = segments("Chart", _CHARTS, parameter="chart", default="best", key="logged-chart")
    with st.container(horizontal=True, vertical_alignment="center", key="logged-chart-bar"):
        choose_metric(shown, metric)
        if part in _AGAINST:
            choose_against(shown, metric, *_AGAINST[part])
    if part == "best" and shown.group:
        best_groups(groups, shown.group, metric)
        return
    draw: Mapping[str, Callable[[], None]] = {
        "best": lambda: best(project, shown, metric, places),
        "curves": lambda: curves([shown.table.runs[place] for place in places], metric),
        "scatter": lambda: scatter(project, shown, metric, places),
        "parallel": lambda: parallel(shown, metric, places),
        "importance": lambda: importance(project, shown, metric, places),
        "trade": lambda: trade_off(project, shown, metric, places),
    }
    draw[part]()


def _picked(runs: Sequence[RunHead], places: Sequence[int]) -> list[RunHead]:
    """Return the runs that are chosen in the table, else those that the address names, the oldest first."""
    if places:
        choose(runs=",".join(runs[place].id for place in places))
    named = [run_id for run_id in st.query_params.get("runs", "").split(",") if run_id]
    by_id = {run.id: run for run in runs}
    picked = sorted((by_id[run_id] for run_id in named if run_id in by_id), key=lambda run: run.started_ms)
    missing = len(set(named) - by_id.keys())
    if missing:
        st.markdown(f":gray[Not among these: {formats.plural(missing, 'run')} that the address names.]")
    if named and not places and st.button("Show all", type="tertiary", icon=":material/close:", key="logged-all"):
        del st.query_params["runs"]
        st.rerun()
    return picked


def _differences(runs: Sequence[LoggedRun], chosen_runs: int) -> None:
    st.markdown("### What differs")
    if chosen_runs > len(runs):
        st.markdown(f":gray[Between the {len(runs)} that began first of the {chosen_runs:,} chosen.]")
    found = differing(runs)
    if not found:
        st.markdown(":gray[Nothing: parameters, data, tags, code and metrics are the same.]")
        return
    titles = [f"{place} {run.name}" for place, run in enumerate(runs, start=1)]
    rows = [
        {"": one.sort, "Name": one.name, **{t: _cell(v) for t, v in zip(titles, one.values, strict=True)}}
        for one in found
    ]
    table(pl.DataFrame(rows), key="logged-differences", alt="What differs between the chosen runs")


@st.fragment(run_every=_WATCH_SECONDS)
def _watch(shown: Shown) -> None:
    """Show the page anew when something was logged meanwhile."""
    if not unchanged(shown):
        st.rerun()


def _nothing_yet(project: Project) -> None:
    empty("insights", "No logged run yet", "MLflow's own client logs here as it is. Set its address and run your code.")
    port = session.workspace().settings.web_port
    st.code(
        f"export MLFLOW_TRACKING_URI=http://localhost:{port}\npython train.py\n\n"
        f"# in train.py, to have the runs in this project\n"
        f'mlflow.set_experiment("baseline")\nmlflow.set_experiment_tag("{PROJECT_TAG}", "{project.slug}")',
        language="bash",
    )


def _cell(value: str | float | None) -> str:
    return value if isinstance(value, str) else number(value)
