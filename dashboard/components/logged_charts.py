"""Charts of a metric of logged runs: the best, groups, curves over the steps."""

import math
from collections.abc import Mapping, Sequence
from statistics import median

import polars as pl
import streamlit as st

from core.modelling.tracking.columns import Column, RunHead
from core.modelling.tracking.grouping import Group
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.seeds import band, by_seed
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.logged_runs import Bar, height, ranked
from dashboard.charts.metric_curves import Curve, metric_curves
from dashboard.components.chart import chart
from dashboard.components.choice import select
from dashboard.components.logged_relations import agreed_of
from dashboard.components.logged_shown import Shown, order
from dashboard.components.logged_table import number

_MOST_NAMED, _MOST_DRAWN, _MOST_SEEDS, _MOST_POINTS = 10, 8, 10, 400


def choose_metric(shown: Shown, metric: Column) -> None:
    """Show which metric is drawn."""
    names = [metric.name, *(column.name for column in shown.named(Entity.METRIC) if column != metric)]
    select("Metric", names, parameter="metric", default=metric.name, key="logged-metric", hidden=True, width=220)


def best(project: Project, shown: Shown, metric: Column, picked: Sequence[int]) -> None:
    """Show the best runs by a metric, the others below them without a name."""
    values = shown.table.numbers(metric)
    found = [
        (shown.table.runs[place], value)
        for place in picked
        if (value := values[place]) is not None and math.isfinite(value)
    ]
    if not found:
        st.markdown(f":gray[None of these runs logged a finite {formats.escape(metric.name)}.]")
        return
    found.sort(key=lambda one: one[1], reverse=order(metric.name) == "highest")
    bars = [Bar(title=run.name, value=value) for run, value in found[:_MOST_NAMED]]
    others = [value for _, value in found[_MOST_NAMED:]]
    chart(
        ranked(bars, metric.name, session.theme(), others, agreed_of(project, metric.name)),
        key="logged-best",
        alt=f"Runs by their last {metric.name}, the {order(metric.name)} first",
        rows=pl.DataFrame([{"run": run.name, metric.name: value} for run, value in found]),
        height=height(bars),
    )
    st.markdown(f":small[:gray[{_said(len(picked), [value for _, value in found])}]]")


def best_groups(groups: Sequence[Group], by: Column, metric: Column) -> None:
    """Show the groups by the mean of a metric, each with its spread."""
    found = [(group, spread) for group in groups if (spread := group.spreads[metric]) is not None]
    if not found:
        st.markdown(f":gray[None of these runs logged a finite {formats.escape(metric.name)}.]")
        return
    found.sort(key=lambda one: one[1].mean, reverse=order(metric.name) == "highest")
    bars = [
        Bar(title=f"{group.value or 'none'} ({spread.count})", value=spread.mean, deviation=spread.deviation)
        for group, spread in found
    ]
    drawn = bars[: 2 * _MOST_NAMED]
    chart(
        ranked(drawn, f"mean {metric.name} by {by.name}", session.theme()),
        key="logged-best-groups",
        alt=f"Mean {metric.name} by {by.name}, with the standard deviation over the runs",
        rows=pl.DataFrame([{by.name: b.title, "mean": b.value, "standard deviation": b.deviation} for b in bars]),
        height=height(drawn),
    )
    rest = f" The first {len(drawn)} of {len(bars)} groups are drawn." if len(bars) > len(drawn) else ""
    st.markdown(
        f":small[:gray[Mean ± standard deviation of the last {formats.escape(metric.name)}; "
        f"in parentheses the runs that logged it.{rest}]]"
    )


def curves(runs: Sequence[RunHead], metric: Column) -> None:
    """Show a metric over the steps, a line a run, and one band where runs differ only in their seed."""
    groups = by_seed(session.workspace().tracking.params([run.id for run in runs]))
    drawn = [[runs[place] for place in group[:_MOST_SEEDS]] for group in groups[:_MOST_DRAWN]]
    samples = session.workspace().tracking.samples([r.id for group in drawn for r in group], metric.name, _MOST_POINTS)
    logged: dict[str, tuple[list[int], list[float]]] = {}
    for run_id, point in samples:
        steps, values = logged.setdefault(run_id, ([], []))
        steps.append(point.step)
        values.append(point.value)
    found = [_curve([run for run in group if run.id in logged], logged) for group in drawn]
    found = [curve for curve in found if curve.steps]
    if not found:
        st.markdown(f":gray[None of these runs logged {formats.escape(metric.name)}.]")
        return
    chart(
        metric_curves(found, metric.name, session.theme()),
        key="logged-curves",
        alt=f"{metric.name} over the steps of training, a line a run, a band over seeds",
        rows=pl.DataFrame([{"run": c.title, "last step": c.steps[-1], "last value": c.values[-1]} for c in found]),
        height=270,
        legend=any(len(curve.steps) > 1 for curve in found),
    )
    said = _drawn(drawn, len(runs), [len(group) for group in groups[:_MOST_DRAWN]])
    if any(len(steps) == _MOST_POINTS for steps, _ in logged.values()):
        said += f"Of longer histories {_MOST_POINTS} values are drawn, evenly spaced over the steps."
    if said:
        st.markdown(f":small[:gray[{said}]]")


def _curve(runs: Sequence[RunHead], logged: Mapping[str, tuple[list[int], list[float]]]) -> Curve:
    """Return the curve of a run, or the band of several that differ only in their seed."""
    if len(runs) < 2:
        steps, values = logged[runs[0].id] if runs else ([], [])
        return Curve(run_id=runs[0].id if runs else "", title=runs[0].name if runs else "", steps=steps, values=values)
    over = band(logged[run.id] for run in runs)
    return Curve(
        run_id=runs[0].id,
        title=f"{runs[0].name} +{len(runs) - 1}",
        steps=over.steps,
        values=over.means,
        lows=over.lows,
        highs=over.highs,
    )


def _drawn(drawn: Sequence[Sequence[RunHead]], of: int, sizes: Sequence[int]) -> str:
    """Return which runs are drawn, and what a band is."""
    count = sum(map(len, drawn))
    said = f"{count:,} of {of:,} runs are drawn. " if of > count else ""
    if any(len(group) > 1 for group in drawn):
        said += "A line with a band: the mean, and lowest to highest, of runs that differ only in their seed"
        said += f" (the first {_MOST_SEEDS} of each). " if max(sizes) > _MOST_SEEDS else ". "
    return said


def _said(runs: int, values: Sequence[float]) -> str:
    count = len(values)
    without = f" {formats.plural(runs - count, 'run')} logged none." if runs > count else ""
    if count <= _MOST_NAMED:
        return f"The last value of each run.{without}"
    return f"The last value of each of {count:,} runs: median {number(median(values))}.{without}"
