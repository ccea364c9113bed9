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
    st.error(escape(message.replace("`", "")), icon=":material/error:")
