"""The table of logged runs, or of groups of them."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from core.modelling.tracking.columns import Column
from core.modelling.tracking.grouping import Group, Spread
from core.modelling.tracking.search.condition import Entity
from core.scoping.project import Project
from dashboard import formats
from dashboard.components.logged_shown import Shown
from dashboard.components.table import table, table_to_compare
from dashboard.vocabulary import state_of

_FIRST = ("Run", "State", "Began")


def runs_table(project: Project, shown: Shown) -> list[int]:
    """Show a line a run and return the places of those that are chosen."""
    runs = shown.table.runs
    titles = _titles(shown.columns)
    rows = pl.DataFrame(
        {
            "Run": [run.name for run in runs],
            "State": [[state_of(run.status).cell] for run in runs],
            "Began": [formats.time(datetime.fromtimestamp(run.started_ms / 1_000, UTC), project.zone) for run in runs],
            **{titles[column]: list(shown.table.cells[column]) for column in shown.columns},
        }
    )
    metrics = [titles[column] for column in shown.columns if column.entity is Entity.METRIC]
    columns = {name: st.column_config.NumberColumn(name, format="%.4g") for name in metrics}
    return table_to_compare(
        rows, key="logged-runs", alt="Logged runs; choose some to compare them", columns=columns, most_rows=8
    )


def groups_table(groups: Sequence[Group], by: Column, metrics: Sequence[Column]) -> None:
    """Show a line a group: how many runs, and of each metric the mean and spread."""
    titles = _titles(metrics)
    rows = pl.DataFrame(
        [
            {by.name: group.value, "Runs": len(group.runs)}
            | {titles[metric]: told(group.spreads[metric]) for metric in metrics}
            for group in groups
        ]
    )
    table(rows, key="logged-groups", alt=f"Groups of runs by {by.name}", most_rows=8)
    st.markdown(":small[:gray[Mean ± standard deviation over the runs of a group.]]")


def told(spread: Spread | None) -> str:
    """Return a mean with its spread in words."""
    if spread is None:
        return formats.NOTHING
    return number(spread.mean) + ("" if spread.deviation is None else f" ± {spread.deviation:.2g}")


def number(value: float | None) -> str:
    """Return a metric's value; it may be anything that training logged."""
    return formats.NOTHING if value is None or not math.isfinite(value) else f"{value:.4g}"


def _titles(columns: Sequence[Column]) -> dict[Column, str]:
    """Return the headings; where one stands for two things, the column as the address has it."""
    short = [column.title for column in columns]
    return {
        column: column.title if short.count(column.title) == 1 and column.title not in _FIRST else column.text
        for column in columns
    }
