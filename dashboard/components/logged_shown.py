"""What the view of logged runs shows: which runs, in which order, with which columns. The address says all of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import InvalidInput
from core.modelling.tracking.columns import Column, Named, RunsTable, column_of, usual_columns, usual_order
from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.query import run_query
from dashboard import session
from dashboard.components.choice import chosen

MOST_RUNS, NAMED_RUNS = 2_000, 50
MOST_COLUMNS = 4  # beside name, state and time: seven altogether
NEWEST = ""
ORDERS = {"highest": "DESC", "lowest": "ASC"}
_MOST_PARAMS = {"parallel": 6, "importance": 12}
_TOLD = 2  # metrics and parameters that the table begins with


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The runs that are found and the columns that are read. ``refusal`` says why the filter was not heeded, if so.

    ``against`` are the columns that the chart at hand needs beside ``metric``.
    ``names`` are those that the first ``NAMED_RUNS`` runs logged.
    """

    experiment: Experiment
    table: RunsTable
    names: Sequence[Named]
    columns: Sequence[Column]
    metric: Column | None
    against: Sequence[Column]
    group: Column | None
    refusal: str = ""

    def named(self, *entities: Entity) -> list[Column]:
        """Return the columns of some sorts that can be chosen."""
        return [Column(one.entity, one.name) for one in self.names if one.entity in entities]


def shown(experiment: Experiment) -> Shown:
    """Return what the address asks to see of an experiment."""
    heads, refusal = _found(experiment, ())
    names = session.workspace().tracking.names([run.id for run in heads.runs[:NAMED_RUNS]])
    columns, metric, group = _columns(names), _metric(names), _column("group", names)
    against = _against(names, metric)
    extra = [column for column in (metric, group, *against) if column is not None]
    table, _ = _found(experiment, tuple(dict.fromkeys([*columns, *extra])))
    return Shown(
        experiment=experiment,
        table=table,
        names=names,
        columns=columns,
        metric=metric,
        against=against,
        group=group,
        refusal=refusal,
    )


def unchanged(known: Shown) -> bool:
    """Tell whether the runs and the columns read are as they were."""
    return _found(known.experiment, tuple(known.table.cells))[0] == known.table


def ordered_by() -> str:
    """Return the metric that the runs are ordered by, or ``NEWEST``."""
    return st.query_params.get("by", NEWEST)


def order(metric: str) -> str:
    """Return which values of a metric come first: as the address says, else as the metric's name does."""
    return chosen("order", list(ORDERS), usual_order(metric))


def _found(experiment: Experiment, columns: Sequence[Column]) -> tuple[RunsTable, str]:
    wanted = st.query_params.get("where", "").strip()
    direction = ORDERS[order(ordered_by())]
    quoted = ordered_by().replace("`", "")
    keys = [f"metrics.`{quoted}` {direction}"] if quoted else ["attributes.start_time DESC"]

    def found(filter_text: str) -> RunsTable:
        query = run_query(filter_text=filter_text, order_by=keys, limit=MOST_RUNS)
        return session.workspace().tracking.table(query, [experiment.id], columns)

    try:
        return found(wanted), ""
    except InvalidInput as refusal:
        return found(""), str(refusal)


def _columns(names: Sequence[Named]) -> tuple[Column, ...]:
    by = ordered_by()
    if "columns" not in st.query_params:
        return usual_columns(names, Column(Entity.METRIC, by) if by else None, _TOLD)
    asked = [column_of(text) for text in st.query_params["columns"].split(",")]
    return tuple(dict.fromkeys(column for column in asked if column))[:MOST_COLUMNS]


def _metric(names: Sequence[Named]) -> Column | None:
    """Return the metric that is drawn: the one named, that of the order, else the one that tells the most."""
    told = [column for column in usual_columns(names, None, 1) if column.entity is Entity.METRIC]
    named = st.query_params.get("metric") or ordered_by()
    return Column(Entity.METRIC, named) if named else told[0] if told else None


def _against(names: Sequence[Named], metric: Column | None) -> tuple[Column, ...]:
    """Return what a chart shows the metric against: the column named, another metric, or parameters that differ."""
    part = st.query_params.get("chart", "")
    params = [Column(one.entity, one.name) for one in names if one.entity is Entity.PARAM and one.differs]
    metrics = [column for column in usual_columns(names, metric, 2) if column.entity is Entity.METRIC]
    if part in _MOST_PARAMS:
        return tuple(params[: _MOST_PARAMS[part]])
    if part not in {"scatter", "trade"}:
        return ()
    usual = (params if part == "scatter" else []) + [column for column in metrics if column != metric]
    named = _column("against", names)
    fits = named is not None and named != metric and (part == "scatter" or named.entity is Entity.METRIC)
    return (named,) if named is not None and fits else tuple(usual[:1])


def _column(parameter: str, names: Sequence[Named]) -> Column | None:
    column = column_of(st.query_params.get(parameter, ""))
    known = {(one.entity, one.name) for one in names}
    return column if column and (column.entity, column.name) in known else None
