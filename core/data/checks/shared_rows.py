"""Rows, keys and days that stand in the table and in its reference: leakage where one is to test the other."""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from core.data.check import Check, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.guess import is_key_name
from core.data.two_tables import TwoTables, two_tables
from core.data.words import percent, rows_of
from core.frames.summary import kind_of

_IN_PARTS = "A row that was learned from proves nothing in a test."
_IN_VERSIONS = "That is right for two versions of one table, and leakage where one tests what the other taught."
_MANY = 0.05
_LEVELS = 20
_PER_ENTITY = 2.0


def _shared(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    if not both.shared:
        raise NotApplicable("The table and the reference have no column in common.")
    yield from _rows(both, parts=table.beside.other_part)
    if table.beside.other_part:
        for name in both.shared:
            yield from _keys(both, name, label=table.beside.label)
        yield from _times(both)


def _rows(both: TwoTables, *, parts: bool) -> Iterator[Found]:
    before, after = both.hashes(both.shared)
    again = pl.Series(np.isin(after, before))
    count = int(again.sum())
    if not count:
        return
    share = percent(count / len(after))
    meant = _IN_PARTS if parts else _IN_VERSIONS
    severity = Severity.INFO if not parts else Severity.ERROR if count > _MANY * len(after) else Severity.WARNING
    yield Found(
        count=count,
        rows=again,
        severity=severity,
        message=f"{rows_of(count)} ({share}) {'stands' if count == 1 else 'stand'} in the reference too. {meant}",
        fix="Take them out of one of the two." if parts else "Say which part of the data this is, if it is one.",
    )


def _keys(both: TwoTables, name: str, *, label: str | None) -> Iterator[Found]:
    """Yield a column of keys, or of entities that own several rows, of which some stand in both."""
    if name == label or both.schemas[0][name] != both.schemas[1][name] or not is_key_name(name):
        return
    before, after = both.column(name)
    again = after.is_in(before.drop_nulls().unique().implode()).fill_null(value=False)
    count, known = int(again.sum()), after.drop_nulls().n_unique()
    if not count or known <= _LEVELS:
        return
    owns_rows = len(after) / known >= _PER_ENTITY
    what = f"{'values' if owns_rows else 'keys'} of `{name}`"
    yield Found(
        count=count,
        column=name,
        rows=again,
        message=f"{rows_of(count)} ({percent(count / len(after))}) have {what} that the reference has too: what was "
        f"learned of {'them' if owns_rows else 'such a row'} is tested on {'them' if owns_rows else 'itself'}.",
        fix=f"Divide the data so that no `{name}` stands in both parts.",
    )


def _times(both: TwoTables) -> Iterator[Found]:
    for name in both.shared:
        if any(kind_of(schema[name]) != "time" for schema in both.schemas):
            continue
        before, after = (side.drop_nulls().cast(pl.Date) for side in both.column(name))
        if not len(before) or not len(after):
            continue
        first, last = before.min(), before.max()
        inside = both.column(name)[1].cast(pl.Date).is_between(first, last)  # pyright: ignore[reportArgumentType]
        count = int(inside.sum())
        if count:
            days = len(set(before.unique()) & set(after.unique()))
            yield Found(
                count=count,
                column=name,
                rows=inside,
                message=f"{rows_of(count)} ({percent(count / len(after))}) lie by `{name}` within the reference's "
                f"{first} to {last}; {rows_of(days, 'day')} stand in both. A model in use meets later days only.",
                fix="Divide the data at a moment: what comes before is learned from, what comes after tests.",
            )
        return


CHECK = Check(
    name="shared_rows",
    title="No row stands in the reference too",
    severity=Severity.WARNING,
    help="Between training and test data: the same rows, keys, owners of rows, days.",
    misleads="Versions of one dataset share rows rightly: there it is a note. Equal rows of few columns are chance.",
    default="Any; an error above 5 % of rows where the reference is declared another part of the data.",
    source="Deepchecks TrainTestSamplesMix (5 %), IndexTrainTestLeakage and DateTrainTestLeakage (0); own for owners.",
    fix="Take them out of one of the two.",
    on_table=_shared,
)
