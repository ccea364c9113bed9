"""Alarms of drift over the weeks: how many may be false, for those who may choose, and what is said of a column's."""

import streamlit as st

from core.lifecycle.drift_alarms import DriftAlarms
from core.people.actor import Permission
from core.scoping.alarm_budget import BUDGETS
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.drift_look import Look

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


def alarm_in_words(alarms: DriftAlarms, look: Look, name: str) -> str:
    """Return since when a column's alarm is there, or that it is over; nothing where the week looked at has none."""
    spell = None if look.against else alarms.spell(name, look.week)
    if spell is None:
        return ""
    since = f"{'window of' if spell.onset.window.counted else 'week'} {formats.week(spell.onset, look.zone)}"
    if spell.over:
        over = formats.week(spell.over, look.zone)
        return f"Alarm of the {since}; over since {over}, when the column lay within the margin again."
    return f"Alarm since the {since}; of all columns together, {alarms.budget} is allowed."
