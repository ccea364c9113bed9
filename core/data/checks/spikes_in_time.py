"""Values that jump away from their neighbours in time, and back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.drawn import categories, codes, measured
from core.data.finding import Severity
from core.data.timeline import in_order, moments, said, time_of_rows
from core.data.words import columns_of, number, rows_of, shown
from core.statistics.association import Codes

_ROWS, _THINGS, _COLUMNS = 200, 4, 100
_LEVELS = 200
_HINT, _SMOOTH = 0.5, 0.9  # correlation with the value before: among drawn rows, among all
_JUMP, _RANGE = 5.0, 0.25  # of the jumps that 95 % stay below, of the range of the middle 98 %
_STEADY = 0.99
_MANY = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spikes:
    """Where a column jumps and comes back: the rows, the worst of the stretches; the others that do so there."""

    column: str
    thing: str | None
    worst: Mapping[str, Any]
    rows: pl.Series
    also: tuple[str, ...] = ()


def _spikes(table: Table) -> Iterable[Found]:
    time = time_of_rows(table)
    if len(table.drawn) < _ROWS:
        raise NotApplicable("There are too few rows to see how a value moves in time.")
    things: dict[str | None, Codes] = {None: np.zeros(len(table.drawn), dtype=np.intp)}
    things |= {thing.name: codes(thing) for thing in categories(table, most=_LEVELS)[:_THINGS]}
    numbers = measured(table, least=20)
    smooth = {column.name: thing for column in numbers[:_COLUMNS] if (thing := _smoothest(column, time, things))}
    found: dict[str, _Spikes] = {}
    for thing in dict.fromkeys(smooth.values()):
        rows = _in_time(table, time, *thing)
        columns = (name for name, beside in smooth.items() if beside == thing)
        found |= {name: spikes for name in columns if (spikes := _of_column(table, name, rows, *thing))}
    yield from (_told(one) for one in _joined(found[name] for name in smooth if name in found))
    if len(numbers) > _COLUMNS:
        yield Found(count=0, passed=True, message=f"The first {_COLUMNS} of {len(numbers):,} columns were looked at.")


def _joined(found: Iterable[_Spikes]) -> Sequence[_Spikes]:
    """Join the columns that jump in the same rows."""
    told: list[_Spikes] = []
    for one in found:
        same = next((i for i, other in enumerate(told) if bool((other.rows & one.rows).any())), None)
        if same is None:
            told.append(one)
        else:
            told[same] = replace(told[same], rows=told[same].rows | one.rows, also=(*told[same].also, one.column))
    return told


def _smoothest(column: ColumnFacts, time: ColumnFacts, things: Mapping[str | None, Codes]) -> tuple[str | None] | None:
    """Return (in a tuple) the thing beside whose own earlier value a value is most alike; nothing if none is."""
    best, found = _HINT, None
    if column.numbers is None or time.numbers is None:
        return None
    known = np.isfinite(column.numbers) & np.isfinite(time.numbers)
    for thing, groups in things.items():
        order = np.lexsort((time.numbers[known], groups[known]))
        likeness = _likeness(column.numbers[known][order], groups[known][order])
        if likeness > best + (0.001 if found else 0.0):
            best, found = likeness, (thing,)
    return found


def _likeness(values: NDArray[np.float64], groups: NDArray[np.intp]) -> float:
    same = groups[1:] == groups[:-1]
    before, after = values[:-1][same], values[1:][same]
    if len(before) < _ROWS // 2 or before.std() == 0 or after.std() == 0:
        return 0.0
    return float(np.corrcoef(pl.Series(before).rank().to_numpy(), pl.Series(after).rank().to_numpy())[0, 1])


def _in_time(table: Table, time: ColumnFacts, thing: str | None) -> pl.DataFrame:
    """Return ``row``, ``time``, ``thing`` and the number of the moment, of all rows that have a time and a thing.

    They stand thing by thing, each in the order of its times.
    """
    times = moments(table, time)
    rows = in_order(times)
    things = table.read(thing).to_series().cast(pl.String) if thing else pl.repeat("", table.rows, eager=True)
    groups = things.cast(pl.Enum(things.drop_nulls().unique().sort())).to_physical().fill_null(0).to_numpy()
    rows = rows[np.argsort(groups[rows], kind="stable")]
    frame = pl.DataFrame({"row": rows, "time": times[rows], "thing": things.gather(rows)}).drop_nulls()
    new = pl.any_horizontal(pl.col(name) != pl.col(name).shift() for name in ("time", "thing"))
    return frame.with_columns(moment=new.fill_null(value=True).cum_sum())


def _of_column(table: Table, column: str, rows: pl.DataFrame, thing: str | None) -> _Spikes | None:
    values = table.read(column).to_series().cast(pl.Float64)
    frame = rows.with_columns(value=values.gather(rows["row"])).filter(pl.col("value").is_finite())
    if _steadiness(frame) < _STEADY:
        return None  # several values at one time: it is no single thing that moves
    single = frame.group_by("moment", maintain_order=True).agg(pl.col("thing", "time").first(), pl.col("value").min())
    runs = single.with_columns(_run()).group_by("thing", "run", maintain_order=True)
    spikes = _alone(runs.agg(pl.col("value", "time").first(), until=pl.col("time").last()))
    if spikes.is_empty():
        return None
    hit = frame.join_where(
        spikes.select("thing", "value", "time", "until"),
        pl.col("thing") == pl.col("thing_right"),
        pl.col("value") == pl.col("value_right"),
        pl.col("time") >= pl.col("time_right"),
        pl.col("time") <= pl.col("until"),
    )
    odd = table.marked(hit["row"])
    if odd.sum() > _MANY * table.rows + 5:
        return None
    return _Spikes(column=column, thing=thing, worst=spikes.row(0, named=True), rows=odd)


def _steadiness(frame: pl.DataFrame) -> float:
    """Return the share of moments that have one value only; the rows stand moment by moment."""
    moment, value = pl.col("moment"), pl.col("value")
    moved = moment.filter((moment == moment.shift()) & (value != value.shift())).n_unique()
    return float(frame.select(1 - moved / moment.n_unique()).item()) if len(frame) else 0.0


def _run() -> pl.Expr:
    """Return the number of each thing's stretch of equal values."""
    return (pl.col("value") != pl.col("value").shift()).fill_null(value=True).cum_sum().over("thing").alias("run")


def _alone(runs: pl.DataFrame) -> pl.DataFrame:
    """Return the stretches that lie far from the one before and the one after, on one side of both."""
    values, groups = runs["value"].to_numpy(), runs["thing"].rank("dense").to_numpy()
    same = groups[1:] == groups[:-1]
    if same.sum() < _ROWS // 2 or _likeness(values, groups) < _SMOOTH:
        return runs.head(0)
    steps = np.diff(values)
    low, high = np.quantile(values, [0.01, 0.99])
    least = max(_JUMP * float(np.quantile(np.abs(steps[same]), 0.95)), _RANGE * float(high - low))
    away, back = steps[:-1], -steps[1:]
    size = np.where(same[:-1] & same[1:] & (np.sign(away) == np.sign(back)), np.minimum(abs(away), abs(back)), 0.0)
    places = np.flatnonzero(size >= least) + 1
    told = runs.with_columns(before=pl.col("value").shift(), after=pl.col("value").shift(-1))[places]
    return told.with_columns(size=size[places - 1]).sort("size", descending=True)


def _told(spikes: _Spikes) -> Found:
    count, worst = int(spikes.rows.sum()), spikes.worst
    where = f", where `{spikes.thing}` is {shown(worst['thing'])}," if spikes.thing else ""
    also = (
        f" There {columns_of(spikes.also)} {'does' if len(spikes.also) == 1 else 'do'} so too." if spikes.also else ""
    )
    return Found(
        count=count,
        column=spikes.column,
        rows=spikes.rows,
        message=f"`{spikes.column}` jumps and comes back in {rows_of(count)}: at {said(worst['time'])}{where} it is "
        f"{number(worst['value'])} between {number(worst['before'])} and {number(worst['after'])}.{also}",
    )


CHECK = Check(
    name="spikes_in_time",
    title="No value jumps away and back",
    severity=Severity.WARNING,
    help="A value that is usual by itself, but not between the one before and the one after: a sensor's slip.",
    misleads="A blow or an outage can be that short.",
    default="5 times the change that 95 % stay below, and a quarter of the range, in a value that moves smoothly.",
    source="Own: second differences in time, for each thing that is measured.",
    fix="Look at the rows, and leave the cells empty if the value cannot be.",
    on_table=_spikes,
)
