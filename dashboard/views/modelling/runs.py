"""Runs: which model is better, and is it real?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Runs", "Which model is better, and is it real?", project=session.project())
    empty("science", "Nothing here yet", "Which model is better, and is it real?")
