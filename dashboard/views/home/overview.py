"""Overview: where are we, what is next, what waits on me?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Overview", "Where are we, what is next, what waits on me?", project=session.project())
    empty("trip_origin", "Nothing here yet", "Where are we, what is next, what waits on me?")
