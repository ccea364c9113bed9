"""The project at hand, at the top of the sidebar."""

import streamlit as st

from dashboard import session
from dashboard.components.view import View

_KEY = "project_switcher"


def project_switcher(current: View) -> None:
    """Show which project is at hand and let a person take another; a record's page leads to its list."""
    found = session.projects()
    if not found:
        return
    chosen = session.current_project()
    names = {project.slug: project.name for project in found}
    if chosen is not None:
        names.setdefault(chosen.slug, chosen.name)
    slugs = list(names)
    picked = st.selectbox(
        "Project",
        slugs,
        index=slugs.index(chosen.slug) if chosen else None,
        format_func=lambda slug: names[slug],
        placeholder="Choose a project",
        label_visibility="collapsed",
        key=f"{_KEY}-{chosen.slug if chosen else ''}",
    )
    if picked and (chosen is None or picked != chosen.slug):
        session.go(current.key if current.listed and current.needs_project else "overview", project=picked)
