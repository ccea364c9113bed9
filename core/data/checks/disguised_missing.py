"""Words and signs that stand for a missing value."""

from core.data.check import Check, Found
from core.data.column import Column
from core.data.finding import Severity
from core.data.words import listed, percent, rows_of, shown


def _disguised(column: Column) -> Found | None:
    read = sum(note.count for note in column.notes if note.about == "disguised_nulls")
    if read:
        return Found(
            count=read,
            severity=Severity.INFO,
            message=f"`{column.name}` writes {rows_of(read, 'missing value')} ({percent(read / column.rows)}) as a "
            "word such as “NA”; they are read as empty.",
        )
    if column.kind != "text":
        return None
    odd = column.disguised
    if odd.is_empty():
        return None
    count, words = int(odd["count"].sum()), listed([shown(value) for value in odd["value"]], most=3)
    ways = odd["value"].str.strip_chars().str.to_lowercase().n_unique() + bool(column.missing)
    also = f", written in {ways} ways, empty cells among them" if column.missing else f", written in {ways} ways"
    return Found(
        count=count,
        rows=column.where(odd["value"]),
        message=f"`{column.name}` holds {words} in {rows_of(count)} ({percent(count / column.rows)}): probably a "
        f"missing value{also if ways > 1 else ''}.",
    )


CHECK = Check(
    name="disguised_missing",
    title="No word stands for a missing value",
    severity=Severity.WARNING,
    help="“N/A”, “?”, “-” or a blank look like values to a program.",
    misleads="“None” can be an answer, and “NA” is Namibia's country code.",
    default="Any value; more than one way of writing it is said.",
    source="Deepchecks MixedNulls; ODCS missingValues.",
    fix="Replace it by an empty cell.",
    kinds=("number", "text", "time", "boolean"),
    on_column=_disguised,
)
