"""A contract out of a table as it is: careful bounds with room to move, for a person to correct.

What one file shows is not what is agreed: a bound that the next file breaks without anything being wrong costs trust.
So ranges get slack and are warnings, and a list of values is closed only where an unseen value is unlikely.
"""

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.shape import common_pattern
from core.data.contract.typed import type_of
from core.data.finding import Severity
from core.data.guess import guess_task
from core.data.profile import Profile
from core.data.profile import profile as profile_of

MOST_LEVELS = 100
_SLACK = 0.25  # of the span, on either side
_UNSEEN = 0.002  # how likely the next row may hold a value that was not seen
_EXACT_LEVELS, _ROWS_A_LEVEL = 20, 20
_LEAST_ROWS = 20

Figures = Mapping[str, Any]


def infer(parquet: Path, name: str, *, profile: Profile | None = None) -> Contract:
    """Return a contract that a table keeps; ``profile`` is its profile, where that is known already."""
    known = profile or profile_of(parquet)
    schema = dict(pl.scan_parquet(parquet).collect_schema())
    key = guess_task(known).entity
    rules: list[Rule] = [_row_count()]
    for column, figures in known.items():
        if column in schema:
            rules += _of_column(parquet, column, figures, dtype=schema[column], key=column == key)
    return Contract(name=name, rules=tuple(rules))


def _row_count() -> Rule:
    return Rule(kind="row_count", limit=Limit(operator=">=", numbers=(1.0,)))


def _of_column(parquet: Path, column: str, figures: Figures, *, dtype: pl.DataType, key: bool) -> Iterable[Rule]:
    yield Rule(kind="present", column=column)
    declared = type_of(dtype)
    if declared:
        yield Rule(kind="type", column=column, arguments={"type": declared})
    present = figures["count"] - figures["nulls"]
    if present < _LEAST_ROWS:
        return
    if not figures["nulls"]:
        yield Rule(kind="not_null", column=column)
    if key and figures["unique"]:
        yield Rule(kind="unique", column=column)
    if declared in ("integer", "number") and not key:
        yield from _range(column, figures, whole=declared == "integer", present=present)
    elif declared == "string":
        yield from _text(parquet, column, key=key)


def _range(column: str, figures: Figures, *, whole: bool, present: int) -> Iterable[Rule]:
    low, high = figures["min"], figures["max"]
    if low is None or high is None or figures.get("infinities") or not math.isfinite(high - low):
        return
    levels = figures["distinct"]
    code = whole and levels <= _EXACT_LEVELS and levels == high - low + 1 and present >= _ROWS_A_LEVEL * levels
    bounds = (low, high) if code else _with_slack(low, high, whole=whole)
    yield Rule(
        kind="range",
        column=column,
        arguments={"min": bounds[0], "max": bounds[1]},
        severity=Severity.WARNING,
    )


def _with_slack(low: float, high: float, *, whole: bool) -> tuple[float, float]:
    """Return bounds a quarter of the span further out, rounded outwards; what is never negative stays so."""
    slack = _SLACK * (high - low) or max(abs(high), 1.0)
    step = 10.0 ** (math.floor(math.log10(slack)) - 1)
    below, above = math.floor((low - slack) / step) * step, math.ceil((high + slack) / step) * step
    below = max(below, 0.0) if low >= 0 else below
    above = min(above, 0.0) if high <= 0 else above
    if low >= 0 and high <= 1 and not whole:  # a share
        above = 1.0
    return (math.floor(below), math.ceil(above)) if whole else (float(f"{below:.12g}"), float(f"{above:.12g}"))


def _text(parquet: Path, column: str, *, key: bool) -> Iterable[Rule]:
    levels = _levels(parquet, column)
    rows = int(levels["count"].sum())
    unseen = int((levels["count"] == 1).sum()) / max(rows, 1)  # Good and Turing
    if not key and levels.height <= MOST_LEVELS and unseen <= _UNSEEN and rows >= _ROWS_A_LEVEL:
        few = levels.height <= _EXACT_LEVELS and int(levels["count"].min() or 0) >= _ROWS_A_LEVEL  # pyright: ignore[reportArgumentType]
        severity = Severity.ERROR if few else Severity.WARNING
        values = sorted(levels["value"].to_list())
        yield Rule(kind="enumeration", column=column, arguments={"values": values}, severity=severity)
        return
    pattern = common_pattern(levels["value"])
    if pattern:
        yield Rule(kind="pattern", column=column, arguments={"pattern": pattern}, severity=Severity.WARNING)
        return
    longest = int(levels["value"].str.len_chars().max() or 0)  # pyright: ignore[reportArgumentType]
    if 0 < longest <= 1_000:
        yield Rule(kind="length", column=column, arguments={"max": 2 * longest}, severity=Severity.WARNING)


def _levels(parquet: Path, column: str) -> pl.DataFrame:
    values = pl.col(column).cast(pl.String).alias("value")
    counted = pl.scan_parquet(parquet).select(values).drop_nulls().group_by("value").agg(pl.len().alias("count"))
    return counted.collect(engine="streaming")
