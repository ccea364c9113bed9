"""A code such as -999 among real numbers."""

from core.data.check import Check, Found
from core.data.codes_for_missing import codes_for_missing
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import number, percent, rows_of


def _sentinels(column: Column) -> Found | None:
    found, values = codes_for_missing(column.numbers, column.rows)
    if not found:
        return None
    count = sum(found.values())
    codes = " and ".join(number(value) for value in found)
    return Found(
        count=count,
        rows=column.where([int(value) if column.whole else value for value in found]),
        message=f"`{column.name}` has {rows_of(count, 'value')} of {codes} ({percent(count / column.rows)}), far "
        "from the "
        f"rest ({number(values[0])} to {number(values[-1])}): probably a code for missing.",
    )


CHECK = Check(
    name="sentinel_numbers",
    title="No number is a code for missing",
    severity=Severity.WARNING,
    help="A value such as -999 or 9999, far from all others, moves every average and every model.",
    misleads="The top of a scale, such as 99 or 255, can be a true value.",
    default="A known code (-999, 9999, -1 among counts), or 0.5 % of the rows alone beyond 3 quartile distances.",
    source="Own.",
    fix="Replace them by empty cells.",
    kinds=("number",),
    on_column=_sentinels,
)
