"""What waits on a person, as a bell with a count."""

import streamlit as st

from core.lifecycle.standing import NextStep
from core.scoping.project import Project
from dashboard import session
from dashboard.components.chip import link


def waiting(project: Project) -> list[NextStep]:
    """Return what waits on the person in a project."""
    return session.load("waiting", project, lambda: list(session.workspace().thread.waiting(project)))


def bell(project: Project) -> None:
    """Show the bell; it opens the list of what waits on the person."""
    items = waiting(project)
    label = f":material/notifications: {len(items)}" if items else ":material/notifications:"
    box = st.popover(label, type="tertiary", help="What waits on you", key="bell", on_change="rerun")
    if not box.open:
        return
    with box:
        if not items:
            st.markdown(":gray[Nothing waits on you.]")
        for item in items:
            link(item.title, item.view, icon="arrow_forward", **item.address)
