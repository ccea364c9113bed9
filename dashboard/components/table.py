"""Tables: of data to sort and choose from, and small ones of states to read."""

import csv
import io
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal, cast

import polars as pl
import streamlit as st

from dashboard.formats import NOTHING, safe_row
from dashboard.vocabulary import STATES, state_of

MOST_COLUMNS = 7
_ROW, _HEAD = 34, 34


def table(  # noqa: PLR0913
    rows: pl.DataFrame,
    *,
    key: str,
    alt: str,
    columns: Mapping[str, Any] | None = None,
    selectable: bool = False,
    most_rows: int = 12,
) -> int | None:
    """Show a table and return the number of the row that is chosen, or ``None``.

    The first seven columns are shown; the others are in the table's own column menu. ``columns`` maps a column to its
    ``st.column_config``. A button under it downloads all rows, safe for a spreadsheet.
    """
    chosen = _shown(rows, key, alt, columns, most_rows, mode="single-row" if selectable else None)
    return chosen[0] if chosen else None


def table_to_compare(
    rows: pl.DataFrame, *, key: str, alt: str, columns: Mapping[str, Any] | None = None, most_rows: int = 12
) -> list[int]:
    """Show a table of which several rows can be chosen, and return their numbers."""
    return _shown(rows, key, alt, columns, most_rows, mode="multi-row")


def _shown(  # noqa: PLR0913
    rows: pl.DataFrame,
    key: str,
    alt: str,
    columns: Mapping[str, Any] | None,
    most_rows: int,
    mode: Literal["single-row", "multi-row"] | None,
) -> list[int]:
    event = st.dataframe(
        rows,
        key=key,
        alt=alt,
        hide_index=True,
        placeholder=NOTHING,
        row_height=_ROW,
        height=_HEAD + _ROW * max(1, min(rows.height, most_rows)),
        column_order=rows.columns[:MOST_COLUMNS],
        column_config=dict(columns) if columns else None,
        on_select="rerun" if mode else "ignore",
        selection_mode=mode or "single-row",
    )
    st.download_button(
        "Download CSV",
        data=lambda: to_csv(rows),
        file_name=f"{key}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=f"{key}-download",
        on_click="ignore",
    )
    return cast("Any", event)["selection"]["rows"] if mode else []


def to_csv(rows: pl.DataFrame) -> bytes:
    """Return the rows as CSV in which no cell is taken for a formula."""
    text = io.StringIO()
    plain = [safe_row(row) for row in rows.iter_rows(named=True)]
    writer = csv.DictWriter(text, fieldnames=list(safe_row(dict.fromkeys(rows.columns))))
    writer.writeheader()
    writer.writerows(plain)
    return text.getvalue().encode("utf-8")


def state_cell(value: StrEnum) -> list[str]:
    """Return a state as the cell of a :func:`state_column`."""
    return [state_of(value).cell]


def state_column(title: str, kind: type[StrEnum]) -> Any:
    """Return the configuration of a column of states of one kind: chips with mark, word and colour."""
    states = list({state.cell: state for state in STATES[kind].values()}.values())
    return st.column_config.MultiselectColumn(
        title, options=[state.cell for state in states], color=[state.colour for state in states]
    )


def listing(rows: Sequence[Mapping[str, str]], *, alt: str) -> None:
    """Show a small table of Markdown cells, such as badges; pass data through ``formats.escape``."""
    if rows:
        st.table({name: [row[name] for row in rows] for name in rows[0]}, border="horizontal", hide_index=True, alt=alt)
