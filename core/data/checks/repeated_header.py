"""The header in the middle of the table."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from core.data.check import Check, Found, Table
from core.data.column import SAMPLES, Column
from core.data.finding import Severity
from core.data.words import columns_of, rows_of
from core.frames.header_again import HEADER_AGAIN

_JOINED = "as when files are joined"


def _header(column: Column) -> Found | None:
    if not column.distinct > 1:
        return None
    found = column.texts_where(pl.col("value").str.strip_chars() == column.name)
    count = int(found["count"].sum() or 0)
    if not count or count > 0.01 * column.rows + 1:
        return None
    return Found(
        count=count,
        rows=column.where(found["value"]),
        message=f"`{column.name}` holds its own name in {rows_of(count)}: the header is repeated inside the table, "
        f"{_JOINED}.",
    )


def _rows_of_one(found: Sequence[Found]) -> Sequence[Found]:
    """Say once what several columns hold in the same rows: that is the header."""
    rows: dict[tuple[int, int | None, int | None], list[Found]] = {}
    for one in found:
        rows.setdefault((one.count, one.first, one.last), []).append(one)
    return [same[0] if len(same) == 1 else _joined(same) for same in rows.values()]


def _joined(found: Sequence[Found]) -> Found:
    one = found[0]
    first, last = ((place or 0) + 1 for place in (one.first, one.last))
    where = f"row {first:,}" if one.count == 1 else f"{rows_of(one.count)}, from row {first:,} to row {last:,}"
    return replace(
        one,
        message=f"{columns_of((str(f.column) for f in found), most=3)} hold their own names in {where}: the header is "
        f"repeated inside the table, {_JOINED}.",
    )


def _left_out(table: Table) -> Iterable[Found]:
    """Say which lines reading has left out because they repeat the header."""
    for note in table.opened.notes:
        if note.about == HEADER_AGAIN:
            lines = [row for row in table.opened.rejected if row.reason == HEADER_AGAIN][:SAMPLES]
            where = f" ({note.text})" if note.text else ""
            yield Found(
                count=note.count,
                of=table.rows + note.count,
                severity=Severity.WARNING,
                sample=tuple({"row": row.line, "reason": row.reason, "text": row.text} for row in lines),
                message=f"{rows_of(note.count)} inside the table {'repeats' if note.count == 1 else 'repeat'} the "
                f"header{where}, {_JOINED}; {'it is' if note.count == 1 else 'they are'} left out, and nothing else.",
                fix="See that the joined files have the same columns and no row in common.",
            )


CHECK = Check(
    name="repeated_header",
    title="The header stands only at the top",
    severity=Severity.ERROR,
    help="Files put together with their headers carry names among the values, and numbers become text.",
    misleads="A category can be called as its column is.",
    default="Any row that repeats the header, which reading leaves out; a column's own name in up to 1 % of its rows.",
    source="Own.",
    fix="Remove those rows.",
    kinds=("text",),
    on_column=_header,
    on_table=_left_out,
    together=_rows_of_one,
)
