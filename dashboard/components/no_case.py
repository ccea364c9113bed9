"""An alert that needs no case is closed with a reason."""

import streamlit as st

from core.monitoring.window import Alert
from dashboard import session

_REASONS = {"expected": "It was expected", "false": "It is a false alarm", "real": "It is real, and over"}


def no_case_needed(alert: Alert, *, key: str) -> None:
    """Offer to close an alert without a case."""
    with st.popover("No case needed", type="tertiary", key=f"{key}-no-case"):
        for reason, words in _REASONS.items():
            st.button(words, type="tertiary", key=f"{key}-close-{reason}", on_click=_close, args=(alert.id, reason))


def _close(alert_id: str, reason: str) -> None:
    session.workspace().monitoring.close(alert_id, reason)
