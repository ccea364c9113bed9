"""Names that are missing, repeated or were changed."""

import re
from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.words import shown
from core.frames.opened import Note

_UNNAMED = re.compile(r"unnamed: ?\d+(_level_\d+)?", re.IGNORECASE)
_FORMULA = re.compile(r"[=@\t\r\0]|[+-]\D")


def _names(table: Table) -> Iterable[Found]:
    told = {note.column for note in table.opened.notes if note.about == "column_names"}
    yield from (_of_note(note) for note in table.opened.notes if note.about == "column_names")
    for column in table.columns:
        if column.name in told:
            continue
        if _UNNAMED.fullmatch(column.name):
            yield Found(
                count=0,
                column=column.name,
                message=f"`{column.name}` is what a program calls a column that has no name.",
                fix="Give it a name in the file, or leave it out.",
            )
        elif _FORMULA.match(column.name):
            yield Found(
                count=0,
                column=column.name,
                message=f"The name {shown(column.name)} begins as a formula, which a spreadsheet would run.",
                fix="Rename it.",
            )


def _of_note(note: Note) -> Found:
    if note.column is None:
        message = "The first line holds values, not names: the columns are called column_1, column_2, ..."
        return Found(count=0, message=message, fix="Add a header.")
    if not note.text.strip():
        message, fix = f"A column has no name; it is called `{note.column}` here.", "Give it a name in the file."
    elif note.text.strip() == note.column:
        message = f"The name of `{note.column}` has blanks around it, which are left out."
        fix = "Remove them in the file."
    elif note.text.strip().startswith(note.column):
        message, fix = f"The name {shown(note.text.strip())} is too long and is cut.", "Give it a shorter name."
    elif not note.text.isprintable():
        message = f"The name {shown(note.text)} holds signs that cannot be seen; it is called `{note.column}` here."
        fix = "Write it without them in the file."
    else:
        message = f"The name {shown(note.text.strip())} stands more than once; one is called `{note.column}` here."
        fix = "Rename it."
    return Found(count=0, column=note.column, message=message, fix=fix)


CHECK = Check(
    name="column_names",
    title="Every column has a name of its own",
    severity=Severity.WARNING,
    help="Columns are known by their names; a blank or repeated one makes two columns hard to tell apart.",
    misleads="A made-up name can be the right one, where a file really has such a column.",
    default="Any name that is missing, repeated, made up by a program, or begins as a formula.",
    source="Pandera DUPLICATE_COLUMN_LABELS; own.",
    fix="Correct the name in the file.",
    on_table=_names,
)
