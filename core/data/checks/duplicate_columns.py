"""Columns that say the same."""

from collections import defaultdict
from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity


def _duplicates(table: Table) -> Iterable[Found]:
    groups: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for column in table.columns:
        if column.distinct > 1:
            groups[column.fingerprint, column.kind].append(column.name)
    for names in groups.values():
        if len(names) > 1:
            others = ", ".join(f"`{name}`" for name in names[1:])
            yield Found(
                count=table.rows,
                column=names[1],
                message=f"{others} {'holds' if len(names) == 2 else 'hold'} the same values as `{names[0]}` in every "
                "row.",
            )


CHECK = Check(
    name="duplicate_columns",
    title="No two columns are the same",
    severity=Severity.WARNING,
    help="The same values under two names are weighed twice by a model.",
    misleads="Two columns can agree today and mean different things.",
    default="Equal in every row; in 95 % of the rows or more for almost equal ones.",
    source="Evidently, duplicated and almost duplicated columns: 0.95.",
    fix="Keep one.",
    on_table=_duplicates,
)
