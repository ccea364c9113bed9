"""Background work where it was asked for: its progress, the page anew when it ends, the reason where it fails."""

import streamlit as st

from core.job import Job, JobState
from core.scoping.project import Project
from dashboard import session
from dashboard.components.empty import problem
from dashboard.components.jobs_menu import job_row


def at_work(project: Project, *kinds: str) -> Job | None:
    """Return the project's job of one of these kinds that is not over yet."""
    return next((job for job in session.workspace().jobs.running(project.id) if job.kind in kinds), None)


@st.fragment(run_every=1)
def progress(job_id: str) -> None:
    """Show how far a job has come, and the whole page anew when it is over."""
    job = session.workspace().jobs.get(job_id)
    if job.over:
        st.rerun()
    with st.container(border=True, key=f"working-{job_id}"):
        job_row(job, key="working")


def failure(project: Project, *kinds: str) -> None:
    """Say why the newest job of these kinds did not do it; nothing where it did."""
    newest = next((job for job in session.workspace().jobs.recent(project.id) if job.kind in kinds), None)
    if newest is not None and newest.state is JobState.FAILED:
        problem(f"{newest.title}: {newest.error}")
