"""Verdicts of criteria in tables: as everywhere, and amber where a mere monitor is not met."""

from typing import Any

import streamlit as st

from core.scoping.criterion import Verdict
from dashboard.vocabulary import State, state_of


def verdict_column(title: str) -> Any:
    """Return the configuration of a column of verdicts; a cell is ``[shown(criterion, verdict).cell]``."""
    watched = state_of(Verdict.NOT_MET)
    states = [*(state_of(verdict) for verdict in Verdict), State(watched.word, watched.icon, "orange")]
    return st.column_config.MultiselectColumn(
        title, options=[state.cell for state in states], color=[state.colour for state in states]
    )
