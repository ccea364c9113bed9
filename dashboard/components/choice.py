"""A choice that the address knows: F5 and the back button lose nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, cast

import streamlit as st


def chosen(parameter: str, options: Sequence[str], default: str) -> str:
    """Return which of ``options`` the address names, else ``default``."""
    named = st.query_params.get(parameter)
    return named if named is not None and named in options else default


def choose(**choices: str) -> None:
    """Write choices into the address, as one step of the browser's history."""
    st.query_params.update(choices)


def select(  # noqa: PLR0913
    label: str,
    options: Sequence[str],
    *,
    parameter: str,
    default: str,
    key: str,
    words: Callable[[str], str] = str,
    hidden: bool = False,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """Show a list to choose from and return the choice; the address leads, and follows."""
    current = chosen(parameter, options, default)
    # the widget would keep its own value when the back button changes the address
    st.session_state[key] = current
    st.selectbox(
        label,
        options,
        key=key,
        format_func=words,
        label_visibility="collapsed" if hidden else "visible",
        width=width,
        on_change=lambda: choose(**{parameter: cast("str", st.session_state[key])}),
    )
    return current


def search(label: str, *, parameter: str, key: str, width: int = 220, help: str | None = None) -> str:
    """Show a line to search by and return what is searched for, in lower case; the address leads, and follows."""
    st.session_state[key] = st.query_params.get(parameter, "")
    st.text_input(
        label,
        key=key,
        placeholder=label,
        label_visibility="collapsed",
        icon=":material/search:",
        width=width,
        help=help,
        on_change=lambda: choose(**{parameter: cast("str", st.session_state[key])}),
    )
    return st.query_params.get(parameter, "").strip().lower()


def newly_picked(points: Sequence[Any], key: str) -> Any | None:
    """Return the point that was clicked in this run; a chart keeps its selection, and an old one must not win again."""
    last = f"{key}-last"
    picked = points[0] if points else None
    fresh = picked is not None and picked != st.session_state.get(last)
    st.session_state[last] = picked
    return picked if fresh else None
