"""Window: what did this window show?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Window", "What did this window show?", project=session.project())
    empty("date_range", "Nothing here yet", "What did this window show?")
