"""Which columns name the rows."""

from collections.abc import Iterable

from core.data.check import Check, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.words import columns_of


def _keys(table: Table) -> Iterable[Found]:
    if table.rows < 2:
        raise NotApplicable("With fewer than two rows any column names them.")
    keys = [
        column.name
        for column in table.columns
        if column.distinct == table.rows and (column.kind != "number" or column.whole)
    ]
    said = f"{columns_of(keys)} {'names' if len(keys) == 1 else 'name'} every row: no value occurs twice."
    none = "No column has a value of its own in every row; rows are known by their number."
    yield Found(count=0, passed=True, message=said if keys else none)


CHECK = Check(
    name="key_candidates",
    title="Which columns could be the key",
    severity=Severity.INFO,
    help="A column with another value in every row can name the row, and is no input.",
    misleads="In a short table, many columns have no value twice by chance.",
    default="Every value once, none missing; numbers with decimals are no keys.",
    source="ydata-profiling UNIQUE; Great Expectations.",
    fix="Choose the key when you accept the contract.",
    on_table=_keys,
)
