"""A column with one value."""

from collections.abc import Sequence

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.together import one_warning
from core.data.words import columns_of, shown


def _constant(column: Column) -> Found | None:
    if column.rows < 2 or column.distinct != 1 or column.missing:
        return None
    return Found(
        count=column.rows,
        severity=Severity.WARNING,
        message=f"`{column.name}` is {shown(column.series[0])} in every row, so it tells nothing.",
    )


def _together(found: Sequence[Found]) -> Sequence[Found]:
    return one_warning(found, lambda all_of: f"{columns_of(str(one.column) for one in all_of)} never change.")


CHECK = Check(
    name="constant",
    title="No column has one value only",
    severity=Severity.WARNING,
    help="A column that never changes cannot explain anything that does.",
    misleads="A column that is constant this month may change next month.",
    default="One value in every row, of two rows or more.",
    source="Deepchecks, ydata-profiling.",
    fix="Leave it out, or check the export.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_constant,
    together=_together,
)
