"""The summaries of a table on an engine: the same figures as ``summarise``, from aggregates alone."""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from core.frames.buckets import WIDTH, Sketch, buckets_of
from core.frames.engine import Engine, Kept
from core.frames.moments import Moments, finite_or_nan
from core.frames.summarising import Summaries, weighted_numbers
from core.frames.summary import MAX_LEVELS, ColumnSummary, Numbers, capped
from core.frames.text_shapes import PATTERNS

_FIGURES = (
    "nulls", "nans", "infinities", "zeros", "minimum", "maximum", "n", "mean", "squares", "cubes", "fourths",
)  # fmt: skip


def summarise_engine(engine: Engine, *, edges: Mapping[str, Sequence[float]] | None = None) -> Summaries:
    """Summarise every column: two passes for the plain figures of all, and a few groupings a column."""
    plain = {name: _plain_figures(kept) for name, kept in engine.columns.items()}
    figures = engine.aggregate({"count": nw.len()} | _flat(plain))
    powers = {name: _powers(kept, figures.get(f"{name}.mean")) for name, kept in engine.columns.items()}
    figures |= engine.aggregate(_flat(powers))
    wanted = edges or {}
    return {name: _column(engine, name, figures, wanted.get(name)) for name in engine.columns}


def _flat(expressions: Mapping[str, Mapping[str, nw.Expr]]) -> dict[str, nw.Expr]:
    return {f"{name}.{figure}": each for name, figures in expressions.items() for figure, each in figures.items()}


def _plain_figures(kept: Kept) -> dict[str, nw.Expr]:
    column = nw.col(kept.name)
    found = {"nulls": column.is_null().cast(nw.Int64).sum()}
    if kept.floating:
        beyond = ~column.is_finite() & ~column.is_nan()
        found |= {"nans": column.is_nan().cast(nw.Int64).sum(), "infinities": beyond.cast(nw.Int64).sum()}
    if kept.kind in ("number", "time"):
        found |= {"minimum": kept.finite.min(), "maximum": kept.finite.max(), "n": kept.finite.count()}
        found |= {"mean": kept.numbers.mean(), "zeros": (kept.numbers == 0).cast(nw.Int64).sum()}
    return found


def _powers(kept: Kept, mean: float | None) -> dict[str, nw.Expr]:
    if mean is None:
        return {}
    gap = kept.numbers - mean
    square = gap * gap
    return {"squares": square.sum(), "cubes": (square * gap).sum(), "fourths": (square * square).sum()}


def _column(engine: Engine, name: str, figures: Mapping[str, Any], edges: Sequence[float] | None) -> ColumnSummary:
    kept, own = engine.columns[name], {figure: figures.get(f"{name}.{figure}") for figure in _FIGURES}
    levels, texts = engine.level_counts(name, cap=MAX_LEVELS), kept.kind == "text"
    return ColumnSummary(
        kind=kept.kind,
        type=kept.type,
        count=figures["count"],
        nulls=own["nulls"] or 0,
        nans=own["nans"] or 0,
        infinities=own["infinities"] or 0,
        numbers=_lengths(engine, kept) if texts else _numbers(engine, kept, own),
        levels=None if levels is None else capped(levels),
        shapes=_shapes(engine, kept) if texts else {},
        histogram=engine.bucket_counts(name, edges) if edges is not None and kept.kind in ("number", "time") else None,
    )


def _numbers(engine: Engine, kept: Kept, figures: Mapping[str, Any]) -> Numbers:
    if not figures["n"]:
        return Numbers()
    sums = {power: finite_or_nan(figures[power]) for power in ("mean", "squares", "cubes", "fourths")}
    return Numbers(
        minimum=figures["minimum"],
        maximum=figures["maximum"],
        moments=Moments(n=figures["n"], **sums),
        sketch=_seconds(engine, kept) if kept.kind == "time" else _sketch(engine, kept, figures["zeros"]),
    )


def _sketch(engine: Engine, kept: Kept, zeros: int) -> Sketch:
    """Count the buckets of both signs at once: the last bit of a bucket's number is the sign."""
    place = (kept.numbers.abs().log() / WIDTH).floor().cast(nw.Int64) * 2 + (kept.numbers < 0).cast(nw.Int64)
    places, times = _arrays(engine.level_counts(nw.when(kept.numbers != 0).then(place)))
    minus = places % 2 == 1
    return Sketch(
        negative=buckets_of(places[minus] >> 1, times[minus]),
        zeros=zeros,
        positive=buckets_of(places[~minus] >> 1, times[~minus]),
    )


def _seconds(engine: Engine, kept: Kept) -> Sketch:
    counts = engine.level_counts(kept.numbers.floor().cast(nw.Int64))
    return Sketch(linear=True, positive=buckets_of(*_arrays(counts)))


def _lengths(engine: Engine, kept: Kept) -> Numbers:
    lengths, times = _arrays(engine.level_counts(nw.col(kept.name).str.len_chars()))
    return weighted_numbers(lengths, times)


def _shapes(engine: Engine, kept: Kept) -> Mapping[str, int] | None:
    shape = nw.col(kept.name)
    for pattern, sign in PATTERNS:
        shape = shape.str.replace_all(pattern, sign)
    counts = engine.level_counts(shape, cap=MAX_LEVELS)
    return None if counts is None else capped(counts)


def _arrays(counts: Mapping[int, int] | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    values, times = zip(*sorted((counts or {}).items()), strict=True) if counts else ((), ())
    return np.array(values, dtype=np.int64), np.array(times, dtype=np.int64)
