"""Criterion: how will we know it worked?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Criterion", "How will we know it worked?", project=session.project())
    empty("flag", "Nothing here yet", "How will we know it worked?")
