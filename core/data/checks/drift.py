"""Columns that are distributed in another way than in the reference, one by one and together."""

from collections.abc import Iterable

import polars as pl

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.side_by_side import compare_tables, days_beside
from core.data.two_tables import two_tables
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.joint import MARGIN, joint_drift

_FALSE_ALARM = 0.01
_CLASSES = 20


def _drift(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    reference, current = (_with_classes(frame, table.beside.label) for frame in both.frames())
    columns = compare_tables(reference, current).columns
    # a column whose change has a mechanical cause has not drifted
    drifted = [column for column in columns if column.verdict is DriftVerdict.DRIFTED and not column.cause]
    yield from (_moved(column, both.looked_at) for column in drifted)
    still = [c.column for c in columns if c.verdict is not DriftVerdict.DRIFTED and not c.cause]
    reference, current, block = days_beside(reference, current)
    joint = joint_drift(reference, current, block=block, columns=[name for name in still if name in both.shared])
    if joint and joint.p_value < _FALSE_ALARM and joint.auc >= 0.5 + MARGIN:
        yield Found(
            count=table.rows,
            message="Columns that have not drifted by themselves go together in another way: a model tells rows of the "
            f"two apart with an area under the curve of {joint.auc:.2f} ({joint.rows:,} rows that it had not seen).",
            fix="Look at pairs of columns; a join by a wrong key does that.",
        )


def _with_classes(frame: pl.DataFrame, label: str | None) -> pl.DataFrame:
    """Return the table with a label of few whole numbers as text: its classes have no order."""
    if label not in frame.columns or not frame.schema[label].is_integer() or frame[label].n_unique() > _CLASSES:
        return frame
    return frame.with_columns(pl.col(label).cast(pl.String))


def _moved(column: ColumnDrift, looked_at: str) -> Found:
    interval = f" [{column.interval.lower:.2f}, {column.interval.upper:.2f}]" if column.interval else ""
    distance = f"{column.method.lower()} {column.effect or 0:.2f}{interval}"
    return Found(
        count=column.n_current,
        column=column.column,
        message=f"`{column.column}` has drifted: {distance}{looked_at}. {column.note}",
    )


CHECK = Check(
    name="drift",
    title="No column has drifted from the reference",
    severity=Severity.WARNING,
    help="The distribution of each column, and one model that tries to tell rows of the two tables apart.",
    misleads="Another season, weekday or region drifts as well. What a mechanical cause explains is not called drift.",
    default="The distance above its margin (0.05; 0.01 for missing values) and false alarms held at 5 % over all "
    "columns, over twenty at least; together: an area under the curve of 0.55 and more, with p under 1 %.",
    source="Benjamini-Hochberg over effect sizes; classifier two-sample test (Lopez-Paz and Oquab 2017).",
    fix="Find out what changed; learn anew if it stays.",
    on_table=_drift,
)
