"""Dataset version: can this version be trusted?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Dataset version", "Can this version be trusted?", project=session.project())
    empty("table", "Nothing here yet", "Can this version be trusted?")
