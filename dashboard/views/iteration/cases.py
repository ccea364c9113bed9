"""Cases: what do we do about it, and did that help?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Cases", "What do we do about it, and did that help?", project=session.project())
    empty("cases", "Nothing here yet", "What do we do about it, and did that help?")
