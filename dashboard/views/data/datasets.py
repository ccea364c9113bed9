"""Datasets: can this data be trusted?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Datasets", "Can this data be trusted?", project=session.project())
    empty("table", "Nothing here yet", "Can this data be trusted?")
