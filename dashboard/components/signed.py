"""Who set their name to a record, and when: the same few words everywhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.people.actor import LOCAL_USER
from dashboard import formats


def by(actor: str | None) -> str:
    """Return who acted, in the middle of a sentence: ``by you``."""
    if actor is None:
        return ""
    return "by you" if actor == LOCAL_USER.id else f"by {formats.escape(actor)}"


def signature(did: str, actor: str | None, on: datetime | None, zone: ZoneInfo) -> str:
    """Return an act with its person and its day (event time): ``signed by you on 28 Feb 2013``."""
    parts = (did, by(actor), f"on {formats.last_day(on, zone)}" if on else "")
    return " ".join(part for part in parts if part)


def other_version(number: int, record_id: str, *, key: str) -> None:
    """Show the way to another version of the record at hand: on the same page, so no link, which would look chosen."""
    st.button(
        f"Version {number}",
        type="tertiary",
        key=f"{key}-version-{number}",
        on_click=lambda: st.query_params.update({"id": record_id}),
    )
