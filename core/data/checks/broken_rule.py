"""A rule between two columns that holds nearly always."""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.drawn import codes
from core.data.finding import Severity
from core.data.words import percent, rows_of, shown
from core.statistics.association import Codes

_HOLDS, _SEEN = 0.99, 0.98
_GAIN = 0.95  # of the doubt that is left without the rule
_PER_LEVEL, _LEVELS, _COLUMNS = 20, 3, 40
_FIRST_LOOK = 2_000


def _rules(table: Table) -> Iterable[Found]:
    if table.rows < 10 * _PER_LEVEL:
        raise NotApplicable("There are too few rows to tell a rule from chance.")
    able = [column for column in table.columns if _is_category(column, table)]
    told, coded = able[:_COLUMNS], {column.name: codes(column) for column in able[:_COLUMNS]}
    for second in told:
        first = _decided_by(second, told, coded)
        if first is not None and (found := _broken(table, first, second)):
            yield found
    if len(able) > _COLUMNS:
        yield Found(count=0, passed=True, message=f"The first {_COLUMNS} of {len(able):,} categories were compared.")


def _is_category(column: ColumnFacts, table: Table) -> bool:
    kind = column.kind in ("text", "boolean") or (column.kind == "number" and column.whole)
    return kind and 2 <= column.distinct <= table.rows // _PER_LEVEL


def _decided_by(second: ColumnFacts, columns: Sequence[ColumnFacts], coded: dict[str, Codes]) -> ColumnFacts | None:
    """Return the column with the fewest values that decides another one nearly always."""
    for first in sorted(columns, key=lambda column: column.distinct):
        if first.distinct < max(second.distinct, _LEVELS) or first.name == second.name:
            continue
        left, right = coded[first.name], coded[second.name]
        step = max(len(left) // _FIRST_LOOK, 1)
        if _kept(left[::step], right[::step]) >= _SEEN - 0.03 and _kept(left, right) >= _SEEN:
            return first
    return None


def _kept(first: Codes, second: Codes) -> float:
    """Return the share of rows in which the second column says what it mostly does beside the first one."""
    pairs, counts = np.unique(first * (second.max() + 1) + second, return_counts=True)
    groups = pairs // (second.max() + 1)
    return float(np.maximum.reduceat(counts, np.unique(groups, return_index=True)[1]).sum() / len(first))


def _broken(table: Table, first: ColumnFacts, second: ColumnFacts) -> Found | None:
    cells = table.read(first.name, second.name)
    frame = cells.select(pl.all().cast(pl.String)).rename({first.name: "given", second.name: "says"})
    counts = frame.drop_nulls().group_by("given", "says").len().sort("len", "says", descending=[True, False])
    usual = counts.unique("given", keep="first", maintain_order=True)
    usual = usual.filter(pl.col("len") > 1).rename({"says": "usual"}).drop("len")
    odd = frame.join(usual, on="given", how="left", maintain_order="left").select(
        (pl.col("says") != pl.col("usual")).fill_null(value=False)
    )
    breaks = odd.to_series()
    count, of = int(breaks.sum()), int(counts["len"].sum())  # rows in which both have a value
    if not count or of < 10 * _PER_LEVEL:
        return None
    share, base = count / of, 1 - _most(counts) / of
    if share > 1 - _HOLDS or share > (1 - _GAIN) * base or not _systematic(counts, usual):
        return None
    at = int(breaks.arg_true()[0])
    given, says = frame.row(at)
    expected = usual.filter(pl.col("given") == given)["usual"][0]
    return Found(
        count=count,
        of=of,
        column=second.name,
        rows=breaks,
        message=f"`{second.name}` follows from `{first.name}` in all but {rows_of(count)} ({percent(share)}): where "
        f"`{first.name}` is {shown(given)} it is {shown(expected)}, but in row {at + 1:,} it is {shown(says)}.",
    )


def _most(counts: pl.DataFrame) -> int:
    return int(counts.group_by("says").agg(pl.col("len").sum())["len"].max() or 0)  # pyright: ignore[reportArgumentType]


def _systematic(counts: pl.DataFrame, usual: pl.DataFrame) -> bool:
    """Tell whether most groups keep the rule without exception, and the rule tells several values apart."""
    broken = counts.filter(pl.len().over("given") > 1)["given"].n_unique()
    return broken <= 0.5 * counts["given"].n_unique() and usual["usual"].n_unique() > 1


CHECK = Check(
    name="broken_rule",
    title="A rule between two columns holds throughout",
    severity=Severity.WARNING,
    help="Where one column decides another in 99 % of the rows, the others are mostly slips: a code with a wrong name.",
    misleads="A rule can have true exceptions, such as a town that lies in two counties.",
    default="Holds in 99 % of the rows or more, but not in all, for at least 20 rows a value.",
    source="Own: functional dependencies that nearly hold.",
    fix="Look at the rows that break it.",
    on_table=_rules,
)
