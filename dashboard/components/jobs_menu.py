"""What is at work, in the sidebar: progress, and a way to stop it. It polls only while something is at work.

A job whose progress the page shows is not shown again in the sidebar, which is therefore filled after the page.
"""

import streamlit as st

from core.job import Job
from dashboard import session
from dashboard.formats import escape

_ON_PAGE = "jobs-on-page"
_MENU = "menu"


def new_page() -> None:
    """Begin a page, which shows no job's progress yet."""
    st.session_state[_ON_PAGE] = set()


def jobs_menu() -> None:
    """Show the jobs that are at work and not on the page."""
    if _at_work():
        _running()


def _at_work() -> list[Job]:
    shown = st.session_state.get(_ON_PAGE, ())
    return [job for job in session.workspace().jobs.running() if job.id not in shown]


@st.fragment(run_every=1)
def _running() -> None:
    jobs = _at_work()
    if not jobs:
        st.rerun()
    with st.container(gap="xsmall", key="jobs"):
        for job in jobs[:3]:
            job_row(job)


def job_row(job: Job, *, key: str = _MENU) -> None:
    """Show one job at work: title, progress, what it is at, and a button that stops it. ``key`` names the place."""
    if key != _MENU:
        st.session_state.setdefault(_ON_PAGE, set()).add(job.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.progress(min(1.0, max(0.0, job.progress)), text=f"{escape(job.title)} :gray[{escape(job.message)}]")
        st.button(
            ":material/close:",
            type="tertiary",
            key=f"{key}-cancel-{job.id}",
            help="Stop this job",
            disabled=job.cancel_requested,
            on_click=lambda: _cancel(job.id),
        )


def _cancel(job_id: str) -> None:
    session.workspace().jobs.cancel(job_id)
