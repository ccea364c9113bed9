"""A project that is live, and one that could be: when its next window is measured, and the end of its replay."""

import streamlit as st

from core.monitoring.calendar import LABELS_MATURE
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.uploader import uploader


def next_measurement(project: Project) -> None:
    """Say when the next window of a live project is measured, and how many predictions one by count waits for."""
    ends = session.workspace().schedule.next_end(project.id)
    if ends is not None:
        measured = formats.time(ends + LABELS_MATURE, project.zone)
        st.caption(
            f"The next window ends with {formats.last_day(ends, project.zone)} and is measured by itself on {measured}."
        )
    for one in session.workspace().counting.waiting(project.id):
        size, missing = formats.plural(one.count.size, "prediction"), formats.count(one.missing)
        st.caption(f"The next window of {size} is full after {missing} more.")


def go_live(project: Project, *, key: str, busy: bool) -> None:
    """Offer to end a project's replay; it is asked for once more, because it cannot be undone."""
    if project.clock is None:
        return
    if st.button("Go live", type="tertiary", icon=":material/sensors:", key=f"{key}-live", disabled=busy):
        _ask_to_end_replay(project, key=key)


@st.dialog("Go live", icon=":material/sensors:")
def _ask_to_end_replay(project: Project, *, key: str) -> None:
    st.markdown(
        "The clock follows the wall from now on, and each window is measured as it ends. Windows measured so far stay. "
        "Rows that are left to replay are not sent, and the replay cannot be taken up again."
    )
    if st.button("Go live", type="primary", key=f"{key}-live-confirmed", on_click=_end_replay, args=(project,)):
        st.rerun()


def bring_labels(project: Project, *, key: str) -> None:
    """Offer to drop a file of labels that came after their predictions."""
    if st.button("Bring labels", type="tertiary", icon=":material/upload_file:", key=f"{key}-labels"):
        _ask_for_labels(project, key=key)


@st.dialog("Bring labels", icon=":material/upload_file:")
def _ask_for_labels(project: Project, *, key: str) -> None:
    own = project.task.target if project.task else "label"
    st.markdown(
        f"A row a label: `entity_id` as it was sent with the request, `{own}` and, where it is known, `observed_at`. "
        "A later label of the same row corrects the earlier one."
    )
    counter = f"{key}-labels-sent"
    sent = int(st.session_state.get(counter, 0))
    arrived = uploader(f"{key}-labels-{sent}", label="Drop the labels")
    if arrived:
        st.session_state[counter] = sent + 1
        session.workspace().outcomes.drop(project.id, arrived[0].path, file_name=arrived[0].name)
        st.rerun()


def bring_batch(project: Project, *, key: str) -> None:
    """Offer to drop a file of rows that the model answered elsewhere."""
    if st.button("Bring a batch", type="tertiary", icon=":material/upload_file:", key=f"{key}-batch"):
        _ask_for_batch(project, key=key)


@st.dialog("Bring a batch", icon=":material/upload_file:")
def _ask_for_batch(project: Project, *, key: str) -> None:
    task = project.task
    time, own = (task.time or "event_time", task.target) if task else ("event_time", "label")
    st.markdown(
        f"A row an answer: every input, and `score`. Where they are known: `entity_id`, `{time}` and `{own}`. The rows "
        "join the log as answers of the model that serves. The time that they cover, with whatever else was answered "
        "in it, is a window of its own. Without a time they count as answered now, all on one day."
    )
    counter = f"{key}-batch-sent"
    sent = int(st.session_state.get(counter, 0))
    arrived = uploader(f"{key}-batch-{sent}", label="Drop the batch")
    if arrived:
        st.session_state[counter] = sent + 1
        session.workspace().batches.drop(project.id, arrived[0].path, file_name=arrived[0].name)
        st.rerun()


def _end_replay(project: Project) -> None:
    session.workspace().replays.go_live(project.id)
