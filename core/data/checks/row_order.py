"""Rows whose order tells something."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from scipy import stats

from core.data.check import Check, ColumnFacts, Found, NotApplicable, Table
from core.data.drawn import codes, names_rows
from core.data.finding import Severity
from core.data.words import columns_of

_ROWS = 90
_EFFECT, _CHANCE = 0.2, 0.001
_LEVELS = 50
_SORTED = 0.99


def _order(table: Table) -> Iterable[Found]:
    if len(table.drawn) < _ROWS:
        raise NotApplicable("There are too few rows to compare the first third with the last.")
    told = [column for column in table.columns if _is_input(column, table)]
    third = len(table.drawn) // 3
    sizes = {column.name: _moved(column, third, tests=len(told)) for column in told}
    moved = sorted((name for name, size in sizes.items() if size), key=lambda name: -sizes[name])
    if moved:
        clock = _in_time(table)
        yield Found(
            count=table.rows,
            column=moved[0] if len(moved) == 1 else None,
            message=f"The order of the rows{f', that of `{clock}`,' if clock else ''} tells something: "
            f"{columns_of(moved)} {'differs' if len(moved) == 1 else 'differ'} between the first "
            f"third and the last (by up to {sizes[moved[0]]:.2f} of 1){table.looked_at}.",
            fix="Split by time: the later rows are the test." if clock else "",
        )


def _in_time(table: Table) -> str | None:
    """Return the column of times that the rows are in the order of."""
    for column in table.columns:
        if column.kind == "time" and column.numbers is not None and column.distinct >= _ROWS:
            known = column.numbers[np.isfinite(column.numbers)]
            if len(known) > _ROWS and (np.diff(known) >= 0).mean() > _SORTED:
                return column.name
    return None


def _is_input(column: ColumnFacts, table: Table) -> bool:
    if column.distinct < 2 or column.kind == "time":
        return False
    if column.kind in ("text", "boolean"):
        return column.distinct <= _LEVELS
    return not (column.whole and names_rows(column, table))


def _moved(column: ColumnFacts, third: int, *, tests: int) -> float:
    """Return how far the first third lies from the last (0 to 1), or 0 where chance can do it."""
    if column.numbers is None or column.kind == "boolean":
        values = codes(column)
        tables = [np.bincount(part, minlength=values.max() + 1) for part in (values[:third], values[-third:])]
        counts = np.stack(tables)[:, np.sum(tables, axis=0) > 0]
        size = float(np.abs(counts[0] - counts[1]).sum() / (2 * third))
        if size < _EFFECT or counts.shape[1] < 2:
            return 0.0
        chance = _chance(stats.chi2_contingency(counts))
    else:
        parts = [part[np.isfinite(part)] for part in (column.numbers[:third], column.numbers[-third:])]
        if min(len(part) for part in parts) < _ROWS // 3:
            return 0.0
        found = stats.ks_2samp(parts[0], parts[1], method="asymp")
        size, chance = float(found.statistic), _chance(found)  # pyright: ignore[reportAttributeAccessIssue]
    return size if size >= _EFFECT and chance * tests < _CHANCE else 0.0


def _chance(test: Any) -> float:
    return float(test.pvalue)


CHECK = Check(
    name="row_order",
    title="The order of the rows tells nothing",
    severity=Severity.INFO,
    help="In a sorted table, or one that changes over time, the first rows are not like the last ones.",
    misleads="Rows in the order of time do change with the seasons; that is no fault.",
    default="First third against last: a distance of 0.2 or more (Kolmogorov-Smirnov, or of shares), beyond chance.",
    source="cleanlab non_iid; own test.",
    fix="Mix the rows before you split them.",
    on_table=_order,
)
