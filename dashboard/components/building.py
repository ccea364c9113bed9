"""The flights project while it is being built: its circle fills phase by phase, by what is really there."""

import streamlit as st

from core.job import Job, JobState
from core.scoping.project import Project
from core.workspace.projects import DEMO_SLUG
from dashboard import formats, session
from dashboard.charts.circle import Centre
from dashboard.components.empty import problem
from dashboard.components.header import page_header
from dashboard.components.jobs_menu import job_row
from dashboard.components.standing import standing_circle

_KIND = "build_demo"


def demo_at_work() -> Job | None:
    """Return the job that builds the flights project, while it is not over."""
    return next((job for job in session.workspace().jobs.running() if job.kind == _KIND), None)


def demo_failure() -> None:
    """Say why the flights project could not be built; nothing where it could, or where nobody asked for it."""
    newest = next((job for job in session.workspace().jobs.recent() if job.kind == _KIND), None)
    if newest is not None and newest.state is JobState.FAILED:
        problem(f"{newest.title}: {newest.error} Ask for it again under More.")


def is_demo(project: Project) -> bool:
    """Tell whether a project is the flights project."""
    return project.slug == DEMO_SLUG


def building(title: str, job: Job) -> None:
    """Show the flights project growing, and the page anew when it is complete."""
    page_header(
        title,
        "The flights project is being built from real data: **each phase shows here as it is done**, "
        "in about a minute.",
    )
    _growing(job.id, began=_demo() is not None)


@st.fragment(run_every=1)
def _growing(job_id: str, *, began: bool) -> None:
    job, project = session.workspace().jobs.get(job_id), _demo()
    if job.over or (project is not None) != began:
        st.rerun()
    job_row(job, key="building")
    life = session.life(project) if project else None
    stands = f"stands at {formats.last_day(project.clock, project.zone)}" if project else "reading the flights of 2013"
    centre = Centre(label="Built", figure=formats.share(job.progress, 0), note=stands)
    standing_circle(life, centre, key="building-circle")


def _demo() -> Project | None:
    return next((project for project in session.projects() if is_demo(project)), None)
