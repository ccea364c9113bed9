"""Columns that know the label already."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.data.check import Check, Found, NotApplicable, Table
from core.data.finding import Severity
from core.data.labelled import Labelled, coded, judged_on, labelled, some_rows
from core.data.lone_predictor import Power, power_of_classes, power_of_numbers

_SCORE, _AUC = 0.8, 0.99
_NAMES = 0.1  # what names a row or says when it was should tell nothing; less than this is chance or a slow change
_SURE = 4.0  # standard errors: one in 30,000 by chance
_ROWS, _CELLS, _LEAST = 5_000, 500_000, 500
_ENOUGH = 40


def _leakage(table: Table) -> Iterable[Found]:
    label = labelled(table)
    columns = (*label.inputs, *label.keys, *label.times)
    if not columns:
        raise NotApplicable("There is no column beside the label.")
    known = label.known & _finite(label.values)
    rows = some_rows(known, max(_LEAST, min(_ROWS, _CELLS // len(columns))))
    power = _measure(label, rows)
    if power is None:
        raise NotApplicable(f"Needs {_ENOUGH} rows with a label and at least two different ones.")
    said = judged_on(len(rows), int(known.sum()))
    told = {name: power(_values(table, name)) for name in columns}
    inputs = {n: p for n, p in told.items() if n in label.inputs and (p.score >= _SCORE or (p.auc or 0) >= _AUC)}
    beside = {n: p for n, p in told.items() if n not in label.inputs and p.score >= _NAMES and p.z >= _SURE}
    if inputs:
        yield _found(label, inputs, said, "Leave out what is only known afterwards.")
    if beside:
        yield _found(
            label, beside, said, "It names a row or says when it was: leave it out, and look how rows are sorted."
        )


def _measure(label: Labelled, rows: NDArray[np.intp]) -> Callable[[pl.Series], Power] | None:
    places = pl.Series(rows)
    values = label.values.gather(places)
    if len(rows) < _ENOUGH or values.n_unique() < 2:
        return None
    if label.kind == "numbers":
        numbers = values.cast(pl.Float64).to_numpy()
        return lambda column: power_of_numbers(coded(column.gather(places)), numbers)
    texts = label.texts.gather(places).to_numpy().astype(np.str_)
    return lambda column: power_of_classes(coded(column.gather(places)), texts)


def _finite(values: pl.Series) -> NDArray[np.bool_]:
    """Return which labels are no infinity; text is none."""
    return (
        values.is_infinite().not_().fill_null(value=False).to_numpy()
        if values.dtype.is_float()
        else np.ones(len(values), dtype=np.bool_)
    )


def _values(table: Table, name: str) -> pl.Series:
    return pl.read_parquet(table.parquet, columns=[name]).to_series()


def _found(label: Labelled, told: dict[str, Power], said: str, advice: str) -> Found:
    ranked = sorted(told, key=lambda name: (-told[name].score, name))
    named = [f"`{name}` ({_power(told[name])})" for name in ranked[:4]]
    rest = f" and {len(ranked) - 4} more" if len(ranked) > 4 else ""
    also = f" So {'do' if len(ranked) > 2 else 'does'} {_listed(named[1:])}{rest}." if named[1:] else ""
    return Found(
        count=0,
        column=ranked[0],
        message=f"`{ranked[0]}` alone predicts `{label.name}` ({_power(told[ranked[0]])}).{also}{said}",
        fix=advice,
    )


def _power(power: Power) -> str:
    by_auc = power.auc is not None and power.score < _SCORE
    return f"AUC {power.auc:.3f}" if by_auc else f"power {power.score:.2f} of 1"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


CHECK = Check(
    name="label_leakage",
    title="No column alone gives the label away",
    severity=Severity.WARNING,
    help="A column that predicts the label nearly without fault is often written down together with it, or after it.",
    misleads="In an easy problem one column may simply be that good: ask whether it is known when predicting.",
    default="Predictive power of a single column from 0.8, or ROC AUC from 0.99; of a key or a time from 0.1, where "
    "chance is ruled out.",
    source="Deepchecks FeatureLabelCorrelation (0.8) and identifier-label correlation; ppscore",
    fix="Leave the column out of the inputs, unless it is known when predicting.",
    on_table=_leakage,
)
