"""Predictions, labels and requests without an answer of every endpoint, in a Delta table each."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from core.errors import InvalidInput
from core.storage.delta import DeltaLog

_TIME = pl.Datetime("us", "UTC")
_INPUT = "input_"
_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")

PREDICTION_COLUMNS: dict[str, pl.DataType] = {
    "request_id": pl.String(),
    "row": pl.Int64(),
    "entity_id": pl.String(),
    "event_time": _TIME,
    "day": pl.String(),
    "deployment_revision": pl.Int64(),
    "model_version_id": pl.String(),
    "variant": pl.String(),
    "score": pl.Float64(),
    "predicted": pl.String(),
    "latency_ms": pl.Float64(),
    "answered_at": _TIME,
    "contract_version": pl.Int64(),
    "broken_rules": pl.List(pl.String()),
}
"""The columns that every prediction has; beside them one ``input_<name>`` an input.

A table that is older than one of them reads it as empty.
"""

UNANSWERED_COLUMNS: dict[str, pl.DataType] = {
    "event_time": _TIME,
    "day": pl.String(),
    "deployment_revision": pl.Int64(),
    "model_version_id": pl.String(),
    "status": pl.Int64(),
    "requests": pl.Int64(),
    "slowest_ms": pl.Float64(),
}
"""Requests without an answer: how many had one HTTP status in one minute, and the longest that one of them took."""

_LABEL_COLUMNS = {
    "entity_id": pl.String(),
    "label": pl.Float64(),
    "observed_at": _TIME,
    "source": pl.String(),
    "revision": pl.Int64(),
}
_REQUIRED = ("request_id", "row", "event_time", "day", "variant")
_ORDER = ("event_time", "request_id", "row", "variant")


class Predictions:
    """The prediction log of a workspace."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, endpoint: str, frame: pl.DataFrame, *, source: str, sequence: int) -> int:
        """Store predictions exactly once and return how many rows were written.

        A batch whose ``sequence`` is not above the last one of its ``source`` writes nothing: the sequences of a
        source only rise. Few large batches are faster than many small ones.

        Raises
        ------
        InvalidInput
            A column is missing, unknown, or of another type than before.
        Unavailable
            The folder cannot be written to.
        """
        ready = _predictions(frame)
        return self._log(endpoint, "predictions").append(
            lambda _revision, _last: ready, source=source, sequence=sequence
        )

    def append_after(
        self, endpoint: str, rows_after: Callable[[int], pl.DataFrame], *, source: str, sequence: int
    ) -> int:
        """Store those rows up to ``sequence`` that are not there yet, and return how many were written.

        ``rows_after`` is given the last sequence of ``source`` that is stored and returns the rows after it; it is
        asked again where another process stored some meanwhile, so that overlapping batches double nothing.

        Raises
        ------
        InvalidInput
            A column is missing, unknown, or of another type than before.
        Unavailable
            The folder cannot be written to.
        """
        log = self._log(endpoint, "predictions")
        return log.append(lambda _, last: _predictions(rows_after(last)), source=source, sequence=sequence)

    def read(
        self,
        endpoint: str,
        *,
        starts: datetime,
        ends: datetime,
        variants: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pl.DataFrame:
        """Return the committed predictions with an event time in ``[starts, ends)``, in the order of event time.

        A column of an input that the endpoint never had is empty.

        Raises
        ------
        InvalidInput
            The endpoint's name is none, or a column is unknown.
        """
        rows = self._log(endpoint, "predictions").scan()
        rows = pl.LazyFrame(schema=PREDICTION_COLUMNS) if rows is None else _with_all_columns(rows)
        rows = rows.filter(_within(starts, ends))
        if variants is not None:
            rows = rows.filter(pl.col("variant").is_in(list(variants)))
        return _chosen(rows.sort(_ORDER, maintain_order=True), columns).collect()

    def append_labels(self, endpoint: str, frame: pl.DataFrame, *, source: str, sequence: int) -> int:
        """Store labels (``entity_id``, ``label``, ``observed_at``) exactly once; return how many rows were written.

        A row without a label is left out. A later label of the same entity corrects the earlier one from its own
        ``observed_at`` on; both are kept.

        Raises
        ------
        InvalidInput
            A column is missing, or the labels are of another type than before.
        Unavailable
            The folder cannot be written to.
        """
        ready = _labels(frame)
        return self._log(endpoint, "labels").append(
            lambda revision, _: ready.with_columns(
                source=pl.lit(source, pl.String), revision=pl.lit(revision, pl.Int64), day=_utc_day("observed_at")
            ),
            source=source,
            sequence=sequence,
        )

    def labels(self, endpoint: str, *, as_of: datetime) -> pl.DataFrame:
        """Return what was known at ``as_of``: one row an entity, with the newest label observed by then.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        rows = self._log(endpoint, "labels").scan()
        if rows is None:
            return pl.DataFrame(schema=_LABEL_COLUMNS)
        known = rows.filter(
            pl.col("day") <= pl.lit(str(as_of.astimezone(UTC).date())), pl.col("observed_at") <= as_of
        ).select(list(_LABEL_COLUMNS))
        newest = known.sort("entity_id", "observed_at", "revision").unique(
            "entity_id", keep="last", maintain_order=True
        )
        return newest.collect()

    def append_unanswered(
        self, endpoint: str, rows_after: Callable[[int], pl.DataFrame], *, source: str, sequence: int
    ) -> int:
        """Store counts of requests without an answer exactly once, as ``append_after`` stores answers.

        Raises
        ------
        Unavailable
            The folder cannot be written to.
        """
        return self._log(endpoint, "unanswered").append(
            lambda _, last: rows_after(last).select(pl.col(n).cast(kind) for n, kind in UNANSWERED_COLUMNS.items()),
            source=source,
            sequence=sequence,
        )

    def unanswered(self, endpoint: str, *, starts: datetime, ends: datetime) -> pl.DataFrame:
        """Return the counts of requests without an answer in ``[starts, ends)``, oldest first.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        rows = self._log(endpoint, "unanswered").scan()
        if rows is None:
            return pl.DataFrame(schema=UNANSWERED_COLUMNS)
        return rows.filter(_within(starts, ends)).select(list(UNANSWERED_COLUMNS)).sort("event_time").collect()

    def watermark(self, endpoint: str) -> datetime | None:
        """Return the newest event time of the committed predictions, or ``None`` where there are none.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        log = self._log(endpoint, "predictions")
        days, rows = log.days(), log.scan()
        if rows is None or not days:
            return None
        newest = rows.filter(pl.col("day") == days[-1]).select(pl.col("event_time").max()).collect().item()
        return newest.astimezone(UTC)

    def commits(self, endpoint: str) -> int:
        """Return the number of the newest commit of predictions: it rises with every batch, 0 where there is none.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        return self._log(endpoint, "predictions").commits()

    def days(self, endpoint: str) -> list[str]:
        """Return the local dates that have predictions, in order.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        return self._log(endpoint, "predictions").days()

    def compact(self, endpoint: str) -> None:
        """Join the small files of an endpoint: worth doing after some hundred batches.

        Raises
        ------
        InvalidInput
            The endpoint's name is none.
        """
        for table in ("predictions", "labels", "unanswered"):
            self._log(endpoint, table).compact()

    def _log(self, endpoint: str, table: str) -> DeltaLog:
        if not _SAFE.fullmatch(endpoint):
            raise InvalidInput(f"{endpoint!r} is no name of an endpoint. Use small letters, digits, dots and dashes.")
        return DeltaLog(self._folder / endpoint / table)


def _margins(starts: datetime, ends: datetime) -> tuple[tuple[datetime, timedelta], tuple[datetime, timedelta]]:
    if starts.tzinfo is None or ends.tzinfo is None:
        raise InvalidInput("A span of time without a zone cannot be read. Give both ends with their zone.")
    return (starts, timedelta(hours=-14)), (ends, timedelta(hours=14))


def _within(starts: datetime, ends: datetime) -> pl.Expr:
    # A day is a local date: at most fourteen hours away from UTC's.
    first, last = (str((time.astimezone(UTC) + margin).date()) for time, margin in _margins(starts, ends))
    time = pl.col("event_time")
    return pl.col("day").is_between(pl.lit(first), pl.lit(last)) & (time >= starts) & (time < ends)


def _utc_day(column: str) -> pl.Expr:
    return pl.col(column).dt.date().cast(pl.String)


def _with_all_columns(rows: pl.LazyFrame) -> pl.LazyFrame:
    there = rows.collect_schema()
    return rows.with_columns(pl.lit(None, kind).alias(n) for n, kind in PREDICTION_COLUMNS.items() if n not in there)


def _chosen(rows: pl.LazyFrame, columns: Sequence[str] | None) -> pl.LazyFrame:
    if columns is None:
        return rows
    there = rows.collect_schema()
    unknown = [name for name in columns if name not in there and not name.startswith(_INPUT)]
    if unknown:
        raise InvalidInput(f"Predictions have no column {unknown[0]!r}. Choose one of: {', '.join(there)}.")
    return rows.select(pl.col(n) if n in there else pl.lit(None, pl.Float64).alias(n) for n in columns)


def _predictions(frame: pl.DataFrame) -> pl.DataFrame:
    _need(frame, _REQUIRED, "Predictions")
    strange = [n for n in frame.columns if n not in PREDICTION_COLUMNS and not n.startswith(_INPUT)]
    if strange:
        raise InvalidInput(f"Predictions have no column {strange[0]!r}. An input is named {_INPUT + strange[0]!r}.")
    fixed = [_as(frame, name, kind) for name, kind in PREDICTION_COLUMNS.items()]
    # An input that is empty throughout the batch says nothing about its type: it is left out and reads as empty.
    inputs = [n for n in frame.columns if n.startswith(_INPUT) and frame.schema[n] != pl.Null]
    return frame.select(*fixed, *(_as(frame, n, _wide(frame.schema[n])) for n in inputs))


def _labels(frame: pl.DataFrame) -> pl.DataFrame:
    _need(frame, ("entity_id", "observed_at"), "Labels")
    if "label" not in frame.columns:
        raise InvalidInput("Labels need the column 'label'. Add it and send them again.")
    kinds = {"entity_id": pl.String(), "label": _wide(frame.schema["label"]), "observed_at": _TIME}
    present = frame.filter(pl.col("label").is_not_null())
    return present.select(_as(present, name, kind) for name, kind in kinds.items()).unique(
        ["entity_id", "observed_at"], keep="last", maintain_order=True
    )


def _need(frame: pl.DataFrame, columns: Sequence[str], what: str) -> None:
    for name in columns:
        if name not in frame.columns:
            raise InvalidInput(f"{what} need the column {name!r}. Add it and send them again.")
        if frame[name].null_count():
            raise InvalidInput(f"{what} need a value of {name!r} in every row. Fill it in and send them again.")


def _as(frame: pl.DataFrame, name: str, kind: pl.DataType) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, kind).alias(name)
    column, found = pl.col(name), frame.schema[name]
    if kind == _TIME and isinstance(found, pl.Datetime):
        if found.time_zone is None:
            raise InvalidInput(f"The times of {name!r} have no zone. Send them in UTC.")
        column = column.dt.convert_time_zone("UTC")
    return column.cast(kind)


def _wide(kind: pl.DataType) -> pl.DataType:
    numeric = kind.is_numeric() or isinstance(kind, pl.Boolean | pl.Null)
    return pl.Float64() if numeric else pl.String()
