"""Jobs: what is at work?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Jobs", "What is at work?")
    empty("pending_actions", "Nothing here yet", "What is at work?")
