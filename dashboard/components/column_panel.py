"""One column in full: how its values are spread, and its figures."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import formats, session
from dashboard.charts.dataset import can_draw, column_figure, column_rows
from dashboard.components.chart import chart
from dashboard.formats import escape
from dashboard.vocabulary import COLUMN_KINDS

_METHOD = (
    "Numbers and times are counted in equal bins; values further out than three quartile distances are left out of the "
    "bins, not of the table. Texts show their commonest values.\n\n"
    "**Middle half** runs from the 25 % to the 75 % quantile, **middle 90 %** from 5 % to 95 %, **middle 98 %** from "
    "1 % to 99 %. **Skewness** is 0 where both sides are alike, positive where the long tail is on the right.\n\n"
    "A **shape** writes `A` for capital letters, `a` for small ones and `9` for digits, however many stand in a row: "
    "`UA1545` is `A9`."
)
_SPANS = (("p25", "p75", "Middle half"), ("p05", "p95", "Middle 90 %"), ("p01", "p99", "Middle 98 %"))
_SHAPES = 5


def column_panel(name: str, figures: Mapping[str, Any], *, key: str) -> None:
    """Show a column in full."""
    with st.container(border=True, gap="small", key=f"{key}-column-panel"):
        kind, stored = COLUMN_KINDS[figures["kind"]][0], str(figures.get("type", "")).split("(")[0]
        st.markdown(f"**{escape(name)}** :gray[{kind}, stored as {escape(stored)}]")
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _spread(name, figures, key=key)
        with right:
            _listed(list(_figures(figures)), alt=f"Figures of {name}")
            st.markdown(f":gray[{_exactness(figures)}]")
            if shapes := _shapes(figures):
                _listed(shapes, alt=f"Commonest shapes of {name}")


def _listed(rows: Sequence[tuple[str, str]], *, alt: str) -> None:
    st.table(
        {"Figure": [label for label, _ in rows], "Value": [value for _, value in rows]},
        border="horizontal",
        hide_index=True,
        hide_header=True,
        alt=alt,
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
        method=_METHOD,
        height=240,
    )


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each figure with its name, as Markdown."""
    yield "Missing", f"{formats.count(figures['nulls'])} ({formats.share(figures['missing_share'])})"
    yield "Different values", f"{formats.count(figures['distinct'])}{', each once' if figures['unique'] else ''}"
    if figures.get("min") is not None:
        yield "Range", _span(figures["min"], figures["max"])
    if figures.get("median") is not None:
        yield "Median", _value(figures["median"])
    for low, high, label in _SPANS:
        if figures.get(low) is not None:
            yield label, _span(figures[low], figures[high])
    yield from _moments(figures)
    if lengths := figures.get("lengths"):
        mean = f", mean {_value(lengths['mean'])}" if lengths["mean"] is not None else ""
        yield "Letters", f"{_span(lengths['min'], lengths['max'])}{mean}"


def _moments(figures: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if figures.get("mean") is not None:
        spread = f" ± {_value(figures['std'])}" if figures.get("std") is not None else ""
        yield "Mean ± deviation" if spread else "Mean", f"{_value(figures['mean'])}{spread}"
    if figures.get("skewness") is not None:
        yield "Skewness", escape(f"{figures['skewness']:.2f}")
    for field, label in (("zeros", "Zeros"), ("infinities", "Infinite")):
        if figures.get(field):
            yield label, formats.count(figures[field])


def _exactness(figures: Mapping[str, Any]) -> str:
    """Return which figures are exact, and within what the others are."""
    within = figures.get("quantiles_within")
    if not within:
        return "All figures are exact."
    bound = formats.duration(within) if figures["kind"] == "time" else f"{formats.share(within)} of their value"
    return f"Median and middles are estimates, within {escape(bound)}; all else is exact."


def _shapes(figures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the commonest shapes of a text, where they say more than that all are different."""
    shapes = (figures.get("shapes") or ())[:_SHAPES]
    return [(f"Shape {escape(shape['value'])}", formats.plural(shape["count"], "row")) for shape in shapes]


def _span(low: Any, high: Any) -> str:
    first, last = _value(low), _value(high)
    return first if first == last else f"{first} to {last}"


def _value(value: Any) -> str:
    return escape(formats.value(value)[:19])
