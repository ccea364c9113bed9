"""Characters that were hard to read."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.words import rows_of


def _encoding(table: Table) -> Iterable[Found]:
    for note in table.opened.notes:
        if note.about != "encoding":
            continue
        if note.count:
            yield Found(
                count=note.count,
                of=max(note.count, table.rows),
                severity=Severity.WARNING,
                message=f"{rows_of(note.count, 'character')} could not be read ({note.text}).",
            )
        else:
            yield Found(
                count=0,
                message=f"The file is not UTF-8; it was read as {note.text}.",
            )


CHECK = Check(
    name="encoding",
    title="The file is UTF-8",
    severity=Severity.INFO,
    help="Text in an older encoding has to be guessed, and a wrong guess changes letters with accents.",
    misleads="A guess from few accented letters can be wrong without a trace.",
    default="Any encoding but UTF-8 and UTF-16; any character that could not be read.",
    source="charset-normalizer.",
    fix="Save the file as UTF-8 and look at names with accents.",
    on_table=_encoding,
)
