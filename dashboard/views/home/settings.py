"""Settings: where is everything kept?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Settings", "Where is everything kept?")
    empty("settings", "Nothing here yet", "Where is everything kept?")
