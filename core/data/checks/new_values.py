"""Values that the reference never had."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.two_tables import two_tables
from core.data.words import number, percent, rows_of, shown
from core.frames.summary import kind_of

_LEVELS = 1_000
_KEY = 0.5  # more different texts than half of the rows are no categories
_LUCK = 0.001


def _new(table: Table) -> Iterable[Found]:
    both = two_tables(table)
    for name in both.shared:
        kinds = {kind_of(schema[name]) for schema in both.schemas}
        if len(kinds) > 1 or kinds & {"time"}:
            continue
        before, after = both.column(name)
        found = _outside(name, before, after) if kinds == {"number"} else _levels(name, before, after)
        if found:
            yield _of_label(found) if name == table.beside.label else found


def _of_label(found: Found) -> Found:
    return Found(
        count=found.count,
        column=found.column,
        rows=found.rows,
        severity=Severity.WARNING,
        message=f"{found.message} It is the column to predict.",
    )


def _levels(name: str, before: pl.Series, after: pl.Series) -> Found | None:
    known = before.drop_nulls().cast(pl.String).value_counts(name="count")
    if known.height > min(_LEVELS, _KEY * len(before) + 10):
        return None
    texts = after.cast(pl.String)
    rows = ~texts.is_in(known.to_series(0).implode()) & texts.is_not_null()
    count = int(rows.sum())
    if not count:
        return None
    new = texts.filter(rows).value_counts(sort=True).to_series(0)
    # levels seen once in the reference say how often unseen ones are to be expected (Good and Turing)
    expected = len(after) * int((known["count"] == 1).sum()) / max(len(before) - before.null_count(), 1)
    by_chance = count <= expected + 3 * np.sqrt(expected)
    listed = ", ".join(shown(value) for value in new.head(3)) + (f" and {len(new) - 3:,} more" if len(new) > 3 else "")
    return Found(
        count=count,
        column=name,
        rows=rows,
        severity=Severity.INFO if by_chance else Severity.WARNING,
        message=f"`{name}` holds {rows_of(len(new), 'value')} that the reference has not, "
        f"{listed}, in {rows_of(count)} ({percent(count / len(after))}).",
    )


def _outside(name: str, before: pl.Series, after: pl.Series) -> Found | None:
    known, now = (side.cast(pl.Float64).fill_null(float("nan")).to_numpy() for side in (before, after))
    if np.isnan(known).all() or np.isnan(now).all():
        return None
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    least, most = float(np.nanmin(now)), float(np.nanmax(now))
    below, above = int((now < low).sum()), int((now > high).sum())
    if not below + above:
        return None
    # of rows drawn from one source, the k largest all lie in one part with the probability of its share to the power k
    share = len(now) / (len(known) + len(now))
    by_chance = min(share**count for count in (below, above) if count) > _LUCK
    far = max(low - least, most - high) > high - low  # further out than the whole reference is wide
    sides = [f"down to {number(least)}"] * bool(below) + [f"up to {number(most)}"] * bool(above)
    return Found(
        count=below + above,
        column=name,
        rows=pl.Series((now < low) | (now > high)),
        severity=Severity.INFO if by_chance and not far else Severity.WARNING,
        message=f"`{name}` has {rows_of(below + above, 'value')} ({percent((below + above) / len(now))}) outside the "
        f"reference's {number(low)} to {number(high)}: {' and '.join(sides)}.",
    )


CHECK = Check(
    name="new_values",
    title="No value is new",
    severity=Severity.WARNING,
    help="Categories and labels that the reference does not have, and numbers outside its range.",
    misleads="Any newer file holds a few: what chance alone brings is only a note.",
    default="Any; a warning where chance does not explain them (Good-Turing for categories, ranks for numbers).",
    source="Deepchecks NewCategory and NewLabel: 0; TensorFlow Data Validation; Evidently.",
    fix="Look at the rows; correct the values, or take them into the reference.",
    on_table=_new,
)
