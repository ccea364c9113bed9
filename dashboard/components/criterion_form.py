"""A criterion as a form: what is measured, on which rows, what is agreed, and what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import streamlit as st

from core.errors import FullcircleError
from core.frames.slice import ALL_ROWS, Condition, Operator, Slice
from core.lifecycle.life import Life
from core.metrics import METRICS, Metric
from core.scoping.criterion import Criterion, Direction, Role, Stage
from core.statistics.blocks import MIN_BLOCKS
from dashboard import session
from dashboard.charts.agreement import agreed
from dashboard.charts.criterion import demand, from_typed, to_typed, typed_in
from dashboard.components.empty import problem
from dashboard.components.glossary import term
from dashboard.formats import escape
from dashboard.vocabulary import DIRECTIONS, KINDS

ALL = "all rows"
_MOST_CONDITIONS = 3
_MANY = 1000
_OPERATORS: Mapping[str, str] = {"==": "is", "!=": "is not", "<": "below", "<=": "at most", ">": "above", ">=": "from"}
_LIMITS: Mapping[str, tuple[float, float | None, float, str]] = {
    "": (0.0, 1.0, 0.05, "%.3f"),
    "%": (0.0, 100.0, 1.0, "%.4g"),
    "points": (0.0, 100.0, 1.0, "%.1f"),
    "ms": (0.0, None, 5.0, "%.0f"),
}
_ANY = (0.0, None, 0.1, "%.4g")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """What the form is about: the project's life, what it begins with, and the front of its widgets' keys."""

    life: Life
    begun: Criterion
    key: str
    old: Criterion | None = None


def ask_for_criterion(life: Life, old: Criterion | None = None) -> None:
    """Open the form: for a new criterion, or to change ``old``; call it where a button was pressed."""

    @st.dialog(f"Change {old.key}" if old else "Add a criterion", width="medium", icon=":material/flag:")
    def ask() -> None:
        criterion_form(life, old)

    ask()


def fits(inside: Slice) -> bool:
    """Tell whether the form can hold a slice's conditions."""
    conditions = inside.conditions
    return len(conditions) <= _MOST_CONDITIONS and all(condition.operator in _OPERATORS for condition in conditions)


def ask_for_criterion_on(life: Life, like: Criterion, inside: Slice) -> None:
    """Open the form for a new criterion on the rows of a slice, measured as another one; its threshold is left open."""
    begun = replace(_blank(life), metric=like.metric, parameters=like.parameters, slice=inside)
    begun = replace(begun, stages=like.stages, role=like.role, block=like.block)

    @st.dialog("Add a criterion", width="medium", icon=":material/flag:")
    def ask() -> None:
        _ask(_Form(life=life, begun=begun, key=f"criterion-form-{inside.hash}"))

    ask()


def criterion_form(life: Life, old: Criterion | None = None) -> None:
    """Show the form and carry out what it asks for; the page is shown anew when it is saved."""
    _ask(_Form(life=life, begun=old or _blank(life), key=f"criterion-form-{old.id if old else 'new'}", old=old))


def fitting(life: Life) -> dict[str, Metric]:
    """Return the metrics of the catalogue that fit the project's task."""
    task = life.project.task
    return {name: m for name, m in METRICS.items() if task is None or task.kind in m.task_kinds}


def _blank(life: Life) -> Criterion:
    task = life.project.task
    return Criterion(
        id="",
        project_id=life.project.id,
        key="",
        metric=next(iter(fitting(life))),
        parameters={},
        direction=">=",
        threshold=0.0,
        block=task.block if task else "row",
        created_at=session.wall_time(),
    )


def _ask(form: _Form) -> None:
    draft = _measured(form)
    draft = _on_rows(form, draft)
    where = [Stage.LIVE] if METRICS[draft.metric].needs == "requests" else list(Stage)
    draft = _agreed(form, draft)
    draft = _judged(form, draft, where)
    _says(form, draft)
    with st.container(horizontal=True, horizontal_alignment="right"):
        word = "Save" if form.old else "Add"
        if st.button(word, type="primary", key=f"{form.key}-save", disabled=draft is None) and draft is not None:
            _save(form, draft)


def _measured(form: _Form) -> Criterion:
    metrics, begun = fitting(form.life), form.begun
    names: list[str] = [*metrics, *([begun.metric] if begun.metric not in metrics else [])]
    left, right = st.columns([2, 1])
    name: str = left.selectbox(
        "What is measured?",
        names,
        index=names.index(begun.metric),
        format_func=lambda name: METRICS[name].title,
        key=f"{form.key}-metric",
        help=term("Criterion"),
    )
    metric = METRICS[name]
    parameters = {
        p: (_column if isinstance(default, str) else _parameter)(right, form, name, p)
        for p, default in metric.parameters.items()
    }
    st.caption(" ".join(filter(None, (metric.description, metric.misleads))))
    return replace(begun, metric=name, parameters=parameters)


def _parameter(place: Any, form: _Form, metric: str, name: str) -> float:
    agreed_before = [c.parameters[name] for c in form.life.criteria_in_force if name in c.parameters]
    own = form.begun.parameters.get(name) if form.begun.metric == metric else None
    # all criteria of a model are judged at one cut unless a person says otherwise
    default = own if own is not None else [*agreed_before, METRICS[metric].parameters[name]][0]
    return place.number_input(
        name.capitalize(),
        min_value=0.0,
        max_value=1.0,
        value=float(default),
        step=0.05,
        key=f"{form.key}-{metric}-{name}",
        help=term("Cut") if name == "cut" else None,
    )


def _column(place: Any, form: _Form, metric: str, name: str) -> str:
    before = str(form.begun.parameters.get(name, "")) if form.begun.metric == metric else ""
    texts = [column for column, figures in _columns(form.life).items() if figures["kind"] == "text"]
    options = list(dict.fromkeys([*([before] if before else []), *texts]))
    chosen = place.selectbox(
        "By the groups of",
        options,
        index=0 if before else None,
        placeholder="Choose a column",
        key=f"{form.key}-{metric}-{name}",
        help="An input with a few categories. The groups are held against one another.",
    )
    return str(chosen or "")


def _on_rows(form: _Form, draft: Criterion) -> Criterion:
    if METRICS[draft.metric].needs == "requests":
        return replace(draft, slice=ALL_ROWS)  # what failed has no columns to be chosen by
    columns = _columns(form.life)
    before = form.begun.slice.conditions
    shown = f"{form.key}-conditions"
    number = cast("int", st.session_state.setdefault(shown, max(len(before), 1)))
    found = [
        _condition(form, columns, place, before[place] if place < len(before) else None) for place in range(number)
    ]
    conditions = tuple(condition for condition in found if condition is not None)
    if len(conditions) == number < _MOST_CONDITIONS and st.button(
        "And another condition", icon=":material/add:", type="tertiary", key=f"{form.key}-and"
    ):
        st.session_state[shown] = number + 1
        st.rerun(scope="fragment")
    return replace(draft, slice=Slice(conditions=conditions))


def _columns(life: Life) -> Mapping[str, Mapping[str, Any]]:
    """Return the figures of the columns that a slice can name: the inputs, where they are numbers or texts."""
    task, dataset = life.project.task, life.accepted or (life.datasets[-1] if life.datasets else None)
    profile = (dataset.profile or {}) if dataset else {}
    inputs = task.inputs if task else ()
    return {name: profile[name] for name in inputs if name in profile and profile[name]["kind"] in ("number", "text")}


def _condition(
    form: _Form, columns: Mapping[str, Mapping[str, Any]], place: int, before: Condition | None
) -> Condition | None:
    key, row = f"{form.key}-{place}", st.columns([1.2, 0.8, 1.2], vertical_alignment="bottom")
    names = [ALL, *columns, *([before.column] if before and before.column not in columns else [])]
    column = row[0].selectbox(
        "On which rows?" if place == 0 else "and",
        names,
        index=names.index(before.column) if before else 0,
        key=f"{key}-column",
        help=term("Slice"),
    )
    if column == ALL:
        return None
    figures = columns.get(column, {"kind": "text"})
    same = before if before and before.column == column else None
    numeric = figures["kind"] == "number"
    operators = [*_OPERATORS] if numeric else ["==", "!="]
    operator = row[1].selectbox(
        "Operator",
        operators,
        index=operators.index(same.operator) if same else 0,
        format_func=lambda sign: _OPERATORS[sign],
        key=f"{key}-{column}-operator",
        label_visibility="collapsed",
    )
    value = (_number if numeric else _text)(row[2], figures, same.value if same else None, f"{key}-{column}-value")
    return Condition(column=column, operator=cast("Operator", operator), value=value) if value is not None else None


def _number(place: Any, figures: Mapping[str, Any], before: Any, key: str) -> float | None:
    middle = before if before is not None else figures.get("median") or figures.get("mean") or 0.0
    return place.number_input("Value", value=float(middle), key=key, label_visibility="collapsed")


def _text(place: Any, figures: Mapping[str, Any], before: Any, key: str) -> str | None:
    levels = [str(level["value"]) for level in figures.get("top", ())]
    options = list(dict.fromkeys([*([str(before)] if before is not None else []), *levels]))
    return place.selectbox(
        "Value", options, key=key, label_visibility="collapsed", accept_new_options=True, placeholder="Value"
    )


def _agreed(form: _Form, draft: Criterion) -> Criterion | None:
    metric, begun = METRICS[draft.metric], form.begun
    same = form.old is not None and begun.metric == draft.metric
    usual = {True: ">=", False: "<=", None: "within"}[metric.greater_is_better]
    left, right = st.columns([1.6, 1], vertical_alignment="bottom")
    direction = left.segmented_control(
        "What is agreed?",
        list(DIRECTIONS),
        default=begun.direction if same else usual,
        required=True,
        format_func=lambda sign: DIRECTIONS[sign],
        key=f"{form.key}-{draft.metric}-direction",
    )
    least, most, step, style = _LIMITS.get(typed_in(draft), _ANY) if metric.unit not in ("target", "factor") else _ANY
    suffix = typed_in(draft)
    typed = right.number_input(
        f"Threshold, {suffix}" if suffix else "Threshold",
        min_value=least,
        max_value=most,
        value=to_typed(begun) if same else None,
        step=step,
        format=style,
        placeholder="Type a number",
        key=f"{form.key}-{draft.metric}-threshold",
    )
    if typed is None:
        return None
    threshold = from_typed(draft, float(typed))
    return replace(draft, direction=cast("Direction", direction), threshold=threshold)


def _judged(form: _Form, draft: Criterion | None, where: list[Stage]) -> Criterion | None:
    begun, left, right = form.begun, *st.columns(2)
    stages = left.pills(
        "Where is it judged?",
        where,
        selection_mode="multi",
        default=[stage for stage in begun.stages if stage in where],
        format_func=lambda stage: KINDS[stage],
        key=f"{form.key}-stages-{len(where)}",
        help="The hold-out opens the gate; live is production, window by window.",
    )
    role = right.segmented_control(
        "What does it do?",
        list(Role),
        default=begun.role,
        required=True,
        format_func=lambda role: KINDS[role],
        key=f"{form.key}-role",
        help="A gate blocks a release and raises alerts; a monitor only shows.",
    )
    rationale = st.text_input(
        "Why this value?",
        value=begun.rationale,
        key=f"{form.key}-why",
        placeholder="What would be too little, and for whom?",
    )
    windows = _windows(form)
    if draft is None:
        return None
    return replace(
        draft,
        stages=tuple(stage for stage in Stage if stage in stages),
        role=role or begun.role,
        rationale=rationale.strip(),
        **windows,
    )


def _windows(form: _Form) -> dict[str, int | None]:
    with st.expander("Options", icon=":material/tune:", key=f"{form.key}-options"):
        kind = st.segmented_control(
            "A window is a number of",
            list(_WINDOWS),
            default="predictions" if form.begun.window_rows else "days",
            required=True,
            key=f"{form.key}-windows",
            help="Where few or very many rows are predicted a day, windows by count all rest on as many rows.",
        )
        return _WINDOWS[str(kind)](form, *st.columns(2))


def _of_days(form: _Form, left: Any, right: Any) -> dict[str, int | None]:
    key, begun = form.key, form.begun
    window = left.number_input(
        "Days in a window", min_value=1, value=begun.window_days, key=f"{key}-window", help=term("Window")
    )
    every = right.number_input("A window ends every … days", min_value=1, value=begun.every_days, key=f"{key}-every")
    return {"window_days": int(window), "every_days": int(every), "window_rows": None, "every_rows": None}


def _of_predictions(form: _Form, left: Any, right: Any) -> dict[str, int | None]:
    key, begun = form.key, form.begun
    size = left.number_input(
        "Predictions in a window",
        min_value=1,
        value=begun.window_rows or _MANY,
        step=10,
        key=f"{key}-rows",
        help="Of the model that answers. Those of one instant stay together, so a window may hold a few more.",
    )
    every = right.number_input(
        "A new one every … predictions",
        min_value=1,
        value=begun.every_rows or _MANY,
        step=10,
        key=f"{key}-every-rows",
        help="At most as many as a window has; with fewer, neighbours share predictions.",
    )
    if begun.block == "day":
        st.caption(
            f"Rows of one day are taken together, so a window over fewer than {MIN_BLOCKS} days decides nothing."
        )
    return {"window_rows": int(size), "every_rows": int(every)}


_WINDOWS: Mapping[str, Callable[[_Form, Any, Any], dict[str, int | None]]] = {
    "days": _of_days,
    "predictions": _of_predictions,
}


def _says(form: _Form, draft: Criterion | None) -> None:
    if draft is None:
        st.markdown(":gray[Type the threshold that a model must reach.]")
        return
    with st.container(border=True, gap="xxsmall"):
        st.markdown(f"**{escape(demand(draft))}**")
        if form.old is not None and form.old.signed_at is not None:
            st.markdown(
                f":gray[{form.old.key} is signed, so this begins version {form.old.version + 1}, unsigned. What is "
                f"live stays {escape(agreed(form.old))} until a version is approved under the new one.]"
            )


def _save(form: _Form, draft: Criterion) -> None:
    scoping = session.workspace().scoping
    try:
        if form.old is None:
            saved = scoping.agree(form.life.project.id, [draft])[0]
        else:
            saved = scoping.change(form.old.id, draft)
    except FullcircleError as error:
        problem(str(error))
        return
    if form.old is not None and saved.id != form.old.id:
        st.query_params["id"] = saved.id
    st.rerun()
