"""All that is drawn of one column in one week: taken once from the rows, kept, and never taken from rows again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np
import polars as pl

from core.drift.distribution import OTHERS, Distribution, beyond, distribution
from core.drift.kind import Pair, pair_up
from core.frames.counts import block_of_rows, level_counts
from core.statistics.blocks import Codes
from core.statistics.contrast import contrast
from core.statistics.quantile_shift import quantile_shift

PROBABILITIES = (0.01, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.99)
"""The quantiles that are kept of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One column of the reference and of a week, beside one another.

    ``edges`` and ``levels`` are those of :class:`~core.drift.distribution.Distribution`. ``reference`` and ``current``
    are shares (0-1) a bin or level. For a number, the quantiles of both at ``PROBABILITIES``, for a category the shares
    themselves, moved by something between ``lower`` and ``upper`` (95 %); empty where a side has no value. ``below``
    and ``above`` are the shares of the week's rows outside the training range.
    """

    column: str
    rows: int
    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    reference: tuple[float, ...] = ()
    current: tuple[float, ...] = ()
    missing_reference: float = 0.0
    missing_current: float = 0.0
    quantiles_reference: tuple[float, ...] = ()
    quantiles_current: tuple[float, ...] = ()
    lower: tuple[float, ...] = ()
    upper: tuple[float, ...] = ()
    below: float = 0.0
    above: float = 0.0

    @property
    def is_number(self) -> bool:
        """Tell whether the column is one of numbers."""
        return bool(self.quantiles_current)


def pictures(
    reference: pl.DataFrame,
    current: pl.DataFrame,
    *,
    block: str | None,
    ranges: Mapping[str, tuple[float, float] | None],
) -> tuple[Picture, ...]:
    """Return the picture of every column that both tables have.

    Parameters
    ----------
    block
        Column of both that names the block of a row; ``None`` where rows are independent.
    ranges
        The columns, each with its smallest and largest value in training, or ``None``.
    """
    blocks = block_of_rows(reference, block), block_of_rows(current, block)
    shared = [name for name in ranges if name in reference.columns and name in current.columns]
    return tuple(_picture(reference[name], current[name], blocks, ranges[name]) for name in shared)


def _picture(
    reference: pl.Series,
    current: pl.Series,
    blocks: tuple[Codes | None, Codes | None],
    training: tuple[float, float] | None,
) -> Picture:
    pair = pair_up(reference, current)
    if pair.refusal:
        return Picture(
            column=current.name,
            rows=len(current),
            missing_reference=reference.null_count() / max(len(reference), 1),
            missing_current=current.null_count() / max(len(current), 1),
        )
    found = distribution(reference, current)
    below, above = beyond(pair.current, *training) if training else (0.0, 0.0)
    picture = Picture(
        column=current.name,
        rows=len(current),
        edges=found.edges,
        levels=found.levels,
        reference=found.reference,
        current=found.current,
        missing_reference=found.missing_reference,
        missing_current=found.missing_current,
        below=below,
        above=above,
    )
    return _with_shift(picture, found, pair, blocks)


def _with_shift(
    picture: Picture, found: Distribution, pair: Pair, blocks: tuple[Codes | None, Codes | None]
) -> Picture:
    sides = [_present(values, codes) for values, codes in zip((pair.reference, pair.current), blocks, strict=True)]
    (before, before_blocks), (after, after_blocks) = sides
    if not len(before) or not len(after):
        return picture
    codes = before_blocks, after_blocks
    if found.edges:
        moved = quantile_shift(before.to_numpy(), after.to_numpy(), codes, np.array(PROBABILITIES))
        return replace(
            picture,
            quantiles_reference=moved.first,
            quantiles_current=moved.second,
            lower=moved.lower,
            upper=moved.upper,
        )
    lower, upper = _differences(before, after, codes, [level for level in found.levels if level != OTHERS])
    return replace(picture, lower=lower[: len(found.levels)], upper=upper[: len(found.levels)])


def _present(values: pl.Series, blocks: Codes | None) -> tuple[pl.Series, Codes | None]:
    kept = values.is_finite().fill_null(value=False) if values.dtype.is_float() else values.is_not_null()
    return values.filter(kept), None if blocks is None else blocks[kept.to_numpy()]


def _differences(
    before: pl.Series, after: pl.Series, blocks: tuple[Codes | None, Codes | None], levels: Sequence[str]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return the interval of how far the share of each level moved; the last is that of all others."""
    one, other = (
        level_counts(values.cast(pl.String), codes, levels)
        for values, codes in zip((before, after), blocks, strict=True)
    )
    found = contrast(one.table, other.table, independent=one.independent, cumulative=False)
    return tuple((found.difference - found.half_width).tolist()), tuple((found.difference + found.half_width).tolist())


def on_same_levels(first: Picture, second: Picture) -> tuple[Picture, Picture]:
    """Return two pictures of the same rows of a category on the levels that both drew; what is left is all others.

    The intervals are those of these levels alone: the last one, all others, has none.
    """
    shared = [level for level in first.levels if level in second.levels and level != OTHERS]
    rest = any(len(picture.levels) > len(shared) for picture in (first, second))
    one, other = (_on_levels(picture, shared, rest=rest) for picture in (first, second))
    return one, other


def _on_levels(picture: Picture, levels: Sequence[str], *, rest: bool) -> Picture:
    places = [picture.levels.index(level) for level in levels]
    sides = [[side[i] for i in places] for side in (picture.reference, picture.current)]
    if rest:
        sides = [[*side, max(0.0, 1.0 - sum(side))] for side in sides]
    bounds = [tuple(side[i] for i in places) if side else () for side in (picture.lower, picture.upper)]
    return replace(
        picture,
        levels=(*levels, OTHERS) if rest else tuple(levels),
        reference=tuple(sides[0]),
        current=tuple(sides[1]),
        lower=bounds[0],
        upper=bounds[1],
    )


# As a table, so that one column of many weeks is read without the others

_FLOATS = pl.List(pl.Float64)
_SCHEMA: Mapping[str, pl.DataType] = {
    "column": pl.String(),
    "rows": pl.Int64(),
    "edges": _FLOATS,
    "levels": pl.List(pl.String),
    "reference": _FLOATS,
    "current": _FLOATS,
    "missing_reference": pl.Float64(),
    "missing_current": pl.Float64(),
    "quantiles_reference": _FLOATS,
    "quantiles_current": _FLOATS,
    "lower": _FLOATS,
    "upper": _FLOATS,
    "below": pl.Float64(),
    "above": pl.Float64(),
}


def to_table(found: Sequence[Picture]) -> pl.DataFrame:
    """Return pictures as a table, a row each."""
    return pl.DataFrame([asdict(picture) for picture in found], schema=_SCHEMA)


def from_table(rows: pl.DataFrame) -> tuple[Picture, ...]:
    """Return the pictures of a table; columns that a newer release wrote are left out."""
    return from_values(rows.to_dicts())


def from_values(cells: Iterable[Mapping[str, Any]]) -> tuple[Picture, ...]:
    """Return pictures from plain values, lists for tuples, as JSON or a table gives them back."""
    known = {field.name for field in fields(Picture)}
    plain: Iterable[dict[str, Any]] = ({name: row[name] for name in known & row.keys()} for row in cells)
    return tuple(
        Picture(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})  # pyright: ignore[reportArgumentType, reportUnknownArgumentType]
        for row in plain
    )
