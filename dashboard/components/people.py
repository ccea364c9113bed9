"""Who did something, as the page calls them."""

from dashboard import session
from dashboard.formats import escape


def who(actor_id: str) -> str:
    """Return ``you`` for the person at the page, else the name that the record holds, as Markdown."""
    return "you" if actor_id == session.workspace().actor.id else escape(actor_id)
