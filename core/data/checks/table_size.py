"""A table too small to learn from."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.words import rows_of

_FEW = 100


def _size(table: Table) -> Iterable[Found]:
    width = len(table.columns)
    if not table.rows:
        yield Found(
            count=0,
            severity=Severity.ERROR,
            message=f"The file has {rows_of(width, 'column')} and no rows.",
            fix="Check the export.",
        )
    elif table.rows < width:
        yield Found(
            count=table.rows,
            message=f"The table has {rows_of(table.rows)} and {rows_of(width, 'column')}: fewer rows than columns.",
            fix="Check that it is not turned on its side.",
        )
    elif table.rows < _FEW:
        yield Found(
            count=table.rows,
            message=f"The table has only {rows_of(table.rows)}; most figures need {_FEW} or more.",
        )


CHECK = Check(
    name="table_size",
    title="There are rows enough",
    severity=Severity.WARNING,
    help="With fewer than 100 rows, shares and averages move too much to judge anything.",
    misleads="A small table can hold all there is, as of the countries of the world.",
    default="No rows is an error; fewer than 100, or fewer than columns, a warning.",
    source="ydata-profiling EMPTY; Deepchecks.",
    fix="Add rows if there are any.",
    on_table=_size,
)
