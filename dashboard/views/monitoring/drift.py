"""Drift: what moved, and does it matter?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Drift", "What moved, and does it matter?", project=session.project())
    empty("change_history", "Nothing here yet", "What moved, and does it matter?")
