"""A mean over rows: what several metrics are."""

import numpy as np
from numpy.typing import NDArray

from core.metrics.metric import Measurement
from core.statistics.blocks import Blocks, Floats
from core.statistics.resampling import ratio


def mean_of_rows(values: Floats, known: NDArray[np.bool_], blocks: Blocks) -> Measurement | None:
    """Measure the mean of ``values`` over the ``known`` rows, or return ``None`` where there are none."""
    n = int(known.sum())
    if not n:
        return None
    counted = np.where(known, values, 0.0)
    return Measurement(
        value=float(counted.sum() / n),
        n=n,
        n_blocks=blocks.count(known),
        resample=ratio(blocks.sums(counted), blocks.sums(known)),
    )
