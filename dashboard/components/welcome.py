"""Where a view finds no project: a workspace that holds none yet, or several of which none is chosen."""

import streamlit as st

from dashboard import session
from dashboard.components.building import building, demo_at_work, demo_failure
from dashboard.components.chip import link
from dashboard.components.demo import build_demo
from dashboard.components.empty import empty, problem
from dashboard.components.header import page_header


def welcome() -> None:
    """Offer the projects there are, or the two ways to begin."""
    found = session.projects()
    job = demo_at_work()
    if job is not None and not found:
        building("Welcome", job)
        return
    if found:
        page_header("Which project?", "This view belongs to a project. **Choose one.**")
        if lost := session.lost_project():
            problem(lost)
        for project in found:
            link(project.name, "overview", icon="folder", project=project.slug)
        return
    page_header(
        "Welcome", "Nothing is here yet: begin with **a file of your own**, or look round **the flights project**."
    )
    demo_failure()
    if empty(
        "trip_origin",
        "No project yet",
        "A project goes round six phases, from the criterion that you agree on to the retraining that meets it again.",
        action="Check a file of mine",
        key="welcome",
    ):
        session.go("check")
    with st.container(horizontal_alignment="center"):
        st.button("Build the flights project", icon=":material/flight:", key="welcome-demo", on_click=build_demo)
