"""Alert: what was raised, and why?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Alert", "What was raised, and why?", project=session.project())
    empty("notifications", "Nothing here yet", "What was raised, and why?")
