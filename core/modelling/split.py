"""What is trained on and what is held out: by time where there is time, because production comes later."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from polars import col

from core.data.labels import label_text, label_texts
from core.errors import InvalidInput
from core.modelling.run import LARGEST
from core.scoping.project import Task, TaskKind

RESERVED = (
    *("entity_id", "event_time", "block", "label", "score", "predicted"),
    *("label_text", "variant", "model_version_id", "request_id", "latency_ms"),
)
"""Columns that a table of hold-out rows, or of production rows, has beside the inputs."""
_HELD_OUT = 0.3
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Two tables of inputs with ``entity_id, event_time, block, label``, in the order of time."""

    train: pl.DataFrame
    holdout: pl.DataFrame
    train_from: datetime | None = None
    holdout_from: datetime | None = None


def labelled_rows(frame: pl.DataFrame, task: Task, *, zone: ZoneInfo) -> pl.DataFrame:
    """Return the inputs of the rows that have a label and a time, with ``entity_id, event_time, block, label``.

    The label is 0 or 1 for a binary task, a number for a regression, text for many classes. Times without a zone are
    read as local times of ``zone``; the block is the local day, or the group or the row where there is no time. A row
    without a group stands for itself.

    Raises
    ------
    InvalidInput
        A column is missing or of a kind that cannot be used, or no row has a label.
    """
    _check_columns(frame, task)
    rows = frame.select(
        *(col(name) for name in task.inputs),
        entity_id=_entity(frame, task.entity),
        event_time=event_times(frame, task.time, zone) if task.time else pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        label=labels(frame[task.target], task),
    )
    rows = rows.with_columns(block=_block(frame, task, zone))
    rows = rows.drop_nulls(["label", "event_time"] if task.time else ["label"])
    if rows.is_empty():
        raise InvalidInput(f"No row has a label in {task.target!r}; choose another target, or add labelled rows.")
    return rows.sort("event_time", maintain_order=True) if task.time else rows


def labels(values: pl.Series, task: Task) -> pl.Series:
    """Return the target as a label: 0 or 1, a number, or text.

    Raises
    ------
    InvalidInput
        No row of a binary task has the positive label, or the target of a regression is no number or too large.
    """
    if task.kind is TaskKind.REGRESSION:
        if not values.dtype.is_numeric():
            raise InvalidInput(f"The target {task.target!r} holds {values.dtype}; a regression needs numbers.")
        numbers = values.cast(pl.Float64).fill_nan(None)
        numbers = numbers.set(numbers.is_infinite().fill_null(value=False), None)
        if (numbers.abs() > LARGEST).any():
            raise InvalidInput(
                f"The target {task.target!r} holds numbers beyond {LARGEST:.0e}, more than a model reckons with; "
                "write it in a larger unit."
            )
        return numbers
    texts = label_texts(values)
    if task.kind is TaskKind.MULTICLASS:
        return texts
    positive = label_text(task.positive)
    if positive is None or not (texts == positive).any():
        raise InvalidInput(f"No row of {task.target!r} is {positive!r}; choose which label to look for.")
    return (texts == positive).cast(pl.Float64)


def split(rows: pl.DataFrame, task: Task, *, zone: ZoneInfo, holdout_from: datetime | None = None) -> Split:
    """Return what is trained on and what is held out of ``rows`` (of ``labelled_rows``).

    With time, rows at or after ``holdout_from`` are held out; by default the last 30 % of the rows, cut between two
    days. Without time a seeded 30 % is drawn, class by class, or group by group where rows belong together: the order
    of a file is not time.

    Raises
    ------
    InvalidInput
        One of the two sides would be empty.
    """
    if task.time is None:
        return _drawn_groups(rows) if task.group else _drawn(rows, task.kind)
    boundary = (holdout_from or _default_boundary(rows, zone)).astimezone(UTC)
    held = col("event_time") >= boundary
    train, holdout = rows.filter(~held), rows.filter(held)
    if train.is_empty() or holdout.is_empty():
        moment = f"{boundary.astimezone(zone):%d %b %Y %H:%M}"
        side = f"before {moment}" if train.is_empty() else f"from {moment} on"
        raise InvalidInput(f"No labelled row lies {side}; choose another day to hold out from.")
    starts = rows["event_time"][0]
    return Split(train=train, holdout=holdout, train_from=starts, holdout_from=boundary)


def _default_boundary(rows: pl.DataFrame, zone: ZoneInfo) -> datetime:
    times = rows["event_time"]
    moment: datetime = times[min(int(len(times) * (1 - _HELD_OUT)), len(times) - 1)]
    midnight = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    # a file of a single day has no midnight to cut at
    return midnight if midnight > times[0] else moment


def _drawn(rows: pl.DataFrame, kind: TaskKind) -> Split:
    rng = np.random.default_rng(_SEED)
    groups = [np.arange(len(rows))]
    if kind is not TaskKind.REGRESSION:
        text = rows["label"].cast(pl.String).to_numpy()
        groups = [np.flatnonzero(text == level) for level in sorted(set(text.tolist()))]
    held = np.zeros(len(rows), dtype=bool)
    for group in groups:
        held[rng.permutation(group)[: round(len(group) * _HELD_OUT)]] = True
    if not held.any() or held.all():
        of = f" of {len(groups)} classes" if len(groups) > 1 else ""
        raise InvalidInput(
            f"{len(rows)} labelled rows{of} are too few to hold some of them out; add rows, or choose another target."
        )
    return Split(train=rows.filter(~held), holdout=rows.filter(held))


def _drawn_groups(rows: pl.DataFrame) -> Split:
    """Hold whole groups out, drawn until they have the share: a row says too much about the others of its group."""
    held = drawn_blocks(rows["block"], share=_HELD_OUT, seed=_SEED)
    if not held.any():
        raise InvalidInput(
            f"None of {rows['block'].n_unique():,} groups of rows is small enough to be held out; "
            "group by another column, or by none."
        )
    return Split(train=rows.filter(~held), holdout=rows.filter(held))


def drawn_blocks(blocks: pl.Series, *, share: float, seed: int) -> pl.Series:
    """Return which rows lie in blocks that are drawn at random, together at most ``share`` of all rows.

    A block that is too large for what is left of the share is passed over.
    """
    sizes = blocks.value_counts(name="rows").sort(blocks.name)
    left, drawn = share * len(blocks), list[str]()
    for place in np.random.default_rng(seed).permutation(sizes.height).tolist():
        name, rows = sizes.row(place)
        if rows <= left:
            drawn.append(name)
            left -= rows
    return blocks.is_in(pl.Series(drawn, dtype=blocks.dtype).implode())


def _block(frame: pl.DataFrame, task: Task, zone: ZoneInfo) -> pl.Expr:
    place = pl.int_range(pl.len()).cast(pl.String)
    if task.time:
        return col("event_time").dt.convert_time_zone(str(zone)).dt.strftime("%Y-%m-%d")
    if task.group:
        return pl.coalesce(frame[task.group].cast(pl.String), pl.lit("row ") + place)
    return place


def _entity(frame: pl.DataFrame, column: str | None) -> pl.Expr:
    """Return what a row is known by: its key, or its place; where other files had a key, it is no other file's row."""
    if column in frame.columns:
        return col(column).cast(pl.String)
    place = pl.int_range(pl.len()).cast(pl.String)
    return pl.lit("row ") + place if column else place


def event_times(frame: pl.DataFrame, column: str, zone: ZoneInfo) -> pl.Expr:
    """Return a column of dates or times as moments (UTC); those without a zone are local to ``zone``.

    Raises
    ------
    InvalidInput
        The column holds neither.
    """
    dtype = frame.schema[column]
    time = col(column).cast(pl.Datetime("us")) if dtype == pl.Date else col(column)
    if isinstance(dtype, pl.Datetime) and dtype.time_zone:
        return time.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    if not isinstance(dtype, pl.Datetime) and dtype != pl.Date:
        raise InvalidInput(f"The time column {column!r} holds {dtype}; choose a column of dates or times.")
    # an hour that the clocks skip or repeat in spring and autumn still has to be some moment
    local = time.dt.replace_time_zone(str(zone), ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").dt.cast_time_unit("us")


def _check_columns(frame: pl.DataFrame, task: Task) -> None:
    wanted = [*task.inputs, task.target, *([task.time] if task.time else []), *([task.group] if task.group else [])]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise InvalidInput(f"The table lacks the column {missing[0]!r}; choose again what is what.")
    if not task.inputs:
        raise InvalidInput("There is nothing to predict from; choose at least one input.")
    clash = [name for name in task.inputs if name in RESERVED]
    if clash:
        raise InvalidInput(f"An input cannot be called {clash[0]!r}; rename the column in the file and drop it again.")
