"""What checks found in a table: deviations to choose from, what is fine as one line, the columns behind."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Finding, Severity
from dashboard import formats
from dashboard.components.table import state_cell, state_column, table
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_SHOWN = 10


def counted(found: Sequence[Finding]) -> str:
    """Return findings in words, as Markdown: ``**2 errors, 3 warnings**, 29 checks passed``."""
    deviations = [
        formats.plural(len(of), word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note"))
        if (of := _failed(found, severity))
    ]
    passed = formats.plural(sum(f.status is CheckStatus.PASSED for f in found), "check")
    crashed = sum(f.status is CheckStatus.CRASHED for f in found)
    more = f", {formats.plural(crashed, 'check')} could not run" if crashed else ""
    return f"**{', '.join(deviations) or 'nothing found'}**, {passed} passed{more}"


def findings(found: Sequence[Finding], *, key: str) -> None:
    """List what was found, the gravest first, and the rows of the chosen finding; what is fine is one line."""
    deviations = [f for severity in Severity for f in _failed(found, severity)]
    if deviations:
        row = table(
            _table(deviations),
            key=f"{key}-findings",
            alt="Findings, the gravest first: " + "; ".join(_plain(f.message) for f in deviations[:5]),
            columns=_COLUMNS,
            selectable=True,
            most_rows=_SHOWN,
        )
        _detail(deviations[row] if row is not None and row < len(deviations) else deviations[0], key=key)
    _fine(found, key=key)


_COLUMNS: Mapping[str, Any] = {
    "Severity": state_column("Severity", Severity),
    "Column": st.column_config.TextColumn("Column", width=130),
    "What was found": st.column_config.TextColumn("What was found", width=450),
    "Rows": st.column_config.NumberColumn("Rows", format="localized", width="small"),
    "Share": st.column_config.ProgressColumn(
        "Share", min_value=0.0, max_value=100.0, format="%.1f %%", color="gray", width="small"
    ),
}


def _failed(found: Sequence[Finding], severity: Severity) -> list[Finding]:
    return [f for f in found if f.status is CheckStatus.FAILED and f.severity is severity]


def _table(deviations: Sequence[Finding]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Severity": [state_cell(f.severity) for f in deviations],
            "Column": [f.column or "whole table" for f in deviations],
            "What was found": [_beside(f) for f in deviations],
            "Rows": [f.count for f in deviations],
            "Share": [100 * min(max(f.share, 0.0), 1.0) for f in deviations],
        }
    )


def _beside(finding: Finding) -> str:
    """Return a finding's message as it stands beside the name of its column, without the name."""
    said = _plain(finding.message)
    rest = said.removeprefix(f"{finding.column} ")
    return rest if rest == said else rest[:1].upper() + rest[1:]


def _plain(message: str) -> str:
    return message.replace("`", "")


def _detail(finding: Finding, *, key: str) -> None:
    check = CHECKS.get(finding.check)
    with st.container(border=True, gap="xsmall", key=f"{key}-finding"):
        help_text = check.help if check else None
        st.markdown(f"{state_of(finding.severity).badge} {escape(_plain(finding.message))}", help=help_text)
        if finding.interval and finding.count:
            share = f"{formats.share(finding.share)} {formats.interval(finding.interval, 'share')}"
            st.markdown(f":gray[{formats.plural(finding.count, 'row')}, {escape(share)}]")
        if finding.sample:
            st.dataframe(
                pl.DataFrame([_cells(row) for row in finding.sample], infer_schema_length=None),
                hide_index=True,
                key=f"{key}-sample",
                alt=f"Rows that the finding is about: {_plain(finding.message)}",
            )


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): formats.NOTHING if value is None else str(value) for name, value in row.items()}


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
                why = f" :gray[{escape(_plain(finding.message))}]" if finding.message != told else ""
                st.markdown(f"{state_of(finding.status).badge} {escape(told)}{why}")


def profile(columns: Mapping[str, Mapping[str, Any]], *, key: str) -> None:
    """Offer the plain figures of every column, behind a click."""
    box = st.expander("Columns", icon=":material/view_column:", key=f"{key}-profile", on_change="rerun")
    if box.open:
        with box:
            columns_table(columns, key=key)


def columns_table(columns: Mapping[str, Mapping[str, Any]], *, key: str, selectable: bool = False) -> str | None:
    """Show the plain figures of every column and return the name of the one that is chosen, or ``None``."""
    row = table(
        profile_table(columns),
        key=f"{key}-columns",
        alt="Figures of every column",
        columns=_PROFILE,
        selectable=selectable,
        most_rows=_SHOWN,
    )
    return list(columns)[row] if row is not None and row < len(columns) else None


_PROFILE: Mapping[str, Any] = {
    "Column": st.column_config.TextColumn("Column", width=140),
    "Kind": st.column_config.TextColumn("Kind", width=70),
    "Missing": st.column_config.ProgressColumn(
        "Missing", min_value=0.0, max_value=100.0, format="%.1f %%", color="gray", width="small"
    ),
    "Distinct": st.column_config.NumberColumn("Distinct", format="localized", width=80),
    "Values": st.column_config.BarChartColumn("Values", help="Equal bins; values far out are left out", width=170),
    "From": st.column_config.TextColumn("From", width=150),
    "To": st.column_config.TextColumn("To", width=150),
}


def profile_table(columns: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """Return a profile as a table of one row a column."""
    return pl.DataFrame(
        {
            "Column": list(columns),
            "Kind": [figures["kind"] for figures in columns.values()],
            "Missing": [100 * figures["missing_share"] for figures in columns.values()],
            "Distinct": [figures["distinct"] for figures in columns.values()],
            "Values": [_bars(figures) for figures in columns.values()],
            "From": [_edge(figures, "min", 0) for figures in columns.values()],
            "To": [_edge(figures, "max", -1) for figures in columns.values()],
        },
        schema_overrides={"Values": pl.List(pl.Float64)},
    )


def _bars(figures: Mapping[str, Any]) -> list[float]:
    counted_bins = figures.get("histogram") or {}
    if figures["unique"] and not counted_bins:
        return []  # as many bars as rows, all of one
    return [
        float(count) for count in counted_bins.get("counts") or [level["count"] for level in figures.get("top", ())]
    ]


def _edge(figures: Mapping[str, Any], name: str, place: int) -> str:
    value = figures.get(name)
    if value is None:
        levels = figures.get("top") or ()
        return str(levels[place]["value"])[:40] if levels else formats.NOTHING
    return formats.metric(float(value), "label") if isinstance(value, int | float) else str(value)[:19]
