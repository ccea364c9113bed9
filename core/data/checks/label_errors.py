"""Labels that look wrong to a model that did not learn from them.

Measured by giving another class to rows of scikit-learn's data sets, drawn at random (means of 20 draws): recall is the
share of changed labels that is found, precision the share of found labels that had been changed.

============= ====== ====== ====== ========= ========= ========= ==========
changed         1 %    5 %   10 %     1 %       5 %      10 %      none
data set      recall recall recall precision precision precision   doubted
============= ====== ====== ====== ========= ========= ========= ==========
iris           0.88   0.89   0.83    0.25      0.60      0.65    6 of 150
wine           0.72   0.89   0.80    0.47      0.82      0.84    1 of 178
breast cancer  0.86   0.84   0.79    0.56      0.81      0.87    4 of 569
digits         0.89   0.84   0.85    0.80      0.95      0.97    3 of 1,797
============= ====== ====== ====== ========= ========= ========= ==========
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found, NotApplicable, Table
from core.data.confident import LEVELS, balanced_share, doubted, out_of_fold
from core.data.finding import Severity
from core.data.labelled import Labelled, classes_only, coded, judged_on, labelled, rows_with_label, some_rows
from core.data.words import percent, rows_of
from core.frames.summary import kind_of

TOP = 50
_ROWS, _CELLS, _LEAST = 10_000, 3_000_000, 1_000
_ENOUGH, _OF_CLASS, _INPUTS = 100, 10, 200
_KNOWS = 0.75  # below this the columns say too little about the label to call one wrong

Rows = NDArray[np.intp]


def _doubtful(table: Table) -> Iterable[Found]:
    label = classes_only(labelled(table))
    texts = label.texts
    counts = texts.drop_nulls().value_counts(name="count").filter(pl.col("count") >= _OF_CLASS)
    classes = np.array(sorted(counts[label.name].to_list()), dtype=np.str_)
    known = texts.is_in(classes.tolist()).fill_null(value=False).to_numpy()
    inputs = label.inputs[:_INPUTS]
    if len(classes) < 2 or int(known.sum()) < _ENOUGH or not inputs:
        raise NotApplicable(f"Needs {_ENOUGH} rows, an input, and two classes of {_OF_CLASS} rows each.")
    rows = some_rows(known, max(_LEAST, min(_ROWS, _CELLS // (len(inputs) * len(classes)))))
    given = np.searchsorted(classes, texts.gather(pl.Series(rows)).to_numpy().astype(np.str_))
    if len(np.unique(given)) < len(classes) or np.bincount(given).min() < _OF_CLASS // 2:
        raise NotApplicable("A class is too rare to be in every part of the rows that are looked at.")
    matrix, categories = _matrix(table, inputs, rows)
    chances = out_of_fold(matrix, given, categories=categories)
    share = balanced_share(chances, given)
    if share < _KNOWS:
        raise NotApplicable(
            f"The columns say too little about `{label.name}` to call a label wrong: a model that reads them finds "
            f"{percent(share)} of each class, and {percent(_KNOWS)} are needed."
        )
    doubts = doubted(chances, given)
    if not len(doubts.rows):
        return
    found = rows[doubts.rows]
    top = doubts.rows[:TOP]
    looks = [
        {"looks like": str(classes[j]), "chance": round(float(chances[i, j]), 3)}
        for i, j in zip(top, doubts.suggested[:TOP], strict=True)
    ]
    yield Found(
        count=len(found),
        of=len(rows),
        column=label.name,
        sample=_beside(rows_with_label(table, label, found[:TOP]), label, looks),
        rows=pl.Series(np.isin(np.arange(table.rows), found)),
        message=f"`{label.name}` looks wrong in {rows_of(len(found))} ({percent(len(found) / len(rows))}), going by "
        f"their other columns.{judged_on(len(rows), int(known.sum()))}",
    )


def _matrix(table: Table, inputs: tuple[str, ...], rows: Rows) -> tuple[NDArray[np.float64], tuple[int, ...]]:
    """Return the inputs as numbers, and which of them are categories."""
    columns: list[NDArray[np.float64]] = []
    categories: list[int] = []
    for place, name in enumerate(inputs):
        values = pl.read_parquet(table.parquet, columns=[name]).to_series().gather(pl.Series(rows))
        if kind_of(values.dtype) == "text":
            categories.append(place)
            columns.append(_levels(values.cast(pl.String)))
        else:
            columns.append(coded(values))
    return np.column_stack(columns), tuple(categories)


def _levels(values: pl.Series) -> NDArray[np.float64]:
    """Code texts by how common they are; the rarest share a code where there are more than the trees take."""
    counts = (
        values.drop_nulls().alias("value").value_counts(name="count").sort(["count", "value"], descending=[True, False])
    )
    codes = {value: min(code, LEVELS) for code, value in enumerate(counts["value"])}
    return np.array([codes.get(value, np.nan) for value in values.to_list()], dtype=np.float64)


def _beside(
    sample: tuple[dict[str, Any], ...], label: Labelled, looks: list[dict[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Put what a row looks like behind its number and its label."""
    return tuple(
        {"row": row["row"], label.name: row[label.name], **said, **row} for row, said in zip(sample, looks, strict=True)
    )


CHECK = Check(
    name="label_errors",
    title="No label looks wrong by the other columns",
    severity=Severity.INFO,
    help="Boosted trees predict each row without having seen it; where they are sure of another class, the label is "
    "doubted. The fifty most doubtful rows are listed.",
    misleads="A rare but true row looks wrong too: of a file without wrong labels, up to 4 % of the rows are doubted. "
    "Where few labels are wrong, expect every second doubt to be mistaken.",
    default="Any row of the confident joint, five folds; only where the model finds 75 % of each class.",
    source="Confident learning (Northcutt, Jiang, Chuang, 2021), as in cleanlab",
    fix="Look at these rows, the first ones first, and correct the labels that are wrong.",
    on_table=_doubtful,
)
