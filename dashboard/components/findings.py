"""What checks found in a table: one line a column, the worst first, and the chosen one's findings in full."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.by_column import ColumnFindings, brief, by_column, plain_message
from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Finding, Severity
from dashboard import formats
from dashboard.components.choice import choose, newly_picked
from dashboard.components.find_column import find_column
from dashboard.components.finding_panel import AllRows, finding_panel
from dashboard.components.table import state_cell, state_column, table
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE, state_of

COLUMN = "column"
"""The parameter of the address that names the column at hand."""
_SHOWN = 8


def counted(found: Sequence[Finding]) -> str:
    """Return findings in words, as Markdown: ``**2 errors, 3 warnings**, 29 checks passed``."""
    deviations = [
        formats.plural(number, word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        if (number := sum(f.status is CheckStatus.FAILED and f.severity is severity for f in found))
    ]
    passed = formats.plural(sum(f.status is CheckStatus.PASSED for f in found), "check")
    crashed = sum(f.status is CheckStatus.CRASHED for f in found)
    more = f", {formats.plural(crashed, 'check')} could not run" if crashed else ""
    return f"**{', '.join(deviations) or 'nothing found'}**, {passed} passed{more}"


def findings(found: Sequence[Finding], *, key: str, all_rows: AllRows | None = None) -> None:
    """List what was found by column, and all findings of the chosen one; what is fine is one line.

    ``all_rows`` gives all rows that a finding is about, as CSV, where the table is still at hand.
    """
    groups = by_column(found)
    if groups:
        _list(groups, key=key)
        finding_panel(_at_hand(groups), key=key, all_rows=all_rows)
    _fine(found, key=key)


def _list(groups: Sequence[ColumnFindings], *, key: str) -> None:
    wanted = find_column(len(groups), "column with findings", "columns with findings", key=f"{key}-found")
    shown = [group for group in groups if wanted in _name(group).casefold()]
    row = table(
        _table(shown),
        key=f"{key}-findings{'-' * bool(wanted)}{wanted}",
        alt="Findings by column, the gravest first: " + "; ".join(f"{_name(g)}: {brief(g.worst)}" for g in shown[:5]),
        columns=_COLUMNS,
        selectable=True,
        most_rows=_SHOWN,
    )
    picked = newly_picked([_name(shown[row])] if row is not None and row < len(shown) else [], f"{key}-findings")
    if picked is not None:
        choose(**{COLUMN: picked})


def _at_hand(groups: Sequence[ColumnFindings]) -> ColumnFindings:
    """Return the group that the address names, else the worst."""
    named = st.query_params.get(COLUMN)
    return next((group for group in groups if _name(group) == named), groups[0])


def _name(group: ColumnFindings) -> str:
    return group.column or WHOLE_TABLE


_COLUMNS: Mapping[str, Any] = {
    "Severity": state_column("Severity", Severity),
    "Column": st.column_config.TextColumn("Column", width=150),
    "What was found": st.column_config.TextColumn("What was found", width=395, help="Choose a row to read all of it"),
    "Findings": st.column_config.NumberColumn("Findings", width=70),
    "Rows": st.column_config.NumberColumn("Rows", format="localized", width=80),
    "Share": st.column_config.ProgressColumn(
        "Share", min_value=0.0, max_value=100.0, format="%.1f %%", color="gray", width="small"
    ),
}


def _table(groups: Sequence[ColumnFindings]) -> pl.DataFrame:
    worst = [group.worst for group in groups]
    return pl.DataFrame(
        {
            "Severity": [state_cell(f.severity) for f in worst],
            "Column": [_name(group) for group in groups],
            "What was found": [brief(f) for f in worst],
            "Findings": [len(group.findings) for group in groups],
            "Rows": [f.count or None for f in worst],
            "Share": [100 * min(max(f.share, 0.0), 1.0) if f.count else None for f in worst],
        },
        schema_overrides={"Rows": pl.Int64, "Share": pl.Float64},
    )


def _fine(found: Sequence[Finding], *, key: str) -> None:
    passed = [f for f in found if f.status is CheckStatus.PASSED]
    others = [f for f in found if f.status not in {CheckStatus.PASSED, CheckStatus.FAILED}]
    words = f"{formats.plural(len(passed), 'check')} passed"
    crashed = sum(f.status is CheckStatus.CRASHED for f in others)
    idle = f", {len(others) - crashed} had nothing to look at" if len(others) > crashed else ""
    more = f", {crashed} could not run" if crashed else ""
    box = st.expander(f"{words}{idle}{more}", icon=":material/check_circle:", key=f"{key}-passed", on_change="rerun")
    if box.open:
        with box:
            for finding in (*others, *passed):
                check = CHECKS.get(finding.check)
                told = check.title if check else finding.check
                why = f" :gray[{escape(plain_message(finding))}]" if finding.message != told else ""
                st.markdown(f"{state_of(finding.status).badge} {escape(told)}{why}")
