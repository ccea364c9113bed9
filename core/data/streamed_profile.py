"""The profile of a table that is never in memory: passes over batches of rows, figures from summaries."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from core.data.column import shareable
from core.data.figures import TOP, Known, figures_of, histogram_edges
from core.data.personal import personal_kind
from core.frames.again import count_different, count_histograms
from core.frames.summarising import summarise_parquet
from core.frames.summary import ColumnSummary

_GLANCE = 2_000  # values that are looked at for whether they identify people


@np.errstate(all="ignore")
def streamed_profile(parquet: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return each column's figures, of a table of any size: all exact but the quantiles of columns of many values."""
    summaries = summarise_parquet(parquet)
    edges = {name: found for name, summary in summaries.items() if (found := _edges(summary))}
    histograms = count_histograms(parquet, edges)
    many = [name for name, summary in summaries.items() if summary.levels is None]
    different = count_different(parquet, many, top=_GLANCE)
    return {
        name: figures_of(
            replace(summary, histogram=histograms.get(name)),
            _known(summary, summary.levels)
            if summary.levels is not None
            else _known(summary, dict(different[name].top), distinct=different[name].distinct),
        )
        for name, summary in summaries.items()
    }


def _edges(summary: ColumnSummary) -> list[float] | None:
    if summary.kind not in ("number", "time") or not summary.numbers.moments.n:
        return None
    low, first, third, high = summary.quantiles(0.0, 0.25, 0.75, 1.0).tolist()
    edges = histogram_edges(low, high, (first, third))
    return None if edges is None else edges.tolist()


def _known(summary: ColumnSummary, levels: Mapping[Any, int], *, distinct: int | None = None) -> Known:
    listed = summary.kind in ("text", "boolean") or (summary.kind == "number" and distinct is None)
    return Known(
        distinct=len(levels) if distinct is None else distinct,
        top=_top(levels) if listed and (summary.kind != "number" or len(levels) <= TOP) else None,
    )


def _top(levels: Mapping[Any, int]) -> list[tuple[Any, int]]:
    most = sorted(levels.items(), key=lambda level: (-level[1], level[0]))
    counted = pl.DataFrame({"value": [str(value) for value, _ in most], "count": [count for _, count in most]})
    secret = personal_kind(counted) is not None
    return [(shareable(value, secret=secret), count) for value, count in most[:TOP]]
