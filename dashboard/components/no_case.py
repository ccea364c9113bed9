"""An alert that needs no case is closed with a reason and a note."""

import streamlit as st

from core.errors import FullcircleError
from core.monitoring.window import Alert, CloseReason
from dashboard import session
from dashboard.components.empty import problem

_REASONS = {
    CloseReason.EXPECTED: ("It was expected", "It is true, and known to be: a holiday, a strike, a planned change."),
    CloseReason.FALSE: ("It is a false alarm", "Nothing was wrong: it is counted beside the false alarms expected."),
    CloseReason.REAL: ("It is real, and over", "It was dealt with outside a case."),
}


def no_case_needed(alert: Alert, *, key: str) -> None:
    """Offer to close an alert without a case."""
    with st.popover("No case needed", icon=":material/done_all:", type="tertiary", key=f"{key}-no-case"):
        _close(alert.id, key)


def _close(alert_id: str, key: str) -> None:
    reason = st.radio(
        "What is it?",
        list(_REASONS),
        format_func=lambda reason: _REASONS[reason][0],
        captions=[caption for _, caption in _REASONS.values()],
        index=None,
        key=f"{key}-reason",
    )
    note = st.text_area("Note (optional)", key=f"{key}-note", height=90, max_chars=2_000)
    pressed = st.button("Close the alert", key=f"{key}-close", disabled=reason is None)
    if not pressed or reason is None:
        return
    try:
        session.workspace().alerts.close(alert_id, reason, note)
    except FullcircleError as error:
        problem(str(error))
        return
    st.rerun()
