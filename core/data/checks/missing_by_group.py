"""Empty cells that come with certain values of another column."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.drawn import categories, codes, measured
from core.data.finding import Severity
from core.data.words import listed, number, percent, shown
from core.statistics.association import Codes, cramers_v

_SHARE, _CELLS = 0.005, 30
_STRONG, _ROWS = 0.3, 100
_LEVELS, _PARTS = 50, 5
_COLUMNS, _GAPS = 60, 50
_NAMED = 3


def _by_group(table: Table) -> Iterable[Found]:
    gaps = [c for c in table.columns if c.missing >= max(_CELLS, _SHARE * table.rows) and c.missing < table.rows]
    if len(table.drawn) < _ROWS:
        raise NotApplicable("There are fewer than 100 rows.")
    if not gaps:
        return
    groups = [(column, codes(column)) for column in categories(table, most=_LEVELS)[:_COLUMNS]]
    groups += [(column, _parts(column)) for column in measured(table, least=_PARTS)[:_COLUMNS]]
    for gap in gaps[:_GAPS]:
        best = _strongest(gap, groups)
        if best is not None and (found := _told(table, gap, best)):
            yield found
    if len(gaps) > _GAPS or len(table.columns) > 2 * _COLUMNS:
        yield Found(
            count=0,
            passed=True,
            message=f"At most {_GAPS} columns with empty cells were held against {_COLUMNS} categories and as many "
            "columns of numbers.",
        )


def _parts(column: ColumnFacts) -> Codes:
    """Return in which fifth of the numbers each drawn one lies; -1 where there is none."""
    values = np.empty(0) if column.numbers is None else column.numbers
    return np.where(np.isfinite(values), np.searchsorted(_edges(values), values, side="right"), -1).astype(np.intp)


def _edges(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = values[np.isfinite(values)]
    shares = np.arange(1, _PARTS) / _PARTS
    return np.unique(np.quantile(known, shares)) if len(known) else np.empty(0)


def _strongest(gap: ColumnFacts, groups: Sequence[tuple[ColumnFacts, Codes]]) -> ColumnFacts | None:
    gone = _gone(gap)
    best, found = _STRONG, None
    for column, parts in groups:
        known = parts >= 0
        if column.name == gap.name or known.sum() < _ROWS or gone[known].all() or not gone[known].any():
            continue
        strength = cramers_v(parts[known], gone[known].astype(np.intp))
        if strength > best + (0.1 if found and column.kind == "number" else 0.0):
            best, found = strength, column
    return found


def _gone(column: ColumnFacts) -> NDArray[np.bool_]:
    """Return which drawn cells are empty."""
    if column.numbers is not None:
        return ~np.isfinite(column.numbers)
    return column.cells == pl.Series([None], dtype=pl.String).hash()[0]


def _told(table: Table, gap: ColumnFacts, by: ColumnFacts) -> Found | None:
    cells = table.read(gap.name, by.name)
    gone = cells[gap.name].is_null()
    gone = gone | cells[gap.name].is_nan().fill_null(value=False) if cells[gap.name].dtype.is_float() else gone
    groups = cells[by.name].cast(pl.String) if by.kind != "number" else _named_parts(cells[by.name])
    frame = pl.DataFrame({"group": groups, "gone": gone})
    shares = frame.drop_nulls("group").group_by("group").agg(pl.len(), pl.col("gone").sum())
    shares = shares.with_columns(share=pl.col("gone") / pl.col("len"))
    overall = int(gone.sum()) / table.rows
    high = shares.filter((pl.col("share") > max(2 * overall, 0.0)) | (pl.col("share") > 0.5 + overall / 2))
    high = high.filter(pl.col("len") >= _CELLS).sort("share", "group", descending=[True, False])
    if high.is_empty():
        return None
    named = high.head(_NAMED)
    rest = shares.filter(~pl.col("group").is_in(named["group"].implode()))
    others = int(rest["gone"].sum()) / max(int(rest["len"].sum()), 1)
    said = [
        f"{percent(share)} {f'of {shown(group)}' if by.kind != 'number' else f'where it is {group}'}"
        for group, share in zip(named["group"], named["share"], strict=True)
    ]
    rows = gone & groups.is_in(named["group"].implode()).fill_null(value=False)
    return Found(
        count=int(rows.sum()),
        column=gap.name,
        rows=rows,
        message=f"`{gap.name}` is empty by `{by.name}`: in {listed(said)}, and in {percent(others)} of the others.",
    )


def _named_parts(values: pl.Series) -> pl.Series:
    numbers = values.cast(pl.Float64).to_numpy()
    edges = _edges(numbers)
    ends = [number(float(edge)) for edge in edges]
    between = [f"{low} to {high}" for low, high in pairwise(ends)]
    names = [f"below {ends[0]}", *between, f"{ends[-1]} or more"] if ends else ["all"]
    parts = pl.Series(np.searchsorted(edges, numbers, side="right"))
    return pl.Series(names).gather(parts.set(pl.Series(~np.isfinite(numbers)), None))


CHECK = Check(
    name="missing_by_group",
    title="Empty cells are spread evenly",
    severity=Severity.INFO,
    help="Cells that are empty mostly beside one value of another column are not empty by chance: rows without them "
    "are another kind of rows.",
    misleads="A question that was not asked of some is rightly empty there.",
    default="Cramér's V of 0.3 or more between being empty and a category, or the fifths of a number.",
    source="Rubin (1976), missing at random; own threshold.",
    fix="Do not drop those rows or fill them with an average; ask the source, or keep “missing” as a value.",
    on_table=_by_group,
)
