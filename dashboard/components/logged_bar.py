"""The bar over the logged runs: experiment, filter, and in Options the order, columns and grouping."""

from collections.abc import Sequence

import streamlit as st

from core.errors import InvalidInput
from core.modelling.tracking.columns import Column, Of, column_of, usual_order
from core.modelling.tracking.experiment import DEFAULT_ID, PROJECT_TAG, Experiment
from core.modelling.tracking.search.clause import OPERATORS, clause, joined
from core.modelling.tracking.search.condition import Entity
from core.scoping.project import Project
from dashboard import session
from dashboard.components.choice import choose, search, select
from dashboard.components.empty import problem
from dashboard.components.logged_shown import MOST_COLUMNS, NAMED_RUNS, NEWEST, ORDERS, Shown, ordered_by
from dashboard.components.saved_views import saved_views

_REFUSAL = "logged-condition-refusal"
_STATE = ("experiment", "where", "by", "order", "columns", "group", "chart", "metric", "against")
_FILTER_HELP = (
    "As MLflow's clients write it: `metrics.auc > 0.8 and params.depth = '5'`, `attributes.status = 'FINISHED'`, "
    "`tags.team LIKE 'fraud%'`."
)


def bar(project: Project, experiments: Sequence[Experiment], shown: Shown) -> None:
    """Show the bar."""
    names = {one.id: one.name if one.project_id else f"{one.name} (no project)" for one in experiments}
    with st.container(horizontal=True, vertical_alignment="center", key="logged-bar"):
        select(
            "Experiment",
            list(names),
            parameter="experiment",
            default=next(iter(names)),
            key="logged-experiment",
            words=names.__getitem__,
            hidden=True,
            width=260,
        )
        search("Filter: metrics.auc > 0.8", parameter="where", key="logged-where", width=420, help=_FILTER_HELP)
        options = st.popover(
            "Options", icon=":material/tune:", type="tertiary", key="logged-options", on_change="rerun"
        )
        if options.open:  # 1,500 names are sent only to who wants them
            with options:
                _options(shown)
        saved_views(project, "logged", _STATE, {"experiment": shown.experiment.id})
        _bring(project, shown.experiment)


def _options(shown: Shown) -> None:
    _add_condition(shown)
    metrics = [NEWEST, *(column.name for column in shown.named(Entity.METRIC))]
    select(
        "Order by",
        metrics,
        parameter="by",
        default=NEWEST,
        key="logged-by",
        words=lambda name: name or "newest first",
    )
    select("First", list(ORDERS), parameter="order", default=usual_order(ordered_by()), key="logged-order")
    _columns(shown)
    groups = [NEWEST, *(column.text for column in shown.named(Entity.PARAM, Entity.TAG))]
    select(
        "Group by", groups, parameter="group", default=NEWEST, key="logged-group", words=lambda text: text or "nothing"
    )
    if len(shown.table.runs) > NAMED_RUNS:
        st.markdown(f":small[:gray[The names are those of the first {NAMED_RUNS} runs.]]")


def _add_condition(shown: Shown) -> None:
    """Offer to put a condition together from the names that were logged, and add it to the filter."""
    columns = {column.text: column for column in shown.named(*_COLUMN_ENTITIES)}
    if not columns:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = st.selectbox("Filter by", list(columns), key="logged-name", width=200)
        column = columns[text]
        operator = st.selectbox("Is", OPERATORS[column.entity], key="logged-operator", width=90)
        value = st.text_input("Value", key="logged-value", width=110)
        st.button(
            "Add",
            key="logged-add",
            disabled=not value,
            on_click=_added,
            args=(column, operator, value),
            type="secondary",
        )
    if refusal := st.session_state.pop(_REFUSAL, None):
        problem(refusal)


def _added(column: Column, operator: str, value: str) -> None:
    try:
        added = clause(column.entity, column.name, operator, value)
    except InvalidInput as refusal:
        st.session_state[_REFUSAL] = str(refusal)
        return
    choose(where=joined(st.query_params.get("where", ""), added))


def _bring(project: Project, experiment: Experiment) -> None:
    if experiment.project_id is None and experiment.id != DEFAULT_ID:
        st.button(
            f"Bring to {project.name}",
            type="tertiary",
            icon=":material/move_item:",
            key="logged-move",
            on_click=session.workspace().experiments.set_tag,
            args=(experiment.id, PROJECT_TAG, project.slug),
        )


def _columns(shown: Shown) -> None:
    """Show which columns the table has: every name, and of a metric that is shown also its other values."""
    now = [column.text for column in shown.columns]
    metrics = [column for column in shown.columns if column.entity is Entity.METRIC]
    others = [Column(Entity.METRIC, column.name, of) for column in metrics for of in Of]
    every = [*now, *(c.text for c in others), *(c.text for c in shown.named(*_COLUMN_ENTITIES))]
    st.session_state["logged-columns"] = now
    st.multiselect(
        "Columns",
        list(dict.fromkeys(every)),
        key="logged-columns",
        max_selections=MOST_COLUMNS,
        format_func=_words,
        on_change=lambda: choose(columns=",".join(st.session_state["logged-columns"])),
    )


def _words(text: str) -> str:
    column = column_of(text)
    return text if column is None else column.title


_COLUMN_ENTITIES = (Entity.METRIC, Entity.PARAM, Entity.TAG)
