"""Charts of logged runs that hold a metric against something else: scatter, parallel coordinates, trade-off."""

import math
from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.modelling.tracking.columns import Cell, Column, usual_order
from core.modelling.tracking.front import front
from core.modelling.tracking.influence import FEWEST_PER_PARAMETER, FEWEST_RUNS, Influence, fewest_runs, influence
from core.modelling.tracking.judged import criterion_for
from core.modelling.tracking.search.condition import Entity
from core.scoping.criterion import Stage
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed
from dashboard.charts.logged_runs import Bar, height, ranked
from dashboard.charts.run_parallel import run_parallel
from dashboard.charts.run_scatter import Axis, run_scatter
from dashboard.components.chart import chart
from dashboard.components.choice import select
from dashboard.components.logged_shown import Shown
from dashboard.components.logged_table import number

_METHOD = (
    "Permutation importance (Breiman 2001): the runs are dealt into five folds; a forest of 60 trees learns the metric "
    "from the parameters on four, and the fall of its R² on the fifth when one parameter is shuffled, mean of five "
    "shuffles, is drawn: mean and standard deviation over the folds.\n\nParameters that rise and fall together share "
    "what they say. It says what went together in these runs, and not what would happen if you set a parameter."
)
_EXPLAINED = 0.05
"""R2 under which no parameter is said to matter."""


def agreed_of(project: Project, metric: str) -> list[tuple[float, str]]:
    """Return what was agreed about a metric, where its name is a criterion's: thresholds with their words."""
    criterion = criterion_for(metric, session.life(project).criteria_at(Stage.OFFLINE))
    if criterion is None:
        return []
    words = f"agreed {agreed(criterion)}"
    if criterion.direction == "within":
        return [(-criterion.threshold, ""), (criterion.threshold, words)]
    return [(criterion.threshold, words)]


def choose_against(shown: Shown, metric: Column, *entities: Entity) -> None:
    """Show what the metric is held against."""
    if not shown.against:
        return
    now = shown.against[0]
    texts = [now.text, *(column.text for column in shown.named(*entities) if column not in {now, metric})]
    select(
        "Against",
        texts,
        parameter="against",
        default=now.text,
        key="logged-against",
        words=lambda text: f"against {text.partition('.')[2]}",
        hidden=True,
        width=220,
    )


def scatter(project: Project, shown: Shown, metric: Column, picked: Sequence[int]) -> None:
    """Show the metric of each run against a parameter or another metric."""
    if not shown.against:
        st.markdown(":gray[These runs differ in no parameter and logged no other metric.]")
        return
    other = shown.against[0]
    cells = shown.table.numbers(other) if _is_numeric(shown.table.cells[other]) else shown.table.cells[other]
    places = _with_both(cells, shown.table.numbers(metric), picked)
    thresholds = agreed_of(project, other.name) if other.entity is Entity.METRIC else []
    across = Axis(title=other.name, values=[_there(cells[place]) for place in places], agreed=thresholds)
    _scatter(project, shown, metric, across, places, f"{metric.name} against {other.name}, a point a run")
    _said(len(places), len(picked), f"{other.name} and {metric.name}")


def trade_off(project: Project, shown: Shown, metric: Column, picked: Sequence[int]) -> None:
    """Show two metrics of each run, those that none beats in both, and what was agreed."""
    if not shown.against:
        st.markdown(":gray[A trade-off takes two metrics; these runs logged one.]")
        return
    other = shown.against[0]
    x, y = shown.table.numbers(other), shown.table.numbers(metric)
    places = _with_both(x, y, picked)
    better = usual_order(other.name), usual_order(metric.name)
    best = front([x[p] for p in places], [y[p] for p in places], (better[0] == "highest", better[1] == "highest"))
    across = Axis(
        title=other.name, values=[_there(x[place]) for place in places], agreed=agreed_of(project, other.name)
    )
    _scatter(project, shown, metric, across, places, f"{metric.name} and {other.name}, a point a run", best)
    words = f"{formats.plural(len(best), 'run')} on the line: no run is better in one metric and as good in the other. "
    words += (
        f"Better is the {better[0]} {formats.escape(other.name)} and the {better[1]} {formats.escape(metric.name)}."
    )
    _said(len(places), len(picked), f"{other.name} and {metric.name}", words)


def parallel(shown: Shown, metric: Column, picked: Sequence[int]) -> None:
    """Show the parameters that differ and the metric of each run as a line."""
    if not shown.against:
        st.markdown(":gray[These runs differ in no parameter.]")
        return
    values = shown.table.numbers(metric)
    places = [
        place
        for place in _with_both(values, values, picked)
        if all(shown.table.cells[column][place] is not None for column in shown.against)
    ]
    parameters = {column.name: [shown.table.cells[column][place] for place in places] for column in shown.against}
    drawn = [value for place in places if (value := values[place]) is not None]
    names = pl.DataFrame({"run": [shown.table.runs[place].name for place in places], **parameters, metric.name: drawn})
    chart(
        run_parallel(parameters, metric.name, drawn, session.theme()),
        key="logged-parallel",
        alt=f"Parameters and {metric.name}, a line a run",
        rows=names,
        height=300,
    )
    _said(
        len(places),
        len(picked),
        "all of these",
        "The stronger a line, the higher the metric; the highest fifth is coloured.",
    )


def importance(project: Project, shown: Shown, metric: Column, picked: Sequence[int]) -> None:
    """Show which parameters go with the metric."""
    parameters = {column.name: [shown.table.cells[column][place] for place in picked] for column in shown.against}
    values = [shown.table.numbers(metric)[place] for place in picked]
    logged = sum(value is not None and math.isfinite(value) for value in values)
    if not parameters or logged < fewest_runs(len(parameters)):
        st.markdown(f":gray[{_not_enough(logged, len(parameters))}]")
        return
    with st.spinner("Looking for what goes with the metric …"):
        found = session.load("influence", project, lambda: influence(parameters, values), repr((parameters, values)))
    if found is None or found.explained < _EXPLAINED:
        st.markdown(f":gray[{_nothing(found, metric)}]")
        return
    bars = [Bar(title=name, value=fall, deviation=spread) for name, (fall, spread) in found.falls.items()]
    chart(
        ranked(bars, "fall of R² when shuffled", session.theme()),
        key="logged-importance",
        alt=f"Which parameters go with {metric.name}",
        rows=pl.DataFrame([{"parameter": b.title, "fall of R²": b.value, "over folds": b.deviation} for b in bars]),
        method=_METHOD,
        height=height(bars),
    )
    st.markdown(
        f":small[:gray[Over {found.runs:,} runs the parameters explain {formats.share(found.explained, 0)} of "
        f"{formats.escape(metric.name)} in runs held out. What goes together need not be the cause.]]"
    )


def _scatter(  # noqa: PLR0913
    project: Project,
    shown: Shown,
    metric: Column,
    across: Axis,
    places: Sequence[int],
    alt: str,
    best: Sequence[int] = (),
) -> None:
    values = [_there(shown.table.numbers(metric)[place]) for place in places]
    names = [shown.table.runs[place].name for place in places]
    up = Axis(title=metric.name, values=values, agreed=agreed_of(project, metric.name))
    chart(
        run_scatter(names, across, up, session.theme(), best),
        key="logged-scatter",
        alt=alt,
        rows=pl.DataFrame({"run": names, across.title: across.values, metric.name: values}, strict=False),
        height=300,
    )


def _with_both(first: Sequence[Cell], second: Sequence[Cell], picked: Sequence[int]) -> list[int]:
    return [place for place in picked if _drawable(first[place]) and _drawable(second[place])]


def _drawable(cell: Cell) -> bool:
    return cell is not None and (isinstance(cell, str) or math.isfinite(cell))


def _is_numeric(cells: Sequence[Cell]) -> bool:
    try:
        return all(math.isfinite(float(cell)) for cell in cells if cell is not None)
    except ValueError:
        return False


def _there(cell: Cell) -> float | str:
    assert cell is not None
    return cell


def _said(drawn: int, of: int, what: str, words: str = "") -> None:
    without = f"{drawn:,} of {of:,} runs logged {formats.escape(what)} and are drawn. " if drawn < of else ""
    if without or words:
        st.markdown(f":small[:gray[{without}{words}]]")


def _not_enough(runs: int, parameters: int) -> str:
    if not parameters:
        return "These runs differ in no parameter."
    return (
        f"Not enough runs: {runs:,} logged the metric, and for {formats.plural(parameters, 'parameter')} it takes "
        f"{fewest_runs(parameters)} (at least {FEWEST_RUNS}, and {FEWEST_PER_PARAMETER} a parameter)."
    )


def _nothing(found: Influence | None, metric: Column) -> str:
    if found is None:
        return f"{formats.escape(metric.name)} is the same in all these runs."
    return (
        f"Nothing to show: over {found.runs:,} runs the parameters that differ do not explain "
        f"{formats.escape(metric.name)} (R² {number(found.explained)} on runs held out)."
    )
