"""What stands where there is nothing yet, or where something went wrong."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.formats import escape


def empty(  # noqa: PLR0913
    icon: str,
    title: str,
    sentence: str,
    *,
    action: str = "",
    on_click: Callable[[], Any] | None = None,
    key: str = "empty",
) -> bool:
    """Say what will appear here and offer the one action that makes it appear; tell whether it was pressed."""
    with st.container(border=True, horizontal_alignment="center", gap="xsmall", key=f"{key}-box"):
        st.space("small")
        st.markdown(f"## :gray[:material/{icon}:]", text_alignment="center")
        st.markdown(f"### {title}", text_alignment="center")
        st.markdown(f":gray[{sentence}]", text_alignment="center", width=460)
        pressed = bool(action) and st.button(action, type="primary", key=key, on_click=on_click)
        st.space("small")
    return pressed


def problem(message: str) -> None:
    """Say what a person can do about something that went wrong."""
    st.error(escape(message), icon=":material/error:")


def no_project() -> None:
    """Welcome somebody whose workspace holds no project yet."""
    from dashboard import session

    st.title("Fullcircle")
    st.markdown("Nothing is here yet. Begin with a file of your own, or with the flights project.")
    if empty(
        "trip_origin",
        "No project yet",
        "A project goes round six phases, from the criterion that you agree on to the retraining that meets it again.",
        action="Check a file of mine",
        key="empty-workspace",
    ):
        session.go("check")
    if st.button("Projects", icon=":material/folder_copy:", type="tertiary"):
        session.go("projects")
