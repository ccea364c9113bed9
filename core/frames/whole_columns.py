"""Each column's reading, chosen over all rows of the staged texts."""

from collections.abc import Mapping, Sequence

import duckdb
import polars as pl

from core.frames.column_types import ColumnType, candidates, choose, marker_list, value_of


def choose_types(
    connection: duckdb.DuckDBPyConnection, staged: str, sample: pl.DataFrame, *, delimiter: str
) -> tuple[Sequence[ColumnType | None], Mapping[int, int]]:
    """Choose each column's reading over all rows, of those that fit a sample.

    It is returned with how many markers of missing values the column holds.
    """
    width = sample.width
    waiting = {i: kinds for i in range(width) if (kinds := candidates(sample[f"c{i}"], delimiter=delimiter))}
    bare = {str(i): f"count(c{i})" for i in waiting if not sample[f"c{i}"].count()}
    filled = _counted(connection, staged, bare)  # a column without a value has no reading to try
    waiting = {i: kinds for i, kinds in waiting.items() if filled.get(str(i), 1)}
    wanted = {f"{i} values": f"count(c{i})" for i in waiting}
    markers: dict[int, int] = {}
    chosen: list[ColumnType | None] = [None] * width
    found: dict[str, int] = {}
    while waiting:
        # The first reading nearly always holds; only day and month are weighed against each other.
        tried = {i: kinds if kinds[0].words else kinds[:1] for i, kinds in waiting.items()}
        wanted |= {
            f"{i} {kind.name}": f"count({value_of(f'c{i}', kind)})" for i, kinds in tried.items() for kind in kinds
        }
        found |= _counted(connection, staged, wanted)
        fitting = {i: choose(kinds, _fits(i, kinds, found, markers)) for i, kinds in tried.items()}
        unsure = [i for i, kind in fitting.items() if kind is None and i not in markers]
        if unsure:  # is it only that some cells say NA?
            asked = {str(i): f"count_if(lower(trim(c{i})) IN {marker_list()})" for i in unsure}
            markers |= {int(i): count for i, count in _counted(connection, staged, asked).items()}
            fitting |= {i: choose(tried[i], _fits(i, tried[i], found, markers)) for i in unsure}
        for i, kind in fitting.items():
            chosen[i] = kind
        waiting = {i: rest for i, kinds in waiting.items() if not chosen[i] and (rest := kinds[len(tried[i]) :])}
        wanted = {}
    return chosen, {i: count for i, count in markers.items() if chosen[i] and count}


def _fits(
    column: int, kinds: Sequence[ColumnType], found: Mapping[str, int], markers: Mapping[int, int]
) -> Mapping[str, bool]:
    values = found[f"{column} values"] - markers.get(column, 0)
    return {kind.name: 0 < values == found[f"{column} {kind.name}"] for kind in kinds}


def _counted(connection: duckdb.DuckDBPyConnection, staged: str, wanted: Mapping[str, str]) -> Mapping[str, int]:
    """Ask for many figures of the staged table; a thousand expressions at once would be planned slowly."""
    found: dict[str, int] = {}
    names, expressions = list(wanted), list(wanted.values())
    for start in range(0, len(wanted), 200):
        part = slice(start, start + 200)
        row = connection.execute(f"SELECT {', '.join(expressions[part])} FROM {staged}").fetchall()[0]
        found |= dict(zip(names[part], (value or 0 for value in row), strict=True))
    return found
