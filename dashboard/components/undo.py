"""Undo for ten seconds, and a question before what cannot be undone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

import streamlit as st

from dashboard import session
from dashboard.formats import escape

_OFFER = "undo_offer"
_SECONDS = 10


def offer_undo(message: str, undo: Callable[[], Any]) -> None:
    """Say what was done and offer to take it back, for ten seconds; call it from the act's callback."""
    st.session_state[_OFFER] = (message, undo, session.wall_time() + timedelta(seconds=_SECONDS))


def _take_back() -> None:
    _, undo, _ = st.session_state.pop(_OFFER)
    undo()


@st.fragment(run_every=2)
def _bar() -> None:
    offer = cast("tuple[str, Callable[[], Any], datetime] | None", st.session_state.get(_OFFER))
    if offer is None or session.wall_time() > offer[2]:
        st.session_state.pop(_OFFER, None)
        return
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="undo"):
        st.markdown(f":material/check: {escape(offer[0])}")
        st.button("Undo", icon=":material/undo:", type="tertiary", key="undo-button", on_click=_take_back)


def undo_bar() -> None:
    """Show the offer to undo while there is one; the frame calls it."""
    if _OFFER in st.session_state:
        _bar()


def confirm(title: str, sentence: str, action: str, act: Callable[[], Any], *, type_name: str = "") -> None:
    """Ask before ``act``: call it where a button was pressed. ``type_name`` must be typed first where it is given.

    What cannot be undone names its counter-act in ``sentence``: void, roll back.
    """

    @st.dialog(title)
    def ask() -> None:
        st.markdown(sentence)
        ready = True
        if type_name:
            typed = st.text_input(f"Type {type_name} to go on", key="confirm-name")
            ready = typed.strip() == type_name
        with st.container(horizontal=True, horizontal_alignment="right"):
            cancelled = st.button("Cancel", key="confirm-cancel")
            st.button(action, type="primary", key="confirm-act", disabled=not ready, on_click=act)
        if cancelled:
            st.rerun()

    ask()
