"""Rows that are alike in everything but their label."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.data.check import Check, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.labelled import ROW, classes_only, labelled, rows_with_label
from core.data.words import percent, rows_of

_MIX = np.uint64(0x9E3779B97F4A7C15)
_COARSE = 0.05


def _conflicts(table: Table) -> Iterable[Found]:
    label = classes_only(labelled(table))
    if not label.inputs:
        raise NotApplicable("No column is left beside the label: the others name a row or say when it was.")
    hashes = np.zeros(table.rows, dtype=np.uint64)
    for name in label.inputs:
        hashes = hashes * _MIX + pl.read_parquet(table.parquet, columns=[name]).to_series().hash().to_numpy()
    rows = pl.DataFrame({"alike": hashes, "label": label.texts}).with_row_index(ROW).drop_nulls()
    groups = rows.group_by("alike").agg(pl.len(), pl.col("label").n_unique().alias("labels"))
    at_odds = groups.filter(pl.col("labels") > 1)
    if at_odds.is_empty():
        return
    found = rows.join(at_odds.select("alike", pl.lit(value=True).alias("odd")), on="alike").sort(ROW)
    together = found.with_columns(group=pl.col(ROW).min().over("alike")).sort("group", ROW)
    repeated = int(groups.filter(pl.col("len") > 1)["len"].sum()) / rows.height
    coarse = repeated > _COARSE
    yield Found(
        count=found.height,
        of=rows.height,
        column=label.name,
        severity=Severity.INFO if coarse else Severity.WARNING,
        sample=rows_with_label(table, label, together[ROW].head(5)),
        rows=pl.Series(np.isin(np.arange(table.rows), found[ROW].to_numpy())),
        message=f"{rows_of(found.height)} ({percent(found.height / rows.height)}) in "
        f"{rows_of(at_odds.height, 'group')} have the same inputs and different labels in `{label.name}`."
        + (
            f" {percent(repeated)} of the rows share their inputs with another, so some of that is to be expected."
            if coarse
            else ""
        ),
    )


CHECK = Check(
    name="conflicting_labels",
    title="Rows that are alike have the same label",
    severity=Severity.WARNING,
    help="The same values in every input, and another label. What names a row and what says when it was is left out.",
    misleads="Where few, coarse columns describe a row, two rows may be alike by chance: a note then, no warning.",
    default="No such row; a note where more than 5 % of the rows share their inputs with another.",
    source="Deepchecks ConflictingLabels (0)",
    fix="Correct the label, or add the column that tells the rows apart.",
    on_table=_conflicts,
)
