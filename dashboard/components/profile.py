"""The figures of a table: one line for all of it, a table of its columns, and the chosen column in full."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.finding import Finding
from core.data.overview import overview
from core.data.profile import Profile
from core.data.words import shown
from dashboard import formats
from dashboard.components.choice import choose, newly_picked
from dashboard.components.column_panel import column_panel
from dashboard.components.find_column import find_column
from dashboard.components.table import table
from dashboard.vocabulary import COLUMN_KINDS

COLUMN = "column"
"""The parameter of the address that names the column at hand."""
_SHOWN = 8
_BARS = 100
"""Above so many columns the small charts are left to the panel: a page must not weigh a megabyte."""


def profile(columns: Profile, *, key: str, found: Sequence[Finding] = (), size: int | None = None) -> None:
    """Show the figures of a table, and of the column that is chosen; ``size`` is its bytes on disk."""
    if not columns:
        st.markdown(":gray[There is no column to look at.]")
        return
    _overview(columns, found, size)
    wanted = find_column(len(columns), key=f"{key}-profile")
    listed = [name for name in columns if wanted in name.casefold()]
    row = table(
        profile_table({name: columns[name] for name in listed}),
        key=f"{key}-columns{'-' * bool(wanted)}{wanted}",
        alt=f"Figures of {formats.plural(len(listed), 'column')}",
        columns=_PROFILE,
        selectable=True,
        most_rows=_SHOWN,
    )
    picked = newly_picked([listed[row]] if row is not None and row < len(listed) else [], f"{key}-columns")
    if picked is not None:
        choose(**{COLUMN: picked})
    column_panel(*_at_hand(columns, listed), key=key)


def _at_hand(columns: Profile, listed: Sequence[str]) -> tuple[str, Mapping[str, Any]]:
    """Return the column that the address names, else the first that is shown."""
    named = st.query_params.get(COLUMN)
    name = named if named and named in columns else (listed[0] if listed else next(iter(columns)))
    return name, columns[name]


def _overview(columns: Profile, found: Sequence[Finding], size: int | None) -> None:
    told = overview(columns, found)
    kinds = formats.sentence(formats.plural(number, *COLUMN_KINDS[kind]) for kind, number in told.kinds.items())
    parts = [
        f"**{formats.plural(told.rows, 'row')}, {formats.plural(told.columns, 'column')}**: {kinds}",
        f"**{formats.share(told.missing_share)}** of the cells are empty" if told.missing else "no cell is empty",
    ]
    if told.repeats is not None:
        parts.append(f"**{formats.plural(told.repeats, 'row')}** repeated" if told.repeats else "no row repeats")
    if size is not None:
        parts.append(f"{formats.size(size)} on disk")
    st.markdown(" · ".join(parts))


_PROFILE: Mapping[str, Any] = {
    "Column": st.column_config.TextColumn("Column", width=170),
    "Kind": st.column_config.TextColumn("Kind", width=80),
    "Missing": st.column_config.ProgressColumn(
        "Missing", min_value=0.0, max_value=100.0, format="%.1f %%", color="gray", width="small"
    ),
    "Distinct": st.column_config.NumberColumn("Distinct", format="localized", width=80),
    "Values": st.column_config.BarChartColumn("Values", help="Equal bins; values far out are left out", width=150),
    "Range, or commonest value": st.column_config.TextColumn("Range, or commonest value", width=300),
}


def profile_table(columns: Profile) -> pl.DataFrame:
    """Return a profile as a table of one row a column; of very many columns without their bars."""
    figures = list(columns.values())
    bars = {"Values": pl.Series([_bars(f) for f in figures], dtype=pl.List(pl.UInt32))} if len(figures) <= _BARS else {}
    return pl.DataFrame(
        {
            "Column": list(columns),
            "Kind": [COLUMN_KINDS[f["kind"]][0] for f in figures],
            "Missing": pl.Series([100 * f["missing_share"] for f in figures], dtype=pl.Float32),
            "Distinct": [f["distinct"] for f in figures],
            **bars,
            "Range, or commonest value": [_reach(f) for f in figures],
        }
    )


def _bars(figures: Mapping[str, Any]) -> list[int]:
    counted_bins = figures.get("histogram") or {}
    if figures["unique"] and not counted_bins:
        return []  # as many bars as rows, all of one
    return list(counted_bins.get("counts") or [level["count"] for level in figures.get("top", ())])


def _reach(figures: Mapping[str, Any]) -> str:
    """Return from where to where numbers and times reach, or the commonest text and how often it stands there."""
    if figures.get("min") is not None:
        low, high = (formats.value(figures[end])[:16] for end in ("min", "max"))
        return low if low == high else f"{low} to {high}"
    levels = figures.get("top") or ()
    if not levels:
        return formats.NOTHING
    often = "" if figures["unique"] else f" ({formats.plural(levels[0]['count'], 'row')})"
    return f"{shown(levels[0]['value'], width=28)}{often}"
