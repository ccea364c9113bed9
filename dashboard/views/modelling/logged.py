"""Logged runs: what did training code log?"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from core.errors import InvalidInput
from core.modelling.tracking.differing import differing, metric_names, most_told
from core.modelling.tracking.experiment import DEFAULT_ID, PROJECT_TAG, Experiment
from core.modelling.tracking.logged_run import LoggedRun, Status
from core.modelling.tracking.search.query import experiment_query, run_query
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.metric_curves import Curve, metric_curves
from dashboard.components.bring_run import on_to_the_gate
from dashboard.components.chart import chart
from dashboard.components.choice import choose, chosen, search, select
from dashboard.components.empty import empty, problem
from dashboard.components.header import page_header
from dashboard.components.logged_difference import is_it_real
from dashboard.components.table import table, table_to_compare
from dashboard.vocabulary import state_of

_MOST_RUNS, _MOST_DRAWN, _MOST_POINTS = 200, 8, 400
_WATCH_SECONDS = 3
_MOST_BROUGHT = 2
_TOLD = 2  # metrics and parameters that the table shows beside name, state and time
_NEWEST = ""
_ORDERS = {"highest": "DESC", "lowest": "ASC"}
_FILTER_HELP = (
    "As MLflow's clients write it: `metrics.auc > 0.8 and params.depth = '5'`, `attributes.status = 'FINISHED'`, "
    "`tags.team LIKE 'fraud%'`."
)


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
    runs, refusal = _runs(experiment)
    page_header("Logged runs", _sentence(experiment, runs), project=project)
    _bar(project, experiments, experiment, runs)
    if refusal:
        problem(refusal)
    if not runs:
        empty("insights", "No run here", "No run of this experiment fits. Change the filter, or log one.")
        return
    picked = _picked(runs, _table(project, runs))
    compared = picked or list(runs)
    _curves(runs, compared[:_MOST_DRAWN], len(compared))
    if len(picked) > 1:
        _differences(picked[:_MOST_DRAWN])
    if len(picked) == 2:
        is_it_real(project, picked[0], picked[1])
    if picked:
        on_to_the_gate(project, picked[:_MOST_BROUGHT])
    if any(run.status is Status.RUNNING for run in runs):
        _watch(experiment, runs)


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


def _runs(experiment: Experiment) -> tuple[Sequence[LoggedRun], str]:
    """Return the runs that are asked for, and why the filter was not heeded, if so."""
    metric, wanted = st.query_params.get("by", _NEWEST), st.query_params.get("where", "").strip()
    direction = _ORDERS[chosen("order", list(_ORDERS), "highest")]
    quoted = metric.replace("`", "")
    order = [f"metrics.`{quoted}` {direction}"] if metric else ["attributes.start_time DESC"]

    def found(filter_text: str) -> Sequence[LoggedRun]:
        query = run_query(filter_text=filter_text, order_by=order, limit=_MOST_RUNS)
        return session.workspace().tracking.search(query, [experiment.id]).items

    try:
        return found(wanted), ""
    except InvalidInput as refusal:
        return found(""), str(refusal)


def _sentence(experiment: Experiment, runs: Sequence[LoggedRun]) -> str:
    count = f"the {_MOST_RUNS} first runs" if len(runs) == _MOST_RUNS else formats.plural(len(runs), "run")
    running = sum(run.status is Status.RUNNING for run in runs)
    work = f", {running} at work" if running else ""
    metric = st.query_params.get("by", _NEWEST)
    best = next((point.value for run in runs[:1] for point in run.metrics if point.key == metric), None)
    led = "" if best is None else _led(metric, best, runs[0])
    return f"**{count}** of {formats.escape(experiment.name)}{work}.{led}"


def _led(metric: str, best: float, run: LoggedRun) -> str:
    order = chosen("order", list(_ORDERS), "highest").capitalize()
    return f" {order} {formats.escape(metric)}: **{_number(best)}**, {formats.escape(run.name)}."


def _bar(
    project: Project, experiments: Sequence[Experiment], experiment: Experiment, runs: Sequence[LoggedRun]
) -> None:
    names = {one.id: one.name if one.project_id else f"{one.name} (no project)" for one in experiments}
    with st.container(horizontal=True, vertical_alignment="center", key="logged-bar"):
        ids = list(names)
        words = names.__getitem__
        select(
            "Experiment",
            ids,
            parameter="experiment",
            default=ids[0],
            key="logged-experiment",
            words=words,
            hidden=True,
            width=260,
        )
        search("Filter: metrics.auc > 0.8", parameter="where", key="logged-where", width=420, help=_FILTER_HELP)
        with st.popover("Options", icon=":material/tune:", type="tertiary", key="logged-options"):
            metrics = [_NEWEST, *metric_names(runs)]
            select(
                "Order by",
                metrics,
                parameter="by",
                default=_NEWEST,
                key="logged-by",
                words=lambda name: name or "newest first",
            )
            select("First", list(_ORDERS), parameter="order", default="highest", key="logged-order")
            if experiment.project_id is None and experiment.id != DEFAULT_ID:
                st.button(
                    f"Bring to {project.name}",
                    type="tertiary",
                    icon=":material/move_item:",
                    key="logged-move",
                    on_click=session.workspace().experiments.set_tag,
                    args=(experiment.id, PROJECT_TAG, project.slug),
                )


def _table(project: Project, runs: Sequence[LoggedRun]) -> list[int]:
    by = st.query_params.get("by", _NEWEST)
    first = ((by,) if by else ()) + most_told(runs, "metric", _TOLD) + metric_names(runs)
    metrics: list[str] = list(dict.fromkeys(first))
    params = most_told(runs, "parameter", _TOLD)
    cells = {name: [_value(run, name) for run in runs] for name in metrics[:_TOLD]}
    cells |= {name: [run.params.get(name) for run in runs] for name in params if name not in cells}
    rows = pl.DataFrame(
        {
            "Run": [run.name for run in runs],
            "State": [[state_of(run.status).cell] for run in runs],
            "Began": [formats.time(_moment(run.started_ms), project.zone) for run in runs],
            **cells,
        }
    )
    columns = {name: st.column_config.NumberColumn(name, format="%.4g") for name in metrics[:_TOLD]}
    return table_to_compare(
        rows, key="logged-runs", alt="Logged runs; choose some to compare them", columns=columns, most_rows=8
    )


def _picked(runs: Sequence[LoggedRun], places: Sequence[int]) -> list[LoggedRun]:
    """Return the runs that are chosen in the table, else those that the address names, the oldest first."""
    if places:
        choose(runs=",".join(runs[place].id for place in places))
    named = st.query_params.get("runs", "").split(",")
    by_id = {run.id: run for run in runs}
    picked = sorted((by_id[run_id] for run_id in named if run_id in by_id), key=lambda run: run.started_ms)
    if picked and not places and st.button("Show all", type="tertiary", icon=":material/close:", key="logged-all"):
        del st.query_params["runs"]
        st.rerun()
    return picked


def _curves(runs: Sequence[LoggedRun], drawn: Sequence[LoggedRun], of: int) -> None:
    names = metric_names(runs)
    if not names:
        st.markdown(":gray[No metric was logged yet.]")
        return
    by = st.query_params.get("by", _NEWEST)
    metric = select(
        "Metric", names, parameter="metric", default=by if by in names else names[0], key="logged-metric", hidden=True
    )
    samples = session.workspace().tracking.samples([run.id for run in drawn], metric, _MOST_POINTS)
    curves = [
        Curve(
            run_id=run.id,
            title=run.name,
            steps=[sample.point.step for sample in samples if sample.run_id == run.id],
            values=[sample.point.value for sample in samples if sample.run_id == run.id],
        )
        for run in drawn
    ]
    curves = [curve for curve in curves if curve.steps]
    if not curves:
        st.markdown(f":gray[None of these runs logged {formats.escape(metric)}.]")
        return
    chart(
        metric_curves(curves, metric, session.theme()),
        key="logged-curves",
        alt=f"{metric} over the steps of training, a line a run",
        rows=pl.DataFrame([{"run": c.title, "last step": c.steps[-1], "last value": c.values[-1]} for c in curves]),
        height=250,
        legend=any(len(curve.steps) > 1 for curve in curves),
    )
    said = f"{len(curves)} of {of} runs are drawn. " if of > len(curves) else ""
    if any(len(curve.steps) == _MOST_POINTS for curve in curves):
        said += f"Of longer histories {_MOST_POINTS} values are drawn, evenly spaced over the steps."
    if said:
        st.markdown(f":small[:gray[{said}]]")


def _differences(runs: Sequence[LoggedRun]) -> None:
    st.markdown("### What differs")
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
def _watch(experiment: Experiment, shown: Sequence[LoggedRun]) -> None:
    """Show the page anew when something was logged meanwhile."""
    if _runs(experiment)[0] != shown:
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


def _value(run: LoggedRun, metric: str) -> float | None:
    return next((point.value for point in run.metrics if point.key == metric), None)


def _cell(value: str | float | None) -> str:
    return value if isinstance(value, str) else formats.NOTHING if value is None else _number(value)


def _number(value: float | None) -> str:
    return formats.NOTHING if value is None or not math.isfinite(value) else f"{value:.4g}"


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1_000, UTC)
