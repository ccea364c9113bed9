"""Names that are missing, repeated or were changed."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.words import shown


def _names(table: Table) -> Iterable[Found]:
    for note in table.opened.notes:
        if note.about != "column_names":
            continue
        if note.column is None:
            message = (
                "The first line holds values, not names: the columns are called column_1, column_2, ... Add a header."
            )
        elif not note.text.strip():
            message = f"A column has no name; it is called `{note.column}` here. Give it a name in the file."
        elif note.text.strip() == note.column:
            message = f"The name of `{note.column}` has blanks around it, which are left out. Remove them in the file."
        else:
            repeated = shown(note.text.strip())
            message = f"The name {repeated} stands more than once; one is called `{note.column}` here. Rename it."
        yield Found(count=0, column=note.column, message=message)


CHECK = Check(
    name="column_names",
    title="Every column has a name of its own",
    severity=Severity.WARNING,
    help="Columns are known by their names; a blank or repeated one makes two columns hard to tell apart.",
    on_table=_names,
)
