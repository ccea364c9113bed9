"""How much the columns of a table tell of one another, two at a time: the strongest pairs first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from core.frames.summary import kind_of
from core.statistics.association import Codes, Floats, correlation_ratio, cramers_v, spearman

Measure = Literal["Spearman", "Cramér's V", "correlation ratio"]

ROWS = 20_000
_NUMBERS, _CATEGORIES, _LEVELS, _LEAST = 60, 20, 50, 30
_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """How much one column tells of another: -1 to 1 for two numbers, else 0 to 1; ``rows`` have both."""

    first: str
    second: str
    measure: Measure
    value: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """All pairs, the strongest first; ``rows`` were looked at, of ``columns`` columns that can be compared."""

    pairs: tuple[Correlation, ...]
    rows: int
    columns: int


def correlations(parquet: Path) -> Correlations:
    """Return how much the columns tell of one another, from all rows or a fixed draw of ``ROWS``.

    Numbers that vary (the first 60) by Spearman's rank correlation, texts and truth values of 2 to 50 different values
    (the first 20) by Cramér's V without its bias, both by the correlation ratio without its bias. A text that is
    missing is a value of its own; a number that is missing is left out. Fewer than 30 rows tell nothing.
    """
    frame = _drawn(parquet)
    numbers, categories = _numbers(frame), _categories(frame)
    found = [*_of_numbers(numbers), *_of_categories(categories), *_of_both(numbers, categories)]
    strongest = sorted(found, key=lambda pair: (-abs(pair.value), pair.first, pair.second))
    return Correlations(pairs=tuple(strongest), rows=frame.height, columns=len(numbers) + len(categories))


def _drawn(parquet: Path) -> pl.DataFrame:
    scan = pl.scan_parquet(parquet)
    rows = int(scan.select(pl.len()).collect().item())
    able = [name for name, kind in scan.collect_schema().items() if kind_of(kind) != "time"]
    if rows <= ROWS:
        return scan.select(able).collect()
    places = np.sort(np.random.default_rng(_SEED).choice(rows, ROWS, replace=False))
    numbered = scan.select(able).with_row_index("\x00row")
    drawn = numbered.filter(pl.col("\x00row").is_in(pl.Series(places).implode()))
    return drawn.drop("\x00row").collect(engine="streaming")


def _numbers(frame: pl.DataFrame) -> Mapping[str, Floats]:
    found: dict[str, Floats] = {}
    for name in (name for name, kind in frame.schema.items() if kind_of(kind) == "number"):
        values = frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        values = np.where(np.isfinite(values), values, np.nan)
        if len(found) < _NUMBERS and len(np.unique(values[np.isfinite(values)])) > 2:
            found[name] = values
    return found


def _categories(frame: pl.DataFrame) -> Mapping[str, Codes]:
    found: dict[str, Codes] = {}
    for name in (name for name, kind in frame.schema.items() if kind_of(kind) in ("text", "boolean")):
        values = frame[name].cast(pl.String, strict=False)
        if len(found) < _CATEGORIES and 2 <= values.n_unique() <= _LEVELS:
            found[name] = (values.rank("dense").fill_null(0).cast(pl.Int64)).to_numpy().astype(np.intp)
    return found


def _of_numbers(numbers: Mapping[str, Floats]) -> Iterator[Correlation]:
    names = list(numbers)
    if len(names) < 2:
        return
    found, rows = spearman(np.column_stack([*numbers.values()]))
    for i, j in combinations(range(len(names)), 2):
        if rows[i, j] >= _LEAST and np.isfinite(found[i, j]):
            yield _pair(names[i], names[j], "Spearman", float(found[i, j]), int(rows[i, j]))


def _of_categories(categories: Mapping[str, Codes]) -> Iterator[Correlation]:
    for first, second in combinations(categories, 2):
        rows = len(categories[first])
        if rows >= _LEAST:
            yield _pair(first, second, "Cramér's V", cramers_v(categories[first], categories[second]), rows)


def _of_both(numbers: Mapping[str, Floats], categories: Mapping[str, Codes]) -> Iterator[Correlation]:
    for text, codes in categories.items():
        for number, values in numbers.items():
            known = np.isfinite(values)
            rows, groups = int(known.sum()), len(np.unique(codes[known]))
            if rows >= _LEAST and groups >= 2:
                yield _pair(text, number, "correlation ratio", _ratio(codes[known], values[known], groups), rows)


def _ratio(codes: Codes, values: Floats, groups: int) -> float:
    """Return the correlation ratio without its bias: epsilon, from epsilon squared (Kelley, 1935)."""
    share = float(correlation_ratio(codes, values[:, None])[0]) ** 2
    rows = len(values)
    return max(0.0, 1 - (1 - share) * (rows - 1) / (rows - groups)) ** 0.5 if rows > groups else 0.0


def _pair(first: str, second: str, measure: Measure, value: float, rows: int) -> Correlation:
    return Correlation(first=first, second=second, measure=measure, value=value, rows=rows)
