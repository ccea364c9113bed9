"""The shape of texts: capitals, small letters and digits, whatever the letters are."""

import numpy as np
import polars as pl

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.frames.text_shapes import shapes
from core.statistics.row_tests import same_shares


def _measure(counts: Counts) -> Measured:
    names, places = np.unique(shapes(pl.Series(counts.levels)).to_numpy(), return_inverse=True)
    lines = [np.bincount(places, side, len(names)).astype(np.float64) for side in (counts.reference, counts.current)]
    pooled = Counts(kind="category", reference=lines[0], current=lines[1]).binned(len(names))
    moved = lines[1] / counts.m - lines[0] / counts.n
    most = int(np.argmax(np.abs(moved)))
    return Measured(
        value=float(np.abs(moved).sum() / 2),
        p_value=same_shares(pooled[0], pooled[1]),
        note=f"{names[most]!r}: {lines[0][most] / counts.n:.1%} of the reference, "
        f"{lines[1][most] / counts.m:.1%} of the current data.",
    )


TEXT_SHAPE = Method(
    name="text_shape",
    title="Shape of texts",
    formula="total variation of the shapes: every run of capitals is A, of small letters a, of digits 9",
    constants="letters beyond ASCII count as small ones",
    misleads="It sees no change of meaning, and no change of length inside a run.",
    source="core.frames.text_shapes",
    kinds=("category",),
    of_counts=_measure,
)
