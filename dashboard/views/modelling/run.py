"""Run: what did this run measure?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Run", "What did this run measure?", project=session.project())
    empty("science", "Nothing here yet", "What did this run measure?")
