"""How many alarms of drift may be false: a list to choose from, for those who may."""

import streamlit as st

from core.people.actor import Permission
from core.scoping.alarm_budget import BUDGETS
from core.scoping.project import Project
from dashboard import session

_HELP = (
    "Of all columns together, however often somebody looks. A looser budget raises alarms sooner, in past weeks too: "
    "agree on it before you look, the promise holds for a budget that was not chosen by its alarms."
)


def alarm_budget(project: Project) -> None:
    """Show the project's budget of false alarms; a choice is kept at once and entered into the ledger."""
    key = "drift-alarm-budget"
    st.session_state[key] = project.alarm_budget

    def keep() -> None:
        session.workspace().projects.allow_alarms(project.id, st.session_state[key])

    st.selectbox(
        "False alarms allowed",
        BUDGETS,
        key=key,
        format_func=lambda words: words[0].upper() + words[1:],
        disabled=not session.workspace().actor.may(Permission.APPROVE),
        help=_HELP,
        on_change=keep,
    )
