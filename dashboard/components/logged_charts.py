"""Charts of logged runs, one at a time: the best by a metric, its curves."""

import math
from collections.abc import Sequence
from statistics import median

import polars as pl
import streamlit as st

from core.modelling.tracking.columns import Column, RunHead
from core.modelling.tracking.grouping import Group
from core.modelling.tracking.search.condition import Entity
from dashboard import formats, session
from dashboard.charts.logged_runs import Bar, height, ranked
from dashboard.charts.metric_curves import Curve, metric_curves
from dashboard.components.chart import chart
from dashboard.components.choice import select
from dashboard.components.logged_shown import Shown, order
from dashboard.components.logged_table import number

_MOST_NAMED, _MOST_DRAWN, _MOST_POINTS = 10, 8, 400


def choose_metric(shown: Shown, metric: Column) -> None:
    """Show which metric is drawn."""
    names = [metric.name, *(column.name for column in shown.named(Entity.METRIC) if column != metric)]
    select("Metric", names, parameter="metric", default=metric.name, key="logged-metric", hidden=True, width=220)


def best(shown: Shown, metric: Column) -> None:
    """Show the best runs by a metric, the others below them without a name."""
    found = [
        (run, value)
        for run, value in zip(shown.table.runs, shown.table.numbers(metric), strict=True)
        if value is not None and math.isfinite(value)
    ]
    if not found:
        st.markdown(f":gray[None of these runs logged a finite {formats.escape(metric.name)}.]")
        return
    found.sort(key=lambda one: one[1], reverse=order(metric.name) == "highest")
    bars = [Bar(title=run.name, value=value) for run, value in found[:_MOST_NAMED]]
    others = [value for _, value in found[_MOST_NAMED:]]
    chart(
        ranked(bars, metric.name, session.theme(), others),
        key="logged-best",
        alt=f"Runs by their last {metric.name}, the {order(metric.name)} first",
        rows=pl.DataFrame([{"run": run.name, metric.name: value} for run, value in found]),
        height=height(bars),
    )
    st.markdown(f":small[:gray[{_said(len(found), [value for _, value in found], shown)}]]")


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
    """Show a metric over the steps, a line a run."""
    drawn = runs[:_MOST_DRAWN]
    samples = session.workspace().tracking.samples([run.id for run in drawn], metric.name, _MOST_POINTS)
    found = [
        Curve(
            run_id=run.id,
            title=run.name,
            steps=[sample.point.step for sample in samples if sample.run_id == run.id],
            values=[sample.point.value for sample in samples if sample.run_id == run.id],
        )
        for run in drawn
    ]
    found = [curve for curve in found if curve.steps]
    if not found:
        st.markdown(f":gray[None of these runs logged {formats.escape(metric.name)}.]")
        return
    chart(
        metric_curves(found, metric.name, session.theme()),
        key="logged-curves",
        alt=f"{metric.name} over the steps of training, a line a run",
        rows=pl.DataFrame([{"run": c.title, "last step": c.steps[-1], "last value": c.values[-1]} for c in found]),
        height=270,
        legend=any(len(curve.steps) > 1 for curve in found),
    )
    said = f"{len(found)} of {len(runs):,} runs are drawn. " if len(runs) > len(found) else ""
    if any(len(curve.steps) == _MOST_POINTS for curve in found):
        said += f"Of longer histories {_MOST_POINTS} values are drawn, evenly spaced over the steps."
    if said:
        st.markdown(f":small[:gray[{said}]]")


def _said(count: int, values: Sequence[float], shown: Shown) -> str:
    runs = len(shown.table.runs)
    without = f" {formats.plural(runs - count, 'run')} logged none." if runs > count else ""
    if count <= _MOST_NAMED:
        return f"The last value of each run.{without}"
    return f"The last value of each of {count:,} runs: median {number(median(values))}.{without}"
