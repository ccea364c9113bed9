"""Rows that did not fit the table when it was read."""

from collections.abc import Iterable

from core.data.check import Check, Found, Table
from core.data.column import SAMPLES
from core.data.finding import Severity
from core.data.words import percent, rows_of
from core.frames.header_again import HEADER_AGAIN
from core.frames.limits import REJECTED_COUNTED
from core.frames.opened import RejectedRow
from core.frames.total_line import TOTAL


def _rejected(table: Table) -> Iterable[Found]:
    opened = table.opened
    rejected = [row for row in opened.rejected if row.reason != HEADER_AGAIN]  # which `repeated_header` tells of
    left_out = opened.rejected_count - sum(note.count for note in opened.notes if note.about == HEADER_AGAIN)
    if [row.reason for row in rejected] == [TOTAL]:
        yield _total(rejected[0], rows=opened.rows)
    elif left_out:
        of = opened.rows + left_out
        first = rejected[:SAMPLES]
        reasons = " or ".join(dict.fromkeys(row.reason for row in first)) or "unreadable"
        lines = ", ".join(f"{row.line:,}" for row in first) + (" …" if left_out > len(first) else "")
        least = "At least " if left_out >= REJECTED_COUNTED else ""
        count, share = rows_of(left_out), percent(left_out / of)
        yield Found(
            count=left_out,
            of=of,
            sample=tuple({"row": row.line, "reason": row.reason, "text": row.text} for row in first),
            message=f"{least}{count} ({share}) could not be read and {'is' if count == '1 row' else 'are'} left out: "
            f"line{'s' if left_out > 1 else ''} {lines} ({reasons}).",
            fix="Correct it in the file and drop it again." if left_out == 1 else "",
        )
    for note in opened.notes:
        if note.about == "parse":
            yield Found(
                count=note.count,
                of=max(opened.rows, note.count),
                severity=Severity.INFO,
                message=f"{rows_of(note.count, 'line')} above the header {'was' if note.count == 1 else 'were'} "
                "skipped "
                f"({note.text}).",
                fix="Remove remarks from the file if you make it yourself.",
            )


def _total(row: RejectedRow, *, rows: int) -> Found:
    """Say that a spreadsheet has summed its rows up in the last one; that is none of the rows, and no fault."""
    return Found(
        count=1,
        of=rows + 1,
        severity=Severity.INFO,
        sample=({"row": row.line, "reason": row.reason, "text": row.text},),
        message=f"The last row, line {row.line:,}, is a total of the others and is left out.",
        fix="Remove it from the file if you make it yourself.",
    )


CHECK = Check(
    name="rejected_rows",
    title="Every row could be read",
    severity=Severity.ERROR,
    help="A row with too few or too many cells, or with a quote that does not close, cannot be put in the table.",
    misleads="Where the delimiter was guessed wrong, most rows are rejected and the file is fine.",
    default="Any.",
    source="DuckDB store_rejects; Pollock.",
    fix="Correct them in the file and drop it again.",
    on_table=_rejected,
)
