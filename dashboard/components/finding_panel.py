"""All findings of one column: the whole sentence, the fix, how many rows, which ones, and how that was computed."""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

import streamlit as st

from core.data.by_column import ColumnFindings, plain_fix, plain_message
from core.data.checks import CHECKS
from core.data.finding import Finding
from dashboard import formats
from dashboard.components.chart import how_computed
from dashboard.components.rows_or_why import rows_or_why
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE, state_of

AllRows = Callable[[Finding], bytes]
_NARROW, _WIDE = 60, 24
_BLANK = "\N{OPEN BOX}"


def finding_panel(group: ColumnFindings, *, key: str, all_rows: AllRows | None = None) -> None:
    """Show all findings of one column."""
    with st.container(border=True, gap="small", key=f"{key}-finding"):
        number = formats.plural(len(group.findings), "finding")
        st.markdown(f"**{escape(group.column or WHOLE_TABLE)}** :gray[{number}]")
        for place, finding in enumerate(group.findings):
            if place:
                st.divider()
            _one(finding, key=f"{key}-{place}", all_rows=all_rows)


def _one(finding: Finding, *, key: str, all_rows: AllRows | None) -> None:
    beside = bool(finding.sample) and len(finding.sample[0]) <= 2
    left, right = st.columns([3, 2], gap="medium") if beside else (st.container(), st.container())
    with left:
        found = plain_message(finding).removesuffix(plain_fix(finding)).rstrip()  # what to do stands below, by itself
        st.markdown(f"{state_of(finding.severity).badge} {escape(found)}")
        if finding.fix:
            st.markdown(f":material/handyman: **Fix:** {escape(plain_fix(finding))}")
        if facts := _facts(finding):
            st.markdown(f":gray[{facts}]")
        with st.container(horizontal=True, gap="small", key=f"{key}-behind"):
            how_computed(_method(finding), key=f"{key}-how")
            if all_rows is not None and finding.first is not None:  # else it is about no single rows
                _download(finding, all_rows, key=key)
    with right:
        if finding.sample:
            _sample(finding)


def _facts(finding: Finding) -> str:
    if not finding.count:
        return ""
    of = f" of {formats.count(finding.of)}" if finding.of else ""
    share = f"{formats.share(finding.share)} {formats.interval(finding.interval, 'share')}".rstrip()
    ends = ""
    if finding.first is not None and finding.last is not None:
        first, last = formats.count(finding.first), formats.count(finding.last)
        ends = f", only row {first}" if first == last else f", first in row {first}, last in row {last}"
    return escape(f"{formats.count(finding.count)}{of} rows, {share}{ends}")


def _method(finding: Finding) -> str:
    check = CHECKS.get(finding.check)
    told = (
        [
            (f"Check: {check.title}", ""),
            ("What it shows", check.help),
            ("When it misleads", check.misleads),
            ("Default", check.default),
            ("Source", check.source),
        ]
        if check
        else []
    )
    parts = [f"**{escape(name)}.** {escape(text)}" for name, text in told if text or name.startswith("Check")]
    if finding.interval:
        parts.append(
            f"**Share.** {formats.count(finding.count)} of {formats.count(finding.of)} rows; the brackets are "
            "Wilson's 95 % interval for that share."
        )
    return "\n\n".join(parts) or escape(plain_message(finding))


def _download(finding: Finding, all_rows: AllRows, *, key: str) -> None:
    name = PurePath(f"{finding.check}-{finding.column or 'table'}").name
    st.download_button(
        "The row" if finding.first == finding.last else "All rows",
        data=lambda: rows_or_why(lambda: all_rows(finding)),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=f"{key}-all",
        on_click="ignore",
        help="Every row that this finding is about, with its number, as CSV",
    )


def _sample(finding: Finding) -> None:
    """Show the first rows that a finding is about; a list of few is read, not sorted."""
    rows = [_cells(row) for row in finding.sample]
    st.table(
        {name: [row.get(name, "") for row in rows] for name in dict.fromkeys(n for row in rows for n in row)},
        border="horizontal",
        hide_index=True,
        alt=f"First rows that the finding is about: {plain_message(finding)}",
    )


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    width = _NARROW if len(row) <= 2 else _WIDE
    titles = _LEFT_OUT if row.keys() == _LEFT_OUT.keys() else {name: _title(name) for name in row}
    return {titles[name]: _cell(name, value, width) for name, value in row.items()}


_LEFT_OUT = {"row": "Line", "reason": "Why", "text": "What it says"}


def _title(name: str) -> str:
    return {"row": "Row", "value": "Value"}.get(name) or escape(_cut(name, _WIDE))


def _cell(name: str, value: Any, width: int) -> str:
    if value is None:
        return formats.NOTHING
    if name == "row" and isinstance(value, int):
        return formats.count(value)
    text = str(value) if isinstance(value, int | float) else formats.value(value)
    inner = text.strip()
    before, after = len(text) - len(text.lstrip()), len(text) - len(text.rstrip())
    seen = f"{_BLANK * before}{inner}{_BLANK * after}" if inner else _BLANK * len(text)
    return escape("".join(c if c.isprintable() else repr(c)[1:-1] for c in _cut(seen, width)))


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
