"""Who set their name to a record, and when: the same few words everywhere."""

from datetime import datetime
from zoneinfo import ZoneInfo

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
