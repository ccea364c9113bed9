"""What stands in both of two files: rows, keys and days that a test must not share with what was learned from."""

from collections.abc import Sequence

import streamlit as st

from core.data.by_column import brief, by_column, plain_fix, plain_message
from core.data.finding import Finding, Severity
from dashboard.components.finding_panel import AllRows, finding_panel
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_MOST = 3


def in_both_sentence(shared: Sequence[Finding]) -> str:
    """Return the gravest of what stands in both as a sentence, as Markdown; nothing where it is no leakage."""
    worst = next((finding for finding in shared if finding.severity is not Severity.INFO), None)
    return f"**{escape(brief(worst))}**." if worst else ""


def in_both(shared: Sequence[Finding], *, key: str, all_rows: AllRows | None) -> None:
    """Show what stands in both files, and its rows where they are asked for."""
    if not shared:
        return
    said = [f"{state_of(finding.severity).badge} {escape(_found(finding))}" for finding in shared[:_MOST]]
    if len(shared) > _MOST:
        said.append(f":gray[and {len(shared) - _MOST} more, with their rows]")
    st.markdown("  \n".join(said))
    box = st.expander("Rows in both files", icon=":material/join_inner:", key=f"{key}-in-both", on_change="rerun")
    if box.open:
        with box:
            for place, group in enumerate(by_column(shared)):
                finding_panel(group, key=f"{key}-in-both-{place}", all_rows=all_rows)


def _found(finding: Finding) -> str:
    return plain_message(finding).removesuffix(plain_fix(finding)).rstrip()
