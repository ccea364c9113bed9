"""Document: what did we write down?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Document", "What did we write down?", project=session.project())
    empty("description", "Nothing here yet", "What did we write down?")
