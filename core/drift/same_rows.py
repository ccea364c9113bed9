"""Which rows of two tables are the same ones, so that they can be compared cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.statistics.blocks import fixed_generator

_LEAST = 10
_LOOKED_AT = 2_000
_COLUMNS = 40
_KEYS = 3
_BY_CHANCE = 0.9  # a column that agrees in this share of rows by chance tells nothing
_AGREE = 0.5
_TELLING = 10  # a column of fewer values agrees in two sorted tables as well


@dataclass(frozen=True, slots=True, kw_only=True)
class SameRows:
    """Row numbers of both tables, in pairs."""

    reference: NDArray[np.intp]
    current: NDArray[np.intp]


def same_rows(reference: pl.DataFrame, current: pl.DataFrame) -> SameRows | None:
    """Pair the rows of two versions of one table, by their place or by a key; ``None`` where they are other rows."""
    return next((pairs for pairs in _candidates(reference, current) if _agree(reference, current, pairs)), None)


def _candidates(reference: pl.DataFrame, current: pl.DataFrame) -> Iterator[SameRows]:
    if reference.height == current.height >= _LEAST:
        rows = np.arange(reference.height)
        yield SameRows(reference=rows, current=rows)
    keys = (name for name in reference.columns if _is_key(name, reference, current))
    for name, _ in zip(keys, range(_KEYS), strict=False):
        before = reference.select(pl.col(name).alias("key")).with_row_index("reference")
        after = current.select(pl.col(name).alias("key")).with_row_index("current").unique("key", keep="first")
        both = before.join(after, on="key").sort("current")
        if both.height >= max(_LEAST, 0.5 * min(reference.height, current.height)):
            yield SameRows(reference=both["reference"].to_numpy(), current=both["current"].to_numpy())


def _is_key(name: str, reference: pl.DataFrame, current: pl.DataFrame) -> bool:
    if name not in current.columns or reference.schema[name] != current.schema[name]:
        return False
    if not (reference.schema[name] == pl.String or reference.schema[name].is_integer()):
        return False
    unique = [frame[name].drop_nulls().n_unique() for frame in (reference, current)]
    return unique[0] == reference.height and unique[1] >= 0.9 * current.height


def _agree(reference: pl.DataFrame, current: pl.DataFrame, pairs: SameRows) -> bool:
    """Tell whether most columns agree pair by pair, and far more often than between rows that are no pair."""
    step = max(1, len(pairs.reference) // _LOOKED_AT)
    before, after = pairs.reference[::step], pairs.current[::step]
    dealt = fixed_generator().permutation(after)
    names = [n for n in reference.columns if n in current.columns and reference.schema[n] == current.schema[n]]
    beyond: list[float] = []
    telling = False
    for name in names[:_COLUMNS]:
        first = reference[name].gather(before)
        by_chance, agree = (_equal(first, current[name].gather(rows)) for rows in (dealt, after))
        if by_chance < _BY_CHANCE:
            beyond.append((agree - by_chance) / (1 - by_chance))
            telling = telling or (beyond[-1] >= _AGREE and first.n_unique() >= _TELLING)
    return telling and 2 * sum(share >= _AGREE for share in beyond) >= len(beyond)


def _equal(first: pl.Series, second: pl.Series) -> float:
    return float(first.eq_missing(second).mean() or 0.0)  # pyright: ignore[reportArgumentType]
