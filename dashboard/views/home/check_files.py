"""Check files: what is wrong with this file?"""

from dashboard.components.empty import empty
from dashboard.components.header import page_header


def render() -> None:
    """Show the view."""
    page_header("Check files", "What is wrong with this file?")
    empty("fact_check", "Nothing here yet", "What is wrong with this file?")
