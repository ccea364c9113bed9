"""A data task: who does it, until it is done; and as Markdown to copy, with what is wrong, what to do, and the rows."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.modelling.tagging.data_task import LONGEST_REASON, DataTask
from core.people.actor import Permission
from dashboard import formats, session
from dashboard.components.empty import problem
from dashboard.components.people import who
from dashboard.formats import NOTHING, escape, value
from dashboard.vocabulary import state_of


def show_task(life: Life, task: DataTask) -> None:
    """Show a data task with what can be done about it."""
    st.markdown(_standing(life, task))
    if task.open and session.workspace().actor.may(Permission.WRITE):
        _acts(life, task)
    with st.expander("The task as text", icon=":material/content_copy:", expanded=task.open):
        st.code(task.text, language=None, wrap_lines=True)


def _standing(life: Life, task: DataTask) -> str:
    state = state_of(task.state)
    if task.open:
        mine = task.owner == session.workspace().actor.id
        owner = (
            "nobody sees to it yet" if not task.owner else "you see to it" if mine else f"{who(task.owner)} sees to it"
        )
        return f"{state.badge} A data task: {owner}. It waits with what waits on you until it is done."
    version = next((one for one in life.datasets if one.id == task.dataset_id), None)
    with_what = [f"with {escape(version.name)} v{version.number}"] if version else []
    day = formats.last_day(task.done_at, life.project.zone)
    said = ", ".join([*with_what, *([escape(task.reason)] if task.reason else [])])
    return f"{state.badge} A data task: on {day} by {who(task.done_by or '')}: {said}"


def _acts(life: Life, task: DataTask) -> None:
    tasks = session.workspace().tasks
    with st.container(horizontal=True, vertical_alignment="center", key="task-acts"):
        if task.owner == session.workspace().actor.id:
            _act("Let go", "person_remove", "leave", lambda: tasks.leave(task.id))
        else:
            _act("Take it", "person_add", "take", lambda: tasks.take(task.id))
        with st.popover("Done", icon=":material/task_alt:", type="tertiary", key="task-done"):
            _done(life, task)


def _act(label: str, icon: str, name: str, act: Callable[[], Any]) -> None:
    st.button(label, icon=f":material/{icon}:", type="tertiary", key=f"task-{name}", on_click=act)


def _done(life: Life, task: DataTask) -> None:
    version = _version(_newer(life, task))
    reason = st.text_area(
        "Note (optional)" if version else "Why it is done",
        key="task-reason",
        height=90,
        max_chars=LONGEST_REASON,
        placeholder="For example: the labels were right, the rows are truly hard",
    )
    if not st.button("The task is done", key="task-finish"):
        return
    try:
        session.workspace().tasks.finish(task.id, dataset_id=version.id if version else None, reason=reason)
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    st.rerun()


def _version(newer: list[DatasetVersion]) -> DatasetVersion | None:
    if not newer:
        st.markdown(":gray[No dataset version after that of the run is accepted yet.]")
        return None
    return st.selectbox(
        "With the dataset version",
        [*newer, None],
        format_func=lambda one: f"{one.name} v{one.number}" if one else "None of them",
        key="task-version",
    )


def _newer(life: Life, task: DataTask) -> list[DatasetVersion]:
    """Return the accepted versions after that of the task's run, the newest first."""
    run = life.run(task.run_id)
    before = next((one.number for one in life.datasets if run and one.id == run.dataset_id), 0)
    accepted = [one for one in life.datasets if one.state is DatasetState.ACCEPTED and one.number > before]
    return accepted[::-1]


def task_text(tag: str, run: str, figures: Mapping[str, str], rows: pl.DataFrame) -> str:
    """Return the text of a task about the errors of a tag; ``rows`` are those of them that were looked at."""
    said = [f"- {name}: {figure}" for name, figure in figures.items() if figure and figure != NOTHING]
    looked = [f"- {_row(row)}" for row in rows.iter_rows(named=True)]
    return "\n".join(
        [
            f"# Data task: {tag}",
            "",
            f"Errors of {run} on its hold-out, looked at one by one.",
            "",
            *said,
            "",
            "## To do",
            "",
            "- [ ] Are the labels of the rows below right?",
            "- [ ] Bring more rows like these, or the input that would tell them apart.",
            "- [ ] Train again and compare both runs on the same hold-out.",
            "",
            "## Rows",
            "",
            *looked,
        ]
    )


def _row(row: Mapping[str, object]) -> str:
    name, score = row.get("entity_id"), row["score"]
    return f"{value(name)}: label {value(row['label'])}, score {value(score)}"
