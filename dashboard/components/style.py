"""The few looks that the theme has no token for."""

import streamlit as st

_CSS = """
<style>
.st-key-view .stMarkdownBadge { font-size: 13.5px; }
[class*="st-key-flush-"] [data-testid="stPageLink"] a { padding-left: 0; padding-right: 0; }
.stButtonGroup.stButtonGroup button[data-selected="true"] { color: inherit; }
.stPopover.stPopover button[kind="tertiary"][aria-expanded="true"] { color: inherit; }
.stTabs.stTabs [role="tab"][aria-selected="true"] { color: inherit; }
.st-key-view [class*="st-key-flush-thread"] [data-testid="stPageLink"] p { white-space: normal; }
@media print {
  [data-testid="stSidebar"], .st-key-tour, .st-key-undo { display: none; }
}
</style>
"""


def style() -> None:
    """Apply them; the frame calls it once a run."""
    st.html(_CSS)
