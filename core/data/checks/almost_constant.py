"""A column in which nearly every row says the same."""

from collections.abc import Sequence

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.together import one_note
from core.data.words import columns_of, percent, shown

_SHARE = 0.95


def _almost(column: Column) -> Found | None:
    if not 2 <= column.distinct <= max(2, 0.05 * column.rows + 1) or column.present < 20:
        return None
    top = column.levels.row(0)
    share = top[1] / column.present
    if share < _SHARE:
        return None
    return Found(
        count=int(top[1]),
        of=column.present,
        message=f"`{column.name}` is {shown(top[0])} in {percent(share)} of its values.",
    )


def _together(found: Sequence[Found]) -> Sequence[Found]:
    return one_note(
        found, lambda all_of: f"{columns_of(str(one.column) for one in all_of)} hold one value in nearly every row."
    )


CHECK = Check(
    name="almost_constant",
    title="No column is nearly always the same",
    severity=Severity.INFO,
    help="Where one value holds 95 % or more, the rest may be an exception, or an error.",
    misleads="A rare event, such as fraud, is nearly always absent and still the most important column.",
    default="One value in 95 % or more of at least 20 values.",
    source="Evidently, almost constant columns: 0.95.",
    fix="Check that the few others are meant.",
    kinds=("number", "text", "boolean"),
    on_column=_almost,
    together=_together,
)
