"""Tour: what is there to see?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Tour", "What is there to see?")
    empty("explore", "Nothing here yet", "What is there to see?")
