"""Deployment status: what is serving, is it healthy, who let it in?"""

from dashboard import session
from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Deployment status", "What is serving, is it healthy, who let it in?", project=session.project())
    empty("rocket_launch", "Nothing here yet", "What is serving, is it healthy, who let it in?")
