"""Cells without a value."""

from collections.abc import Sequence

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.together import one_warning
from core.data.words import listed, percent, rows_of

_MANY = 0.05


def _missing(column: Column) -> Found | None:
    if not column.missing:
        return None
    if column.missing == column.rows:
        return Found(
            count=column.rows,
            severity=Severity.ERROR,
            message=f"`{column.name}` is empty in all {rows_of(column.rows)}.",
        )
    share = column.missing / column.rows
    gone = column.series.is_null()
    gone = gone | column.series.is_nan().fill_null(value=False) if column.series.dtype.is_float() else gone
    return Found(
        count=column.missing,
        of=column.rows,
        severity=Severity.WARNING if share > _MANY else Severity.INFO,
        rows=gone,
        message=f"`{column.name}` is empty in {rows_of(column.missing)} ({percent(share)}).",
    )


def _together(found: Sequence[Found]) -> Sequence[Found]:
    return one_warning(found, _in_one)


def _in_one(found: Sequence[Found]) -> str:
    most = sorted(found, key=lambda one: -one.count)
    named = listed([f"`{one.column}` ({percent(one.count / one.of)})" for one in most])
    return f"{named} are empty in more than {100 * _MANY:.0f} % of the rows."


CHECK = Check(
    name="missing_values",
    title="No cell is empty",
    severity=Severity.INFO,
    help="A note where any cell is empty, a warning above 5 %, an error where the whole column is.",
    misleads="Empty can be an answer: no second driver, no end date yet.",
    default="Any is a note, more than 5 % a warning, all of them an error.",
    source="ydata-profiling 1 %, Deepchecks 5 %.",
    fix="Find out whether that means “not known” or “none”.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_missing,
    together=_together,
)
