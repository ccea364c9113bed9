"""Model version: what is this version?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Model version", "What is this version?", project=session.project())
    empty("deployed_code", "Nothing here yet", "What is this version?")
