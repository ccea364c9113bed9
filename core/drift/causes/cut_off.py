"""A table that ends early."""

from collections.abc import Iterable

from core.drift.cause import Cause, Told
from core.drift.sides import Tables

_LEAST = 10


def _cut(tables: Tables) -> Iterable[Told]:
    rows = tables.current.height
    if rows >= tables.reference.height or rows < _LEAST or tables.reference.schema != tables.current.schema:
        return
    if tables.reference.head(rows).equals(tables.current):
        share = 1 - rows / tables.reference.height
        yield Told(
            sentence=f"The table is the first {rows:,} of the reference's {tables.reference.height:,} rows: the rest "
            "was cut off. Load the whole file.",
            share=share,
        )


CUT_OFF = Cause(
    name="cut_off",
    title="A table that ends early",
    help="The table is the beginning of the reference, row by row.",
    misleads="A sample of the first rows that was meant looks the same.",
    on_tables=_cut,
)
