"""Help: what does this word mean?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Help", "What does this word mean?")
    empty("help", "Nothing here yet", "What does this word mean?")
