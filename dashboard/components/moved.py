"""What moved between two tables: the sentence, the effect of each column with its interval, all columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.data.in_full import Moved, moved
from core.drift.column_drift import DriftVerdict
from dashboard import formats, session
from dashboard.charts.check import effects, height
from dashboard.components.chart import chart
from dashboard.components.table import state_cell, state_column, table
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_SHOWN = 8


def what_moved(result: Mapping[str, Any], *, key: str) -> None:
    """Show the columns of a comparison, those first that moved most."""
    columns = moved(result)
    drawn = [column for column in columns if column.effect is not None]
    if drawn:
        chart(
            effects(columns, session.theme()),
            key=f"{key}-effects",
            alt=f"Effect of each column with its interval: {_worst(drawn)}",
            method=_method(result),
            height=height(columns),
        )
    row = table(
        _columns_table(columns),
        key=f"{key}-columns",
        alt="Columns, those first that moved most",
        columns=_COLUMNS,
        selectable=True,
        most_rows=_SHOWN,
    )
    if columns:
        _panel(columns[row if row is not None and row < len(columns) else 0], key=key)


def _panel(column: Moved, *, key: str) -> None:
    """Show one column's comparison, whole: a line of the table has no place for it."""
    with st.container(border=True, gap="xsmall", key=f"{key}-moved"):
        st.markdown(f"**{escape(column.column)}** {state_of(column.verdict).badge}")
        st.markdown(escape(column.note) if column.note else ":gray[Nothing to tell.]")
        facts = [
            f"effect {_effect(column)}" if column.effect is not None else "",
            f"margin {formats.metric(column.margin)}" if column.margin is not None else "",
            f"{formats.plural(column.n_reference, 'reference row')}",
            f"{formats.plural(column.n_current, 'current row')}",
        ]
        st.markdown(f":gray[{escape(', '.join(fact for fact in facts if fact))}]")


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
    "Column": st.column_config.TextColumn("Column", width=130),
    "Verdict": state_column("Verdict", DriftVerdict),
    "What moved": st.column_config.TextColumn("What moved", width=280, help="Choose a row to read all of it"),
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
        "(false alarms over all columns held at 5 %). It is **stable** where the whole interval lies below the margin; "
        f"else there is **not enough data**. {formats.count(result['rows'][0])} reference rows, "
        f"{formats.count(result['rows'][1])} current rows."
    )
