"""What moved between two tables: the sentence, the effect of each column with its interval, all columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.in_full import Moved, moved, picture_of
from core.drift.column_drift import DriftVerdict
from dashboard import formats, session
from dashboard.charts.check import effects, height
from dashboard.components.chart import chart
from dashboard.components.choice import choose, chosen, newly_picked
from dashboard.components.drift_panel import Column, drift_panel
from dashboard.components.table import state_cell, state_column, table
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE, state_of

_SHOWN = 8
_MOST_CAUSES = 3


def what_moved(result: Mapping[str, Any], *, key: str) -> None:
    """Show the columns of a comparison, those first that moved most, and one of them more closely."""
    columns = moved(result)
    if not columns:
        return
    _causes(result)
    by_name = {column.column: column for column in columns}
    column = by_name[chosen("moved", list(by_name), columns[0].column)]
    left, right = st.columns([11, 9], gap="medium")
    with left:
        _effects(result, columns, key=key)
    with right, st.container(key=f"{key}-moved", gap="xsmall"):
        drift_panel(
            Column(
                drift=column,
                picture=picture_of(result, column.column),
                between=_between(result),
                block="day" if result["days_of"] else "row",
            )
        )
    row = table(
        _columns_table(columns),
        key=f"{key}-columns",
        alt="Columns, those first that moved most",
        columns=_COLUMNS,
        selectable=True,
        most_rows=_SHOWN,
    )
    picked = newly_picked([] if row is None or row >= len(columns) else [columns[row].column], f"{key}-columns")
    if picked:
        choose(moved=picked)
        st.rerun()


def _effects(result: Mapping[str, Any], columns: Sequence[Moved], *, key: str) -> None:
    drawn = [column for column in columns if column.effect is not None]
    if not drawn:
        return
    points = chart(
        effects(columns, session.theme()),
        key=f"{key}-effects",
        alt=f"Effect of each column with its interval: {_worst(drawn)}",
        method=_method(result),
        height=height(columns),
        selectable=True,
    )
    picked = newly_picked([point for point in points if point], f"{key}-effects")
    if picked:
        choose(moved=str(picked))
        st.rerun()


def _causes(result: Mapping[str, Any]) -> None:
    """Name what looks like a mistake in the making of the data, before anything is called drift."""
    causes = result["comparison"].get("causes", ())
    said = [
        f":red[:material/build:] **{escape(cause['column'] or WHOLE_TABLE)}**: {escape(cause['sentence'])}"
        for cause in causes[:_MOST_CAUSES]
    ]
    if len(causes) > _MOST_CAUSES:
        said.append(f":gray[and {len(causes) - _MOST_CAUSES} more, in the table below]")
    if said:
        st.markdown("  \n".join(said))


def _between(result: Mapping[str, Any]) -> str:
    reference, current = (formats.plural(rows, "row") for rows in result["rows"])
    return f"{current} against {reference} of the reference"


def moved_sentence(columns: Sequence[Moved]) -> str:
    """Return a comparison in one sentence, as Markdown."""
    count = {verdict: sum(c.verdict is verdict for c in columns) for verdict in DriftVerdict}
    drifted = count[DriftVerdict.DRIFTED]
    rest = [
        f"{number} {state_of(verdict).word}"
        for verdict in (DriftVerdict.STABLE, DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.NOT_APPLICABLE)
        if (number := count[verdict])
    ]
    head = f"**{drifted} of {formats.plural(len(columns), 'column')} drifted**"
    worst = columns[0] if drifted else None
    most = f" Most: **{escape(worst.column)}** {formats.metric(worst.effect)}" if worst else ""
    interval = escape(formats.interval(worst.interval)) if worst else ""
    return f"{', '.join([head, *rest])}.{most} {interval}".rstrip() + ("." if worst else "")


def _worst(drawn: Sequence[Moved]) -> str:
    parts = [f"{c.column} {formats.metric(c.effect)}, {state_of(c.verdict).word}" for c in drawn[:5]]
    return "; ".join(parts) + "."


def _columns_table(columns: Sequence[Moved]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Column": [c.column for c in columns],
            "Verdict": [state_cell(c.verdict) for c in columns],
            "Effect": [_effect(c) for c in columns],
            "What moved": [c.note or formats.NOTHING for c in columns],
            "Kind": [c.kind for c in columns],
            "Reference rows": [c.n_reference for c in columns],
            "Current rows": [c.n_current for c in columns],
            "Margin": [formats.metric(c.margin) for c in columns],
        }
    )


def _effect(column: Moved) -> str:
    return f"{formats.metric(column.effect)} {formats.interval(column.interval)}".rstrip()


_COLUMNS: Mapping[str, Any] = {
    "Column": st.column_config.TextColumn("Column", width=125),
    "Verdict": state_column("Verdict", DriftVerdict),
    "What moved": st.column_config.TextColumn("What moved", width=225, help="Choose a row to read all of it"),
    "Kind": st.column_config.TextColumn("Kind", width=75),
    "Reference rows": st.column_config.NumberColumn("Reference rows", format="localized", width=100),
    "Current rows": st.column_config.NumberColumn("Current rows", format="localized", width=90),
}


def _method(result: Mapping[str, Any]) -> str:
    days = result["days_of"]
    unit = (
        f"Days of `{escape(days)}` were resampled, not rows, because rows of one day resemble one another."
        if days
        else "Rows were resampled: the files have no common column of times with at least five days."
    )
    names = sorted({c["method"] for c in result["comparison"]["columns"] if c["method"]})
    return (
        "The **effect** is how far the two distributions lie apart, from 0 (the same) to 1 (nothing in common). "
        "For numbers it is the largest gap between the two cumulative shares, for categories half the sum of the "
        f"differences of shares, for missing values the difference of their shares. Used here: {', '.join(names)}.\n\n"
        f"The bar is a 95 % interval. {unit}\n\n"
        "A column has **drifted** where the effect is at least its margin (the tick) and chance does not explain it "
        "(false alarms held at 5 % over all columns, over twenty at least). It is **stable** where the whole interval "
        f"lies below the margin; else there is **not enough data**. {formats.count(result['rows'][0])} reference rows, "
        f"{formats.count(result['rows'][1])} current rows."
    )
