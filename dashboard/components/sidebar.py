"""The frame's left side: project, search, the way round, and the small things at its foot."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.components.demo import ask_afresh
from dashboard.components.project_switcher import project_switcher
from dashboard.components.search import search_button
from dashboard.components.view import View
from dashboard.vocabulary import PHASES

_STATIC = Path(__file__).parents[1] / "static"


def sidebar(views: Sequence[View], current: View) -> Any:
    """Show the sidebar of ``current`` and return the place in it for what is at work."""
    st.logo(str(_STATIC / f"logo-{session.theme()}.svg"), size="medium", icon_image=str(_STATIC / "favicon.svg"))
    with st.sidebar, st.container(gap="xsmall", key="sidebar"):
        project_switcher(current)
        search_button(views)
        _entries([view for view in views if view.listed])
        st.space(8)
        jobs = st.container(gap="xsmall", key="jobs-place")
        _foot()
        return jobs


def _entries(views: Sequence[View]) -> None:
    with st.container(gap=7, key="entries"):
        for place, (phase, entries) in enumerate(groupby(views, key=lambda view: view.phase)):
            if phase or place:
                st.markdown(f":small[:gray[{PHASES[phase][0] if phase else 'All phases'}]]")
            for view in entries:
                st.page_link(
                    session.page(view.key),
                    label=view.title,
                    icon=f":material/{view.icon}:",
                    width="stretch",
                    query_params=session.parameters(),
                )


def _foot() -> None:
    with st.popover("More", icon=":material/more_horiz:", type="tertiary", key="more"):
        for key, title, icon in (
            ("settings", "Settings", "settings"),
            ("jobs", "Jobs", "pending_actions"),
            ("help", "Help", "help"),
            ("tour", "Walk me round", "explore"),
        ):
            st.page_link(
                session.page(key),
                label=title,
                icon=f":material/{icon}:",
                width="stretch",
                query_params=session.parameters(),
            )
        if st.button("Start the flights project afresh", icon=":material/restart_alt:", type="tertiary", key="afresh"):
            ask_afresh()
