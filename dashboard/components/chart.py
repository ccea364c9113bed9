"""The one way to show a figure: the common look, a text for those who do not see it, the table behind it."""

from typing import Any, cast

import plotly.graph_objects as go
import polars as pl
import streamlit as st

from dashboard import session
from dashboard.charts.theme import styled
from dashboard.components.table import table

_CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def chart(  # noqa: PLR0913
    figure: go.Figure,
    *,
    key: str,
    alt: str,
    rows: pl.DataFrame | None = None,
    method: str = "",
    height: int = 280,
    legend: bool = False,
    selectable: bool = False,
    brush: bool = False,
) -> list[Any]:
    """Show a figure and return the ``customdata`` of the points that are chosen, several where a ``brush`` is drawn.

    ``alt`` says in a sentence what the figure shows. ``rows`` is the table behind it; ``method`` says, in Markdown, how
    it was computed: formula, rows, what was resampled, constants.
    """
    event = st.plotly_chart(
        styled(figure, session.theme(), height=height, legend=legend, key=key),
        key=key,
        alt=alt,
        config=_CONFIG,
        on_select="rerun" if selectable else "ignore",
        selection_mode=("points", "box") if brush else "points",
        height=height,
    )
    if rows is not None or method:
        behind(key, alt, rows, method)
    if not selectable:
        return []
    points = cast("Any", event)["selection"]["points"]
    return [_first(point.get("customdata")) for point in points]


def _first(customdata: Any) -> Any:
    return customdata[0] if isinstance(customdata, list) and len(cast("list[Any]", customdata)) == 1 else customdata


def behind(key: str, alt: str, rows: pl.DataFrame | None, method: str) -> None:
    """Offer the table behind a figure, or several, and how it was computed; each behind a click."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right", key=f"{key}-behind"):
        if rows is not None:
            box = st.popover(
                "Table", icon=":material/table_rows:", type="tertiary", key=f"{key}-rows", on_change="rerun"
            )
            if box.open:
                with box:
                    table(rows, key=f"{key}-table", alt=alt)
        if method:
            how_computed(method, key=key)


def how_computed(method: str, *, key: str) -> None:
    """Offer to say how a figure was computed, behind a second click."""
    with st.popover("How was this computed?", icon=":material/function:", type="tertiary", key=f"{key}-method"):
        st.markdown(method, width=520)
