"""Which columns of a table go together: the strongest pairs, the table of all behind them."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from core.data.correlations import Correlations
from dashboard import formats, session
from dashboard.charts.correlations import correlation_figure, correlation_height
from dashboard.components.chart import chart
from dashboard.formats import escape

_MOST_LISTED = 500
_METHOD = (
    "**Spearman** compares the ranks of two numbers: -1 and 1 are one order, 0 is none. **Cramér's V** compares two "
    "texts, the **correlation ratio** a text with a number: 0 is nothing in common, 1 is full knowledge; both without "
    "the bias of small tables. Looked at: the first 60 columns of numbers that vary, and the first 20 of texts "
    "or truth values with 2 to 50 different ones; of a table of more than 20,000 rows so many, drawn at random, the "
    "same ones each time."
)


def correlations_box(read: Callable[[], Correlations], *, key: str) -> None:
    """Offer which columns go together; they are compared once somebody asks."""
    box = st.expander("Which columns go together", icon=":material/link:", key=f"{key}-together", on_change="rerun")
    if box.open:
        with box:
            _shown(read(), key=f"{key}-together")


def _shown(found: Correlations, *, key: str) -> None:
    if not found.pairs:
        st.markdown(":gray[There are not two columns to compare, or fewer than 30 rows.]")
        return
    strongest = found.pairs[0]
    columns = " and ".join(f"**{escape(name)}**" for name in (strongest.first, strongest.second))
    st.markdown(
        f"Strongest: {columns}, {strongest.measure} **{formats.metric(strongest.value)}**. :gray[Of "
        f"{formats.plural(found.columns, 'column')}, seen in {formats.plural(found.rows, 'row')}.]"
    )
    chart(
        correlation_figure(found.pairs, session.theme()),
        key=f"{key}-chart",
        alt="Pairs of columns that tell most of one another: "
        + "; ".join(f"{p.first} and {p.second} {formats.metric(p.value)}" for p in found.pairs[:5]),
        rows=pl.DataFrame(
            {
                "First": [pair.first for pair in found.pairs[:_MOST_LISTED]],
                "Second": [pair.second for pair in found.pairs[:_MOST_LISTED]],
                "Measure": [pair.measure for pair in found.pairs[:_MOST_LISTED]],
                "Value": [formats.metric(pair.value) for pair in found.pairs[:_MOST_LISTED]],
                "Rows": [pair.rows for pair in found.pairs[:_MOST_LISTED]],
            }
        ),
        method=_METHOD,
        height=correlation_height(found.pairs),
    )
