"""Name the mechanical cause of what differs between two tables, before anybody calls it drift."""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from core.drift.cause import Cause, Named, Told
from core.drift.causes import CAUSES
from core.drift.same_rows import same_rows
from core.drift.sides import Sides, Tables


@np.errstate(all="ignore")  # numbers near the largest possible overflow; nothing is then named
def name_causes(reference: pl.DataFrame, current: pl.DataFrame) -> tuple[Named, ...]:
    """Return what is established: at most one cause a column, and those of the tables.

    Rows are compared one by one where the tables are two versions of one; else distributions are.
    """
    if not reference.height or not current.height:
        return ()
    tables = Tables(reference=reference, current=current, same=same_rows(reference, current))
    found = [named for cause in CAUSES.values() for named in _of_tables(cause, tables)]
    explained = {named.column for named in found if named.cause != "silent_source"}
    columns = (name_cause(tables.sides(name)) for name in tables.shared if name not in explained)
    return (*found, *(named for named in columns if named))


def name_cause(sides: Sides) -> Named | None:
    """Return the first cause that explains what differs in one column."""
    for cause in CAUSES.values():
        told = _of_column(cause, sides)
        if told:
            return Named(cause=cause.name, column=sides.name, sentence=told.sentence, share=told.share)
    return None


def _of_tables(cause: Cause, tables: Tables) -> Iterator[Named]:
    for told in _asked_of_tables(cause, tables):
        yield Named(cause=cause.name, column=told.column, sentence=told.sentence, share=told.share)


def _asked_of_tables(cause: Cause, tables: Tables) -> Iterable[Told]:
    if cause.on_tables is None:
        return []
    try:
        return list(cause.on_tables(tables))
    except Exception:  # noqa: BLE001 - values that one entry cannot reckon with must not cost the comparison
        return []


def _of_column(cause: Cause, sides: Sides) -> Told | None:
    if cause.on_column is None or sides.kind not in cause.kinds:
        return None
    try:
        return cause.on_column(sides)
    except Exception:  # noqa: BLE001 - as above
        return None
