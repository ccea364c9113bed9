"""How a file became a table: in one line, with the rows that were left out, and another way to read it."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from core.data.dataset import HowRead
from core.frames.reading import Reading
from dashboard import formats
from dashboard.components.another_way import another_way
from dashboard.components.table import table
from dashboard.formats import escape

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
_SHEETS = 3  # that were not read and are named
_FORMATS = {"csv": "CSV", "excel": "a workbook", "json": "JSON", "parquet": "Parquet", "arrow": "Arrow"}


def how_read(read: HowRead, *, key: str, again: Callable[[Reading], None] | None = None) -> None:
    """Show how a file was read; ``again`` reads it another way, where that may help."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-read"):
        if read.dialect:
            st.markdown(f":gray[{escape(in_words(read))}]", width="content")
        if again is not None and st.button(
            "Read it another way", icon=":material/edit_note:", type="tertiary", key=f"{key}-read-again"
        ):
            another_way(read, again, key=key)
    if read.rejected:
        _rejected(read, key=key)


def in_words(read: HowRead) -> str:
    """Return how a file was read: ``Read as CSV: semicolons, cp1252, header in line 3; 2 rows left out``."""
    dialect = read.dialect
    parts = [
        DELIMITERS.get(delimiter, f"parted by {delimiter!r}") if (delimiter := dialect.get("delimiter")) else "",
        _sheet(dialect),
        _encoding(dialect.get("encoding")),
        _header(dialect),
    ]
    said = ", ".join(part for part in parts if part)
    form = _FORMATS.get(str(dialect.get("format")), str(dialect.get("format", "a table")))
    left_out = f"; {formats.plural(read.rejected_count, 'row')} left out" if read.rejected_count else ""
    return f"Read as {form}{': ' if said else ''}{said}{left_out}."


def _sheet(dialect: Mapping[str, Any]) -> str:
    """Return which sheet was read, and which were not."""
    sheet = dialect.get("sheet")
    others = [f"“{name}”" for name in dialect.get("sheets", ()) if name != sheet]
    more = [f"{len(others) - _SHEETS} more"] if len(others) > _SHEETS else []
    beside = f" (not {formats.sentence([*others[:_SHEETS], *more])})" if others else ""
    return f"sheet “{sheet}”{beside}" if sheet else ""


def _encoding(name: object) -> str:
    return str(name).upper() if str(name).startswith("utf") else str(name or "")


def _header(dialect: Mapping[str, Any]) -> str:
    above = int(dialect.get("skipped") or 0)
    unit = "row" if dialect.get("format") == "excel" else "line"
    match dialect.get("header"):
        case True:
            return f"header in {unit} {above + 1}"
        case False:
            return f"no header, data from {unit} {above + 1}"
        case _:
            return ""


def _rejected(read: HowRead, *, key: str) -> None:
    shown = len(read.rejected)
    first = f"the first {shown} of " if shown < read.rejected_count else ""
    words = f"Left out: {first}{formats.plural(read.rejected_count, 'row')}"
    box = st.expander(words, icon=":material/playlist_remove:", key=f"{key}-rejected", on_change="rerun")
    if box.open:
        with box:
            table(
                pl.DataFrame(
                    {
                        "line": [row.line for row in read.rejected],
                        "reason": [row.reason for row in read.rejected],
                        "text": [row.text for row in read.rejected],
                    }
                ),
                key=f"{key}-rejected-rows",
                alt="Rows that did not fit the table: " + ", ".join(f"line {row.line}" for row in read.rejected[:5]),
                columns=_COLUMNS,
                most_rows=8,
            )


_COLUMNS = {
    "line": st.column_config.NumberColumn("Line", help="In the file, from 1", format="localized", width="small"),
    "reason": st.column_config.TextColumn("Why", width=220),
    "text": st.column_config.TextColumn("What it says", width="large"),
}
