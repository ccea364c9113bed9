"""Thread: how did we get here?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Thread", "How did we get here?", project=session.project())
    empty("timeline", "Nothing here yet", "How did we get here?")
