"""Performance: is it still true to what we approved?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Performance", "Is it still true to what we approved?", project=session.project())
    empty("monitoring", "Nothing here yet", "Is it still true to what we approved?")
