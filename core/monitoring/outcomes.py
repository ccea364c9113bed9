"""Outcomes: labels that come after their predictions, from a file or a request."""

from datetime import datetime

import polars as pl

from core.data.labels import label_texts
from core.errors import InvalidInput
from core.scoping.project import Task, TaskKind

ENTITY, LABEL, OBSERVED = "entity_id", "label", "observed_at"
_SEVERAL_SHOWN = 3


def outcomes_of(frame: pl.DataFrame, task: Task, *, arrived: datetime) -> pl.DataFrame:
    """Return a table's labels: ``entity_id`` and ``label`` as text, and ``observed_at`` (UTC).

    Parameters
    ----------
    frame
        A column ``entity_id`` (or the project's own name for it), a column ``label`` (or the name of what is
        predicted) and, where it is known, ``observed_at``: when the outcome was known. Rows without a label are left
        out.
    arrived
        When a label counts as known whose row does not say it.

    Raises
    ------
    InvalidInput
        A column is missing or not readable, or no row has a label.
    """
    entity = _column(frame, ENTITY, task.entity, "which row a label belongs to")
    label = _column(frame, LABEL, task.target, "what turned out")
    found = pl.DataFrame(
        {ENTITY: label_texts(frame[entity]), LABEL: label_texts(frame[label]), OBSERVED: _observed(frame, arrived)}
    ).drop_nulls([ENTITY, LABEL])
    if found.is_empty():
        raise InvalidInput(f"No row has both `{entity}` and `{label}`. Send the labels that are known.")
    if task.kind is TaskKind.REGRESSION:
        _all_numbers(found[LABEL], label)
    return found


def _column(frame: pl.DataFrame, name: str, own: str | None, says: str) -> str:
    found = next((n for n in (name, own) if n in frame.columns), None)
    if found is None:
        or_own = f" or `{own}`" if own and own != name else ""
        raise InvalidInput(f"There is no column `{name}`{or_own} that says {says}. Name it so; the others may stay.")
    return found


def _observed(frame: pl.DataFrame, arrived: datetime) -> pl.Series:
    if OBSERVED not in frame.columns:
        return pl.Series([arrived], dtype=pl.Datetime("us", "UTC")).new_from_index(0, frame.height)
    values = frame[OBSERVED]
    times = _parsed(values) if values.dtype == pl.String else values
    if not isinstance(times.dtype, (pl.Datetime, pl.Date)) or times.null_count() > values.null_count():
        raise InvalidInput(f"`{OBSERVED}` is not a time in every row. Write it as 2026-03-09T04:00:00Z.")
    return _utc(times.cast(pl.Datetime("us", getattr(times.dtype, "time_zone", None)))).fill_null(arrived)


def _parsed(values: pl.Series) -> pl.Series:
    try:
        return values.str.to_datetime(strict=False)
    except pl.exceptions.ComputeError:  # no row looks like a time
        return pl.Series(values.name, [None] * len(values), dtype=pl.Datetime("us"))


def _utc(times: pl.Series) -> pl.Series:
    zoned = getattr(times.dtype, "time_zone", None)
    return times.dt.convert_time_zone("UTC") if zoned else times.dt.replace_time_zone("UTC")


def _all_numbers(labels: pl.Series, name: str) -> None:
    wrong = labels.filter(labels.cast(pl.Float64, strict=False).is_null()).unique(maintain_order=True)
    if len(wrong):
        some = ", ".join(wrong.head(_SEVERAL_SHOWN))
        raise InvalidInput(f"`{name}` is to be a number and holds {some}. Send numbers; leave unknown ones empty.")
