"""A box to find a column with, where there are more than the eye takes in."""

import streamlit as st

from dashboard import formats

_MANY = 20


def find_column(number: int, one: str = "column", many: str = "columns", *, key: str) -> str:
    """Return what is looked for, in lower case; nothing, and no box, where the columns are few."""
    if number <= _MANY:
        return ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-find-bar"):
        wanted = st.text_input(
            "Find a column",
            key=f"{key}-find",
            placeholder="Find a column",
            icon=":material/search:",
            label_visibility="collapsed",
            width=260,
        )
        st.markdown(f":gray[{formats.plural(number, one, many)}]", width="content")
    return wanted.strip().casefold()
