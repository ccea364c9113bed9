"""Further passes over a Parquet file, once its summaries have said what to count: exact, in bounded memory."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from core.frames.duck import duck, literal, quoted
from core.frames.histogram import Histogram, count_sorted
from core.frames.summarising import batches, order


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """How many different values a column has, and the most frequent ones (as text) with their counts."""

    distinct: int
    top: tuple[tuple[str, int], ...]


def count_histograms(path: Path, edges: Mapping[str, Sequence[float]]) -> Mapping[str, Histogram]:
    """Count columns of numbers and times (as seconds) between the edges of each, a batch of rows at a time."""
    found: dict[str, Histogram] = {}
    for batch in batches(path, columns=list(edges)):
        for name, limits in edges.items():
            counted = count_sorted(order(batch[name]).numbers, limits)
            found[name] = found[name] + counted if name in found else counted
    return found


def count_different(path: Path, columns: Sequence[str], *, top: int) -> Mapping[str, Different]:
    """Count the different values of columns: DuckDB groups them, on disk where they exceed its memory."""
    types = pl.scan_parquet(path).collect_schema()
    with tempfile.TemporaryDirectory(prefix="fullcircle-") as folder, duck(Path(folder)) as connection:
        found: dict[str, Different] = {}
        for name in columns:
            column = quoted(name)
            present = f"NOT isnan({column})" if types[name].is_float() else f"{column} IS NOT NULL"
            rows = connection.execute(
                f"SELECT CAST(value AS VARCHAR), n, count(*) OVER () FROM (SELECT {column} AS value, count(*) AS n "
                f"FROM read_parquet({literal(str(path))}) WHERE {present} GROUP BY ALL) "
                f"ORDER BY n DESC, value LIMIT {top}"
            ).fetchall()
            most = tuple((str(text), int(count)) for text, count, _ in rows)
            found[name] = Different(distinct=int(rows[0][2]) if rows else 0, top=most)
        return found
