"""Jobs: what is at work, and what was."""

import polars as pl
import streamlit as st

from core.job import Job, JobState
from dashboard import formats, session
from dashboard.components.empty import empty
from dashboard.components.header import page_header
from dashboard.components.jobs_menu import job_row
from dashboard.components.table import state_cell, state_column, table

_SHOWN = 100


def render() -> None:
    """Show the view."""
    jobs = session.workspace().jobs.recent(limit=_SHOWN)
    running = [job for job in jobs if not job.over]
    page_header("Jobs", _sentence(running, jobs))
    if not jobs:
        empty(
            "pending_actions",
            "No job yet",
            "Training, checking and replaying are jobs; they go on when this page is closed.",
        )
        return
    if running:
        _at_work()
    past = [job for job in jobs if job.over]
    if not past:
        return
    chosen = table(_rows(past), key="jobs-past", alt="Jobs that are over", columns=_columns(), selectable=True)
    if chosen is not None:
        _detail(past[chosen])


def _sentence(running: list[Job], jobs: list[Job]) -> str:
    failed = sum(job.state is JobState.FAILED for job in jobs)
    over = f"{formats.count(len(jobs) - len(running))} over" + (f", **{failed} failed**" if failed else "")
    return f"**{formats.count(len(running))} at work**, {over}."


@st.fragment(run_every=1)
def _at_work() -> None:
    running = session.workspace().jobs.running()
    if not running:
        st.rerun()
    for job in running:
        job_row(job, key="jobs")


def _rows(jobs: list[Job]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "job": [job.title for job in jobs],
            "state": [state_cell(job.state) for job in jobs],
            "begun": [job.created_at for job in jobs],
            "took": [
                formats.duration(job.finished_at - job.started_at)
                if job.started_at and job.finished_at
                else formats.NOTHING
                for job in jobs
            ],
            "last step": [job.error or job.message for job in jobs],
        }
    )


def _columns() -> dict[str, object]:
    return {
        "job": "Job",
        "state": state_column("State", JobState),
        "begun": st.column_config.DatetimeColumn("Begun", format="distance"),
        "took": "Took",
        "last step": "Last step",
    }


def _detail(job: Job) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{formats.escape(job.title)}**  \n{formats.escape(job.error or job.message or 'Done.')}", width="stretch"
        )
        if job.state in {JobState.FAILED, JobState.CANCELLED} and st.button(
            "Try again", icon=":material/replay:", key="jobs-retry"
        ):
            session.workspace().jobs.retry(job.id)
            st.rerun()
