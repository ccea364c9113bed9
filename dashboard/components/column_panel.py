"""One column in full: how its values are spread, and its figures."""

from collections.abc import Iterator, Mapping
from typing import Any

import streamlit as st

from dashboard import formats, session
from dashboard.charts.dataset import can_draw, column_figure, column_rows
from dashboard.components.chart import chart
from dashboard.formats import escape
from dashboard.vocabulary import COLUMN_KINDS

_BINS = (
    "Numbers and times are counted in equal bins; values further out than three quartile distances are left out of the "
    "bins, not of the table. Texts show their commonest values."
)
_QUANTILES = (("p05", "5 %"), ("p25", "25 %"), ("median", "Median"), ("p75", "75 %"), ("p95", "95 %"))


def column_panel(name: str, figures: Mapping[str, Any], *, key: str) -> None:
    """Show a column in full."""
    with st.container(border=True, gap="small", key=f"{key}-column-panel"):
        kind, stored = COLUMN_KINDS[figures["kind"]][0], str(figures.get("type", "")).split("(")[0]
        st.markdown(f"**{escape(name)}** :gray[{kind}, stored as {escape(stored)}]")
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _spread(name, figures, key=key)
        with right:
            rows = list(_figures(figures))
            st.table(
                {"Figure": [label for label, _ in rows], "Value": [value for _, value in rows]},
                border="horizontal",
                hide_index=True,
                hide_header=True,
                alt=f"Figures of {name}",
            )


def _spread(name: str, figures: Mapping[str, Any], *, key: str) -> None:
    if not can_draw(figures):
        told = "Every value is different" if figures["unique"] else "There is no value"
        st.markdown(f":gray[{told}: there is nothing to count.]")
        return
    chart(
        column_figure(figures, session.theme()),
        key=f"{key}-column",
        alt=f"How the values of {name} are spread",
        rows=column_rows(figures),
        method=_BINS,
        height=240,
    )


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name, as Markdown."""
    yield "Rows", formats.count(figures["count"])
    yield "Missing", f"{formats.count(figures['nulls'])} ({formats.share(figures['missing_share'])})"
    yield "Different values", f"{formats.count(figures['distinct'])}{', each once' if figures['unique'] else ''}"
    if figures.get("min") is not None:
        yield "Smallest", _value(figures["min"])
    yield from ((label, _value(figures[field])) for field, label in _QUANTILES if figures.get(field) is not None)
    if figures.get("max") is not None:
        yield "Largest", _value(figures["max"])
    if figures.get("mean") is not None:
        spread = f" ± {_value(figures['std'])}" if figures.get("std") is not None else ""
        yield "Mean ± deviation" if spread else "Mean", f"{_value(figures['mean'])}{spread}"
    if figures.get("zeros"):
        yield "Zeros", formats.count(figures["zeros"])
    if figures.get("infinities"):
        yield "Infinite", formats.count(figures["infinities"])


def _value(value: Any) -> str:
    if isinstance(value, int | float):
        return escape(formats.metric(float(value), "label"))
    return escape(str(value)[:19].replace("T", " "))
