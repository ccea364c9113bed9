"""Projects: which project needs me?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Projects", "Which project needs me?")
    empty("folder_copy", "Nothing here yet", "Which project needs me?")
