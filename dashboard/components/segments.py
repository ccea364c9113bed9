"""Parts of a view of which one is shown; the address knows which."""

from collections.abc import Mapping
from typing import cast

import streamlit as st

from dashboard.components.choice import choose, chosen


def segments(label: str, options: Mapping[str, str], *, parameter: str, default: str, key: str) -> str:
    """Show a switch between parts, each with its words, and return the part that is chosen."""
    current = chosen(parameter, list(options), default)
    # the widget would keep its own value when the back button changes the address
    st.session_state[key] = current
    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        required=True,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: choose(**{parameter: cast("str", st.session_state[key])}),
    )
    return current
