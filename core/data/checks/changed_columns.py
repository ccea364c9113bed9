"""Columns that came, went, changed their type or their name since the reference."""

from collections.abc import Iterable

import polars as pl

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.two_tables import TwoTables, two_tables
from core.drift.causes.renamed import new_names
from core.frames.summary import kind_of

_KINDS = {"number": "numbers", "text": "text", "time": "times", "boolean": "truth values"}


def _changed(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    before, after = both.schemas
    lost = [name for name in before.names() if name not in after]
    new = [name for name in after.names() if name not in before]
    names = _new_names(both, lost, new)
    for name in lost:
        called = f" It may be the new column `{names[name]}`." if name in names else ""
        fix = f"Rename `{names[name]}`, or accept the new name." if name in names else ""
        yield Found(
            count=both.rows[1],
            column=name,
            message=f"`{name}` is in the reference and not in this table.{called}",
            fix=fix,
        )
    for name in new:
        if name not in names.values():
            yield Found(
                count=both.rows[1],
                column=name,
                severity=Severity.WARNING,
                message=f"`{name}` is new: the reference does not have it.",
            )
    yield from _retyped(both)
    yield from _reordered(both)


def _new_names(both: TwoTables, lost: list[str], new: list[str]) -> dict[str, str]:
    if not lost or not new:
        return {}
    scans = zip((both.before, both.after), (lost, new), strict=True)
    first, second = (pl.scan_parquet(path).select(columns).gather_every(both.step).collect() for path, columns in scans)
    return dict(new_names(first, second))


def _retyped(both: TwoTables) -> Iterable[Found]:
    for name in both.shared:
        was, now = (schema[name] for schema in both.schemas)
        if kind_of(was) == kind_of(now):
            continue
        sides = both.column(name)
        if any(side.null_count() == len(side) for side in sides):
            continue
        yield Found(
            count=both.rows[1],
            column=name,
            sample=_sample(sides[1]),
            message=f"`{name}` held {_KINDS[kind_of(was)]} in the reference and holds {_KINDS[kind_of(now)]} now"
            f"{_why(sides[1]) if kind_of(was) == 'number' else ''}.",
        )


def _why(values: pl.Series) -> str:
    """Return the first value that is no number."""
    texts = values.drop_nulls().cast(pl.String)
    odd = texts.filter(texts.cast(pl.Float64, strict=False).is_null())
    return f", like “{odd[0][:40]}”" if len(odd) else ""


def _sample(values: pl.Series) -> tuple[dict[str, object], ...]:
    texts = values.cast(pl.String)
    odd = (texts.is_not_null() & texts.cast(pl.Float64, strict=False).is_null()).arg_true().head(5)
    return tuple({"row": int(row) + 1, "value": texts[int(row)]} for row in odd)


def _reordered(both: TwoTables) -> Iterable[Found]:
    shared = both.shared
    now = [name for name in both.schemas[1].names() if name in shared]
    if now != shared:
        moved = next(new for old, new in zip(shared, now, strict=True) if old != new)
        yield Found(
            count=both.rows[1],
            column=moved,
            severity=Severity.INFO,
            message=f"The columns stand in another order than in the reference, from `{moved}` on.",
            fix="Nothing to do, unless something reads them by their place.",
        )


CHECK = Check(
    name="changed_columns",
    title="The columns are those of the reference",
    severity=Severity.ERROR,
    help="Columns that are gone, are new, hold another kind of values or have another name.",
    misleads="A lost and a new column of similar names or values are taken for one; they may be two.",
    default="Any; a new column is a warning, another order a note.",
    source="TensorFlow Data Validation SCHEMA_NEW_COLUMN and SCHEMA_MISSING_COLUMN; Pandera.",
    fix="Export the columns as before, or accept the new ones as a new reference.",
    on_table=_changed,
)
