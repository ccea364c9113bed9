"""Defects of labels (appendix 2), in the tables whose other columns tell the label."""

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl
from polars import col

from tests.core.data.mutations.defect import Column, Defect

CLASSES = {"iris": "species", "wine": "cultivar", "breast_cancer": "diagnosis", "digits": "digit"}

ENOUGH = ("wine", "breast_cancer", "digits")  # half of iris is 75 rows: chance alone can make a class so frequent


def _label(values: pl.Series) -> bool:
    return values.name in CLASSES.values()


def _flip(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    levels = frame[column].unique().sort().to_list()
    other = frame[column].replace_strict(dict(zip(levels, [*levels[1:], levels[0]], strict=True)))
    return frame.with_columns(pl.when(rows).then(other).otherwise(col(column)).alias(column))


def _without_a_class(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return frame.filter(col(column) != frame[column].unique().sort()[-1])


def _twice_as_often(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    first = frame[column].unique().sort()[0]
    rng = np.random.default_rng(2)
    weight = np.where((frame[column] == first).to_numpy(), 2.0, 0.6)
    chosen = rng.choice(frame.height, frame.height // 2, replace=False, p=weight / weight.sum())
    return frame[chosen.tolist()]


def _copied(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    levels = frame[column].unique().sort().to_list()
    codes = frame[column].replace_strict({level: float(i) for i, level in enumerate(levels)})
    noise = np.random.default_rng(4).normal(0, 0.1, frame.height)
    return frame.with_columns((codes + noise).alias("copied"))


def _rotated(frame: pl.DataFrame, column: Column, rows: pl.Series) -> pl.DataFrame:
    return _flip(frame, column, pl.Series(np.ones(frame.height, dtype=bool)))


def _put(put: Callable[[pl.DataFrame, Column, pl.Series], pl.DataFrame], **fields: object) -> Defect:
    return Defect(**{"put": put, "fits": _label, "label": True, "tables": tuple(CLASSES)} | fields)  # type: ignore[arg-type]


LABELS: Mapping[str, Defect] = {
    "1 % of the labels flipped": _put(_flip, check="label_errors"),
    "5 % of the labels flipped": _put(_flip, check="label_errors", share=0.05),
    "10 % of the labels flipped": _put(_flip, check="label_errors", share=0.1),
    "labels flipped between two classes": _put(
        _flip, check="mechanical_cause", cause="changed places", beside=True, share=0.05
    ),
    "a class is gone": _put(_without_a_class, check="changed_counts", cause="different value", beside=True),
    "a class twice as often": _put(_twice_as_often, check="drift", beside=True, tables=ENOUGH),
    "the label copied with noise": _put(_copied, check="label_leakage", cause="`copied`", found_in="copied"),
    "another relation to the label": _put(
        _rotated, check="changed_association", beside=True, of_table=True, cause="{label}"
    ),
}
