"""How often 95 % bands of estimates without labels hold what the labels show: employment in Massachusetts, 2016-2018.

The data ship with NannyML 0.13.1 (Apache License 2.0). Its scores are calibrated on a quarter of 2015; each stretch of
rows in the order of the file is a window, whose labels are then looked at::

    python -m tests.benchmarks.estimated_bands PATH/TO/nannyml/datasets/data

Measured (share of windows held: CBPE alone, then as the product does it, with weights where the window differs):

======  =======  ===========  ===========  ===========
rows    windows  ROC AUC      accuracy     F1
======  =======  ===========  ===========  ===========
5,000   41       0.88, 0.93   0.85, 0.90   0.83, 0.85
1,000   70       0.83, 0.86   0.86, 0.89   0.86, 0.90
======  =======  ===========  ===========  ===========

Neighbours in the file resemble one another and the file does not say who belongs together; with the rows shuffled,
CBPE alone holds 0.86, 0.94 and 0.94 (49 windows of 1,000 rows).
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.monitoring.estimated.cbpe import Scored, Turned, expected_metric
from core.monitoring.estimated.expected import EXPECTED, masses_of
from core.monitoring.estimated.overlap import overlap
from core.monitoring.estimated.without_labels import MARGIN

METRICS = ("roc_auc", "accuracy", "f1")
NOT_INPUTS = ("id", "employed", "year", "prediction", "predicted_probability")


def main(folder: Path) -> None:
    """Say the share of windows whose realised value lies in the band."""
    known = pl.read_parquet(folder / "employment_MA_reference.pq")[::4]
    labels = pl.read_parquet(folder / "employment_MA_analysis_target.pq")
    later = pl.read_parquet(folder / "employment_MA_analysis.pq").join(labels, on="id")
    for rows, step in ((5_000, 1), (1_000, 3)):
        starts = range(0, later.height - rows, rows * step)
        held = np.array([list(_held(known, later[start : start + rows])) for start in starts])
        shares = held.mean(axis=0).reshape(len(METRICS), 2).round(3).tolist()
        print(f"{rows:,} rows, {len(starts)} windows:", dict(zip(METRICS, shares, strict=True)))


def _held(known: pl.DataFrame, window: pl.DataFrame) -> Iterator[bool]:
    days, later_days = np.arange(known.height) % 50, np.arange(window.height) % 50
    found = overlap(_inputs(known), _inputs(window), days, later_days)
    scores, happened = window["predicted_probability"].to_numpy(), window["employed"].to_numpy().astype(np.float64)
    for metric in METRICS:
        realised = float(EXPECTED[metric](masses_of(happened, scores, scores > 0.5)))
        for weights in (None, found.weights if found.auc > 0.5 + MARGIN else None):
            turned = Turned(
                scores=known["predicted_probability"].to_numpy(),
                positive=known["employed"].to_numpy() == 1,
                blocks=np.arange(known.height),
                weights=weights,
            )
            said = expected_metric(metric, turned, Scored(scores=scores, blocks=np.arange(window.height)))
            assert said is not None
            assert said.interval is not None
            yield said.interval.contains(realised)


def _inputs(rows: pl.DataFrame) -> NDArray[np.float64]:
    inputs = [name for name in rows.columns if name not in NOT_INPUTS]
    return rows.select(pl.col(name).cast(pl.String).cast(pl.Float64) for name in inputs).to_numpy()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
