"""Release: may this model go live?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Release", "May this model go live?", project=session.project())
    empty("lock_open", "Nothing here yet", "May this model go live?")
