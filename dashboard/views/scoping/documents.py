"""Documents: is this worth doing?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Documents", "Is this worth doing?", project=session.project())
    empty("description", "Nothing here yet", "Is this worth doing?")
