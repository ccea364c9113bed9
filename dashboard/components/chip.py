"""A record or a state as a chip: the same icon, word and colour wherever it appears."""

import streamlit as st

from dashboard import session
from dashboard.formats import escape
from dashboard.vocabulary import State


def chip(state: State, view: str = "", *, label: str = "", help: str | None = None, **address: str) -> None:
    """Show a state; with ``view`` it leads there: ``chip(state, "run", label=run.name, id=run.id)``.

    ``label`` names the record in front of the state, ``help`` is what a pointer sees: figure and interval.
    """
    text = f"{escape(label)} {state.badge}" if label else state.badge
    if view:
        st.page_link(session.page(view), label=text, help=help, query_params=session.parameters(address))
    else:
        st.markdown(text, help=help, width="content")


def link(label: str, view: str, *, icon: str = "", help: str | None = None, **address: str) -> None:
    """Show a link to a view or a record of the project at hand: ``link("Run 3", "run", id=run.id)``."""
    st.page_link(
        session.page(view),
        label=escape(label),
        icon=f":material/{icon}:" if icon else None,
        help=help,
        query_params=session.parameters(address),
    )
