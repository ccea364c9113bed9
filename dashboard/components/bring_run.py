"""From logged runs on to the gate: bring one to the project's runs, or go to where it stands."""

from collections.abc import Sequence

import streamlit as st

from core.errors import FullcircleError
from core.modelling.run import Run, RunState
from core.modelling.tracking.logged_run import LoggedRun
from core.scoping.project import Project
from dashboard import session
from dashboard.components import working
from dashboard.components.empty import problem
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_REFUSAL = "bring-refusal"


def on_to_the_gate(project: Project, runs: Sequence[LoggedRun]) -> None:
    """Show for each chosen run how it goes on."""
    st.markdown("### On to the gate")
    job = working.at_work(project, "bring")
    for run in runs:
        brought = session.workspace().bringing.brought(project.id, run.id)
        if brought is None or brought.state is RunState.FAILED:
            _offer(project, run, busy=job is not None)
        if brought is not None:
            _standing(brought)
    if job is not None:
        working.progress(job.id)
    if refusal := st.session_state.pop(_REFUSAL, None):
        problem(refusal)


def _offer(project: Project, run: LoggedRun, *, busy: bool) -> None:
    st.button(
        f"Bring {run.name} to Runs",
        icon=":material/move_item:",
        key=f"bring-{run.id}",
        disabled=busy,
        help="Its ONNX file scores the rows that it held out, is measured by the project's criteria, and can then be "
        "registered.",
        on_click=_bring,
        args=(project.id, run.id),
    )


def _bring(project_id: str, run_id: str) -> None:
    try:
        session.workspace().bringing.order(project_id, run_id)
    except FullcircleError as refusal:
        st.session_state[_REFUSAL] = str(refusal)


def _standing(run: Run) -> None:
    if run.state is RunState.FAILED:
        problem(run.error)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        word = state_of(run.state).word
        st.markdown(f"**{escape(run.name)}** is among the project's runs: {word}.", width="content")
        if run.state is RunState.FINISHED and st.button(
            f"Open {run.name}", icon=":material/arrow_forward:", type="tertiary", key=f"brought-{run.id}"
        ):
            session.go("run", id=run.id)
