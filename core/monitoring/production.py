"""Production rows: what was predicted, joined with what turned out."""

import polars as pl

from core.modelling.labels import label_text
from core.monitoring.shipped import INPUT_PREFIX
from core.scoping.project import Task, TaskKind


def production_rows(predictions: pl.DataFrame, labels: pl.DataFrame, task: Task) -> pl.DataFrame:
    """Join logged predictions with the labels known by then; a row without a label keeps ``label`` missing.

    Returns inputs under their own names, with ``entity_id``, ``event_time``, ``block``, ``label``, ``label_text``,
    ``score``, ``predicted``, ``variant``, ``model_version_id``, ``request_id`` and ``latency_ms``.
    """
    named = predictions.rename(
        {c: c.removeprefix(INPUT_PREFIX) for c in predictions.columns if c.startswith(INPUT_PREFIX)}
    )
    block = pl.col("day") if task.block == "day" else pl.col("entity_id")
    known = labels.select("entity_id", _label(task).alias("label"), label_text="label")
    return named.with_columns(block.cast(pl.String).alias("block")).join(known, on="entity_id", how="left")


def _label(task: Task) -> pl.Expr:
    """Return a label's text as the number (or text) that metrics are measured on."""
    text = pl.col("label").cast(pl.String)
    if task.kind is TaskKind.BINARY:
        return (text == label_text(task.positive)).cast(pl.Float64)
    return text.cast(pl.Float64) if task.kind is TaskKind.REGRESSION else text
