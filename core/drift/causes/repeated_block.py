"""A block of rows that stands in the table twice."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.drift.cause import Cause, Told
from core.drift.sides import Tables
from core.frames.summary import kind_of

_LEAST = 5
_DIFFERENT = 0.5  # where most rows stand in the table several times, so does a block of them


def _repeated(tables: Tables) -> Iterable[Told]:
    start, length, source = _longest(tables.current)
    if length < _LEAST or _longest(tables.reference)[1] >= _LEAST:
        return
    yield Told(
        sentence=f"Rows {start + 1:,} to {start + length:,} repeat rows {source + 1:,} to {source + length:,}, one by "
        "one: a part was loaded twice. Remove it.",
        share=length / max(tables.current.height, 1),
    )


def _longest(table: pl.DataFrame) -> tuple[int, int, int]:
    """Return where the longest block begins that repeats an earlier one, its length, and where that one begins."""
    plain = [name for name in table.columns if kind_of(table.schema[name]) != "text" or table.schema[name] == pl.String]
    if len(plain) < table.width or not table.height:
        return 0, 0, 0
    _, first, places = np.unique(table.hash_rows().to_numpy(), return_index=True, return_inverse=True)
    if len(first) < _DIFFERENT * table.height:
        return 0, 0, 0
    back = np.arange(table.height) - first[places]
    edges = np.flatnonzero(np.diff(back, prepend=-1, append=-1))
    lengths = np.diff(edges) * (back[edges[:-1]] > 0)
    longest = int(np.argmax(lengths))
    start = int(edges[longest])
    return start, int(lengths[longest]), start - int(back[start])


REPEATED_BLOCK = Cause(
    name="repeated_block",
    title="A block of rows twice",
    help="At least five rows in a row repeat earlier rows in the same order, and the reference has no such block.",
    misleads="In tables of few values, rows can repeat by chance; the order of five hardly does.",
    on_tables=_repeated,
)
