"""How often 95 % bands of estimates without labels hold what the labels show: employment in Massachusetts, 2016-2018.

The data ship with NannyML 0.13.1 (Apache License 2.0). Stretches of rows in the order of the file are windows, whose
labels are then looked at; for each of them the scores are calibrated on another quarter of 2015. Neighbours in the file
resemble one another and the file does not say who belongs together: every 100 rows are a block::

    python -m tests.benchmarks.estimated_bands PATH/TO/nannyml/datasets/data

Measured (share of windows held: CBPE alone, then as the product does it, with weights where the window differs, and
silent where hold-out and window hardly share a row). Those that were refused come at the end of a year's rows, whose
inputs a classifier tells from the hold-out's; perhaps people in homes and prisons are listed last, which the file
does not say and nobody checked:

======  =======  =======  ==========  ==========  ==========
rows    windows  refused  ROC AUC     accuracy    F1
======  =======  =======  ==========  ==========  ==========
5,000   40       1        0.95, 0.98  0.93, 0.95  0.90, 0.93
1,000   50       2        0.94, 0.96  0.92, 0.92  0.90, 0.90
======  =======  =======  ==========  ==========  ==========
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
NOT_INPUTS = ("place", "id", "employed", "year", "prediction", "predicted_probability")


def main(folder: Path) -> None:
    """Say the share of windows whose realised value lies in the band."""
    reference = pl.read_parquet(folder / "employment_MA_reference.pq").with_row_index("place")
    labels = pl.read_parquet(folder / "employment_MA_analysis_target.pq")
    later = pl.read_parquet(folder / "employment_MA_analysis.pq").join(labels, on="id").with_row_index("place")
    for rows, step in ((5_000, 1), (1_000, 4)):
        starts = range(0, later.height - rows, rows * step)
        held = [list(_held(_quarter(reference, start), later[start : start + rows])) for start in starts]
        spoken = np.array([each for each in held if each])
        shares = spoken.mean(axis=0).reshape(len(METRICS), 2).round(3).tolist()
        said = f"{rows:,} rows, {len(spoken)} windows ({len(held) - len(spoken)} refused):"
        print(said, dict(zip(METRICS, shares, strict=True)))


def _quarter(reference: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return stretches of 500 rows, drawn anew for each window: no hold-out's luck is every window's."""
    stretches = reference.height // 500 + 1
    drawn = np.random.default_rng(seed).choice(stretches, stretches // 4, replace=False)
    return reference.filter((pl.col("place") // 500).is_in(drawn.tolist()))


def _held(known: pl.DataFrame, window: pl.DataFrame) -> Iterator[bool]:
    blocks, later_blocks = ((rows["place"] // 100).to_numpy() for rows in (known, window))
    found = overlap(_inputs(known), _inputs(window), blocks, later_blocks)
    if found.refusal:
        return
    scores, happened = window["predicted_probability"].to_numpy(), window["employed"].to_numpy().astype(np.float64)
    for metric in METRICS:
        realised = float(EXPECTED[metric](masses_of(happened, scores, scores > 0.5)))
        for weights in (None, found.weights if found.auc > 0.5 + MARGIN else None):
            turned = Turned(
                scores=known["predicted_probability"].to_numpy(),
                positive=known["employed"].to_numpy() == 1,
                blocks=blocks,
                weights=weights,
            )
            said = expected_metric(metric, turned, Scored(scores=scores, blocks=later_blocks))
            assert said is not None
            assert said.interval is not None
            yield said.interval.contains(realised)


def _inputs(rows: pl.DataFrame) -> NDArray[np.float64]:
    inputs = [name for name in rows.columns if name not in NOT_INPUTS]
    return rows.select(pl.col(name).cast(pl.String).cast(pl.Float64) for name in inputs).to_numpy()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
