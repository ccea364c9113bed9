"""What knowing nothing is worth: the commonest class, or the mean, of the training rows given to every row."""

import polars as pl

from core.scoping.project import TaskKind


def knowing_nothing(labels: pl.Series, rows: pl.DataFrame, kind: TaskKind) -> pl.DataFrame:
    """Return ``rows`` with the ``score`` (and ``predicted``, for many classes) that training ``labels`` alone give.

    For yes or no that is the share of positives, for a number the mean, for many classes the commonest one and its
    share; the same for every row.
    """
    if kind is not TaskKind.MULTICLASS:
        return rows.with_columns(score=pl.lit(labels.cast(pl.Float64).mean()))
    counted = labels.value_counts().sort(["count", labels.name], descending=[True, False])
    return rows.with_columns(score=pl.lit(counted["count"][0] / len(labels)), predicted=pl.lit(counted[labels.name][0]))
