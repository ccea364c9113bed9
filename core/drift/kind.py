"""What kind of column two tables hold, and whether it can be compared."""

from dataclasses import dataclass
from typing import cast

import polars as pl

IDENTIFIER_ROWS = 100
IDENTIFIER_LEVELS = 50
_WORTH_ESTIMATING = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A column in two tables, in one type; ``refusal`` says in words why it is not compared."""

    kind: str
    reference: pl.Series
    current: pl.Series
    refusal: str = ""


def pair_up(reference: pl.Series, current: pl.Series) -> Pair:
    """Bring a column of both tables into one kind: number, category, time, text, empty or other."""
    kinds = {_kind(values) for values in (reference, current) if values.null_count() < len(values)}
    kinds -= {"empty"}
    if len(kinds) > 1:
        note = f"The reference holds {_held(reference)}, the current data {_held(current)}: compare like with like."
        return Pair(kind="other", reference=reference, current=current, refusal=note)
    kind = kinds.pop() if kinds else "empty"
    if kind in _REFUSALS:
        return Pair(kind=kind, reference=reference, current=current, refusal=_REFUSALS[kind])
    pair = Pair(kind=kind, reference=_cast(reference, kind), current=_cast(current, kind))
    identifier = _identifier(reference, current, kind)
    if identifier:
        return Pair(kind="text", reference=pair.reference, current=pair.current, refusal=identifier)
    return pair


def _held(values: pl.Series) -> str:
    return "truth values" if values.dtype == pl.Boolean else _NAMES[_kind(values)]


_NAMES = {
    "number": "numbers",
    "category": "texts",
    "time": "times",
    "empty": "no values",
    "other": "lists or other nested values",
}

_REFUSALS = {
    "time": "Times move on by nature; compare what was derived from them (hour, weekday).",
    "other": "Lists and nested values are not compared.",
}


def _kind(values: pl.Series) -> str:
    dtype = values.dtype
    if dtype == pl.Null:
        return "empty"
    if dtype.is_numeric():
        return "number"
    if isinstance(dtype, (pl.String, pl.Boolean, pl.Categorical, pl.Enum)):
        return "category"
    return "time" if dtype.is_temporal() else "other"


def _cast(values: pl.Series, kind: str) -> pl.Series:
    if kind == "number":
        return values.cast(pl.Float64, strict=False).fill_nan(None)
    return values.cast(pl.String)


def _identifier(reference: pl.Series, current: pl.Series, kind: str) -> str:
    sides = [side.drop_nulls() for side in (reference, current)]
    if kind == "category" and not all(_surely_repeats(side) for side in sides):
        rows, distinct = sum(map(len, sides)), sum(side.n_unique() for side in sides if len(side))
        if distinct > IDENTIFIER_LEVELS and distinct > rows / 2:
            return f"Identifiers or free text: {distinct:,} different values in {rows:,} rows."
    if kind == "number" and all(side.dtype.is_integer() and _counts_rows(side) for side in sides):
        return "Numbers that differ in every row and leave hardly a gap: an identifier, not a measurement."
    return ""


def _surely_repeats(values: pl.Series) -> bool:
    """Tell whether far fewer values than half the rows differ, by an estimate that is off by a few per cent at most."""
    if values.dtype != pl.String or len(values) < _WORTH_ESTIMATING:
        return False
    return cast("int", values.approx_n_unique()) < 0.4 * len(values)


def _counts_rows(values: pl.Series) -> bool:
    if len(values) < IDENTIFIER_ROWS:
        return False
    span = int(values.max()) - int(values.min()) + 1  # pyright: ignore[reportArgumentType]
    return span <= 10 * len(values) and values.n_unique() == len(values)
