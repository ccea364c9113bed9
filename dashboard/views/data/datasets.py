"""Datasets: can this data be trusted?"""

import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.lifecycle.life import Life
from core.scoping.project import Project
from dashboard import session
from dashboard.components.chip import link
from dashboard.components.choice import select
from dashboard.components.dataset_decision import accept_button, other_decisions
from dashboard.components.dataset_version import dataset_detail
from dashboard.components.dataset_words import dataset_sentence, name_of
from dashboard.components.empty import empty
from dashboard.components.first_task import first_task
from dashboard.components.header import Primary, page_header
from dashboard.components.on_the_server import on_the_server
from dashboard.components.uploader import FORMATS, SIZE, uploader
from dashboard.components.working import at_work, failure, progress
from dashboard.vocabulary import state_of

_JOBS = ("check_dataset", "adopt_file")
_SENT = "datasets-sent"
_MOST_AT_ONCE = 20


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    if not life.datasets:
        _nothing_yet(project)
        return
    version = _chosen(life)
    sentence, asking = dataset_sentence(version, project), _asks(life, version)
    pressed = page_header("Datasets", sentence, project=project, primary=_primary(version, asking=asking))
    if pressed and version.state is not DatasetState.WAITING:
        _ask_for_file(project)
    job = at_work(project, *_JOBS)
    if job is not None:
        progress(job.id)
    failure(project, *_JOBS)
    _bar(life, version, asking=asking)
    if asking:
        _three_questions(project, version)
    dataset_detail(life, version, key="datasets")


def _nothing_yet(project: Project) -> None:
    page_header(
        "Datasets",
        "No dataset yet: drop a file to read **what is wrong with it** within seconds.",
        project=project,
    )
    failure(project, *_JOBS)
    _drop(project)
    empty(
        "table",
        "No dataset yet",
        "Each file that is dropped becomes a version: its findings, its columns and who accepted it appear here.",
        key="datasets-empty",
    )


def _chosen(life: Life) -> DatasetVersion:
    """Return the version of the address; else the one that waits, else the newest that is of any use."""
    named = life.dataset(st.query_params.get("version")) or life.dataset(st.query_params.get("id"))
    waiting = [d for d in life.datasets if d.state in {DatasetState.WAITING, DatasetState.CHECKING}]
    return named or (waiting[-1] if waiting else life.datasets[-1])


def _primary(version: DatasetVersion, *, asking: bool) -> Primary | None:
    if version.state is DatasetState.WAITING:
        return accept_button(version)
    if asking or version.state is DatasetState.CHECKING:
        return None  # the next act is the answer to its questions, or to wait
    return Primary(label="Drop a file", icon="upload_file", key="datasets-drop")


def _bar(life: Life, version: DatasetVersion, *, asking: bool) -> None:
    """Show which version is looked at, and what else can be done with it.

    A file can always be dropped: here, where another act is the page's own.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="datasets-bar"):
        if len(life.datasets) > 1:
            names = {d.id: f"{name_of(d)}  {state_of(d.state).cell}" for d in reversed(life.datasets)}
            select(
                "Version",
                list(names),
                parameter="version",
                default=version.id,
                key="datasets-version",
                words=lambda version_id: names[version_id],
                hidden=True,
                width=300,
            )
        link(f"Open v{version.number}", "dataset", icon="table", id=version.id)
        if life.project.task is not None and version.state is DatasetState.ACCEPTED:
            link("Train on it", "runs", icon="science")
        other_decisions(version)
        if (version.state is DatasetState.WAITING or asking) and st.button(
            "Drop another file", icon=":material/upload_file:", type="tertiary", key="datasets-drop-another"
        ):
            _ask_for_file(life.project)


# A file


def _ask_for_file(project: Project) -> None:
    @st.dialog("Drop a file", icon=":material/upload_file:")
    def ask() -> None:
        st.markdown(":gray[It becomes the next version; nothing is trained on it before somebody accepts it.]")
        _drop(project)

    ask()


def _drop(project: Project) -> None:
    """Offer to drop files; once they are here, each becomes a version, in their order, and its check is asked for."""
    sent = int(st.session_state.get(_SENT, 0))
    arrived = uploader(
        f"datasets-file-{sent}",
        files=_MOST_AT_ONCE,
        label="Drop a file or several, or choose",
        hint=f"{FORMATS}, {SIZE}; each becomes a version",
    ) or on_the_server(f"datasets-{sent}")
    if not arrived:
        return
    # a new zone each time: the ids of a used one are taken
    st.session_state[_SENT] = sent + 1
    dropping = session.workspace().data.drop
    versions = [dropping(project.id, upload.path, file_name=upload.name)[0] for upload in arrived]
    st.query_params["version"] = versions[0].id
    st.rerun()


# What is predicted


def _asks(life: Life, version: DatasetVersion) -> bool:
    return life.project.task is None and version.state is DatasetState.ACCEPTED and bool(version.profile)


def _three_questions(project: Project, version: DatasetVersion) -> None:
    with st.container(border=True, key="datasets-task"):
        st.markdown("### What is this data for?")
        st.markdown(":gray[Three answers, each guessed from the file: correct what is wrong. Training needs them.]")
        answered = first_task(version.profile or {}, key="datasets-task")
        pressed = st.button(
            "That is what we predict",
            type="primary",
            icon=":material/check:",
            key="datasets-define",
            disabled=answered.task is None,
        )
    if pressed and answered.task is not None:
        session.workspace().projects.define(project.id, answered.task, time_zone=answered.time_zone)
        st.rerun()
