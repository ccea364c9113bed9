"""Rows without a label, and classes too rare to learn."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from core.data.check import Check, Found, Table
from core.data.finding import Severity
from core.data.labelled import Labelled, labelled, rows_with_label
from core.data.words import percent, rows_of, shown

_LEAST_ROWS, _LEAST_RATIO = 10, 0.1


def _balance(table: Table) -> Iterable[Found]:
    name = table.beside.label
    column = next((c for c in table.columns if c.name == name), None)
    if name is not None and table.rows and (column is None or column.missing == table.rows):
        yield _no_label(table, name, there=column is not None)
        return
    label = labelled(table)
    missing = np.flatnonzero(~label.known)
    if len(missing):
        yield Found(
            count=len(missing),
            column=label.name,
            severity=Severity.ERROR,
            sample=rows_with_label(table, label, missing[:5]),
            rows=pl.Series(~label.known),
            message=f"{rows_of(len(missing))} ({percent(len(missing) / table.rows)}) have no label in `{label.name}`: "
            "nothing can be learnt from them.",
            fix="Find out why, and leave them out.",
        )
    yield from _of_classes(table, label) if label.kind == "classes" else _of_numbers(table, label)


def _no_label(table: Table, name: str, *, there: bool) -> Found:
    why = f"`{name}` is empty in every row" if there else f"The table has no column `{name}`"
    return Found(
        count=table.rows,
        column=name if there else None,
        severity=Severity.ERROR,
        message=f"{why}, which is to be predicted.",
        fix="Add the labels, or choose another column.",
    )


def _of_numbers(table: Table, label: Labelled) -> Iterable[Found]:
    if label.values.filter(pl.Series(label.known)).n_unique() == 1:
        yield _constant(table, label)


def _of_classes(table: Table, label: Labelled) -> Iterable[Found]:
    counts = label.texts.drop_nulls().value_counts(sort=True, name="count")
    sizes = counts["count"].to_list()
    if len(sizes) == 1:
        yield _constant(table, label)
        return
    present = sum(sizes)
    rare = counts.filter(pl.col("count") < _LEAST_ROWS)
    if not rare.is_empty():
        count = int(rare["count"].sum())
        names = ", ".join(shown(text, width=20) for text in rare[label.name].head(3))
        yield Found(
            count=count,
            of=present,
            column=label.name,
            message=f"`{label.name}` has {len(rare)} {'class' if len(rare) == 1 else 'classes'} with fewer than "
            f"{_LEAST_ROWS} rows: {names}.",
            fix="Collect more of them, or join them with another class.",
        )
    smallest = counts.filter(pl.col("count") >= _LEAST_ROWS).tail(1)
    if not smallest.is_empty() and int(smallest["count"][0]) < _LEAST_RATIO * sizes[0]:
        count = int(smallest["count"][0])
        yield Found(
            count=count,
            of=present,
            column=label.name,
            message=f"{shown(smallest[label.name][0])} has {rows_of(count)} ({percent(count / present)}), under a "
            f"tenth of {shown(counts[label.name][0])} with {sizes[0]:,}.",
            fix="Judge by recall or ROC AUC, not by the share that is right.",
        )


def _constant(table: Table, label: Labelled) -> Found:
    value = label.values.drop_nulls()[0]
    return Found(
        count=int(label.known.sum()),
        of=table.rows,
        column=label.name,
        severity=Severity.ERROR,
        message=f"`{label.name}` is {shown(value)} in every row that has one: there is nothing to learn.",
        fix="Add rows with another label.",
    )


CHECK = Check(
    name="label_balance",
    title="Every row has a label, and no class is rare",
    severity=Severity.WARNING,
    help="Rows without a label, classes with hardly any rows, and one class that outnumbers the others.",
    misleads="A rare event is rare: the imbalance of fraud is no fault of the file. Rows whose outcome is still to "
    "come have no label yet.",
    default="No row without a label; at least 10 rows a class; the smallest class at least a tenth of the largest.",
    source="Deepchecks ClassImbalance (0.1), cleanlab class_imbalance",
    fix="Collect rows of the rare class, or weigh them more; leave out rows without a label.",
    on_table=_balance,
)
