"""Categories: the share of rows that would have to change their category (total variation distance)."""

from collections.abc import Callable

import numpy as np
import polars as pl

from core.drift.judge import Judge, Shift, Side, smallest_shown
from core.frames.counts import BlockCounts, level_counts
from core.statistics.categories import total_variation

MAX_LEVELS = 100
KEPT_LEVELS = 10
EXPECTED = 5


_ROWS = pl.col("before") + pl.col("after")


def _compare(reference: Side, current: Side) -> Shift:
    counts = _joint_counts(reference.values, current.values)
    levels = _levels(counts, len(reference.values), len(current.values))
    before, after = _counted(reference, levels, "before"), _counted(current, levels, "after")
    found = total_variation(before.table, after.table, independent=before.independent)
    unseen = (_new_rows(counts) - _new_rows(levels)) / len(current.values)
    return Shift(
        statistic=found.distance,
        effect=found.evidence.effect,
        upper=min(1.0, found.upper + unseen),
        at_least=found.evidence,
        smallest=smallest_shown(found.by_chance),
        note=_note(counts, len(reference.values), len(current.values)),
    )


def _joint_counts(reference: pl.Series, current: pl.Series) -> pl.DataFrame:
    # one side after the other: to count both at once is quicker, and takes 0.3 GB more of ten million rows
    before, after = (
        pl.DataFrame({"level": values}).group_by("level").agg(pl.len().alias(name))
        for values, name in ((reference, "before"), (current, "after"))
    )
    return before.join(after, on="level", how="full", coalesce=True).with_columns(
        pl.col("before", "after").fill_null(0).cast(pl.Int64)
    )


def _most_common(counts: pl.DataFrame, most: int) -> pl.DataFrame:
    # of a column of remarks, to sort all levels takes longer than to count them
    kept = counts.top_k(most, by=[_ROWS, pl.col("level")], reverse=[False, True])
    return kept.sort(_ROWS, "level", descending=[True, False])


def _levels(counts: pl.DataFrame, before: int, after: int) -> pl.DataFrame:
    # beyond the most common ones, levels that are hardly expected on the smaller side are counted together
    expected = _ROWS / (before + after) * min(before, after) >= EXPECTED
    common = _most_common(counts, MAX_LEVELS).with_row_index("rank")
    return common.filter((pl.col("rank") < KEPT_LEVELS) | expected)


def _counted(side: Side, levels: pl.DataFrame, name: str) -> BlockCounts:
    if side.blocks is not None:
        return level_counts(side.values, side.blocks, levels.get_column("level").to_list())
    named = levels.get_column(name).to_numpy()
    table = np.append(named, len(side.values) - named.sum())[None].astype(np.float64)
    return BlockCounts(table=table, independent=True)


def _new_rows(levels: pl.DataFrame) -> int:
    """Return the current rows in levels that are new; where counted together, nobody can tell these levels apart."""
    return int(levels.filter(pl.col("before") == 0).get_column("after").sum())


def _note(counts: pl.DataFrame, before: int, after: int) -> str:
    step = (pl.col("after") / after - pl.col("before") / before).abs()
    level, was, now = _most_common(counts.filter(step == step.max()), 1).row(0)
    parts = [
        f"{level!r}: {100 * (was / before):.1f} % of the reference, {100 * (now / after):.1f} % of the current data."
    ]
    new = counts.filter(pl.col("before") == 0)
    # a level that the current data would hardly be expected to show is not missed
    lost = counts.filter((pl.col("after") == 0) & (pl.col("before") / before * after >= EXPECTED))
    if new.height:
        parts.append(f"New: {_listed(new, lambda _, rows: f'{rows:,} rows' if rows > 1 else '1 row')}.")
    if lost.height:
        parts.append(f"Gone: {_listed(lost, lambda rows, _: f'{100 * (rows / before):.1f} % of the reference')}.")
    return " ".join(parts)


def _listed(levels: pl.DataFrame, detail: Callable[[int, int], str]) -> str:
    named = [f"{level!r} ({detail(was, now)})" for level, was, now in _most_common(levels, 3).iter_rows()]
    return ", ".join(named) + (f" and {levels.height - 3:,} more" if levels.height > 3 else "")


CATEGORICAL = Judge(name="tvd", title="Total variation distance", kinds=("category",), margin=0.05, compare=_compare)
