"""The hold-out rows of a run, summed up: which they are, and day by day."""

from hashlib import sha256

import polars as pl

from core.scoping.project import TaskKind


def fingerprint(holdout: pl.DataFrame) -> str:
    """Return the SHA-256 of which rows were held out (entity and time) and of their labels, whatever their order.

    Labels belong to it: without an id a row is known by its place, and another file has other rows there.
    """
    cells = pl.col("event_time").dt.epoch("us"), pl.col("label"), pl.col("entity_id")
    text = pl.concat_str([cell.cast(pl.String).fill_null("") for cell in cells], separator=_CELL)
    rows: list[str] = holdout.select(text.sort()).to_series().to_list()
    return sha256(_ROW.join(rows).encode()).hexdigest()


def by_block(holdout: pl.DataFrame, kind: TaskKind) -> pl.DataFrame:
    """Return ``block, rows, happened, predicted`` of each block, in their order; each is a mean over the block's rows.

    For yes or no: the share of positives and the mean probability. For a number: the two means. For several classes:
    the share that was right, and the mean probability of the class that was named.
    """
    rows = outcome_of(holdout, kind).group_by("block").agg(_ROWS, _HAPPENED, _PREDICTED)
    return rows.sort("block").select("block", "rows", "happened", "predicted")


_CELL, _ROW = "\x1f", "\x1e"  # ASCII's own separators of cells and rows
_ROWS = pl.len().alias("rows")
_HAPPENED = pl.col("outcome").mean().alias("happened")
_PREDICTED = pl.col("score").mean().alias("predicted")


def outcome_of(holdout: pl.DataFrame, kind: TaskKind) -> pl.DataFrame:
    """Return ``block, score, outcome`` of each row: what its score is about (of classes, being right)."""
    right = pl.col("label") == pl.col("predicted")
    outcome = right.cast(pl.Float64) if kind is TaskKind.MULTICLASS else pl.col("label").cast(pl.Float64)
    return holdout.select("block", "score", outcome=outcome)
