"""Production rows: what was predicted, joined with what turned out."""

from collections.abc import Sequence

import polars as pl

from core.data.labels import label_text
from core.modelling.run import Feature
from core.monitoring.shipped import INPUT_PREFIX
from core.scoping.project import Task, TaskKind

LOGGED = (
    *("entity_id", "event_time", "score", "predicted"),
    *("variant", "model_version_id", "request_id", "latency_ms"),
)
"""What is kept of the log beside the inputs: no input may have one of these names."""


def production_rows(
    predictions: pl.DataFrame, labels: pl.DataFrame, task: Task, *, features: Sequence[Feature] = ()
) -> pl.DataFrame:
    """Join logged predictions with the labels known by then; a row without a label keeps ``label`` missing.

    ``features`` are what the models read: one that never came with a value is in no log, and empty here.

    Returns inputs under their own names, with ``entity_id``, ``event_time``, ``block``, ``label``, ``label_text``,
    ``score``, ``predicted``, ``variant``, ``model_version_id``, ``request_id`` and ``latency_ms``.
    """
    inputs = {c.removeprefix(INPUT_PREFIX): pl.col(c) for c in predictions.columns if c.startswith(INPUT_PREFIX)}
    empty = {f.name: pl.lit(None, pl.Float64 if f.kind == "number" else pl.String) for f in features}
    named = predictions.select(
        *LOGGED,
        _block(task, predictions.columns).alias("block"),
        *(values.alias(name) for name, values in (empty | inputs).items()),
    )
    known = labels.select("entity_id", _label(task).alias("label"), label_text="label")
    return named.join(known, on="entity_id", how="left")


def _block(task: Task, logged: Sequence[str]) -> pl.Expr:
    """Return what a row is resampled with; one without a group stands for itself."""
    group = f"{INPUT_PREFIX}{task.group}"
    if task.block == "group" and group in logged:
        return pl.coalesce(pl.col(group).cast(pl.String), pl.col("entity_id"))
    return pl.col("entity_id" if task.block == "row" else "day").cast(pl.String)


def _label(task: Task) -> pl.Expr:
    """Return a label's text as the number (or text) that metrics are measured on."""
    text = pl.col("label").cast(pl.String)
    if task.kind is TaskKind.BINARY:
        return (text == label_text(task.positive)).cast(pl.Float64)
    return text.cast(pl.Float64) if task.kind is TaskKind.REGRESSION else text
