"""Classifier two-sample test: can a row's side be told from its values?"""

import polars as pl

from core.drift.joint import LEAST, ROWS, joint_drift
from core.drift.method import Measured, Method


def _measure(reference: pl.DataFrame, current: pl.DataFrame) -> Measured:
    shared = [name for name in reference.columns if name in current.columns]
    found = joint_drift(reference, current, block=None, columns=shared)
    if found is None:
        return Measured(refusal=f"It needs {LEAST} rows of each table and two columns that can be compared.")
    return Measured(value=found.auc, p_value=found.p_value, note=f"{found.rows:,} rows that were not learned from.")


CLASSIFIER = Method(
    name="c2st",
    title="Classifier two-sample test",
    formula="AUC of a classifier of the side, z = (AUC - 1/2) / sqrt((n + m + 1) / (12 n m))",
    constants=f"gradient boosting of 60 trees with 8 leaves; at most {ROWS:,} rows a table, half held out",
    misleads="It says that tables differ, not how much it matters; an identifier or a time tells all rows apart.",
    source="sklearn.ensemble.HistGradientBoostingClassifier; Lopez-Paz and Oquab 2017",
    kinds=(),
    of_tables=_measure,
)
