"""A share of rows among other rows: what several metrics are."""

import numpy as np
from numpy.typing import NDArray

from core.metrics.metric import Measurement
from core.statistics.blocks import Blocks
from core.statistics.intervals import wilson
from core.statistics.resampling import ratio

Rows = NDArray[np.bool_]


def share(counted: Rows, *, among: Rows, rows: Rows, blocks: Blocks) -> Measurement | None:
    """Measure the share of ``counted`` among ``among``, or return ``None`` where there are no such rows.

    ``rows`` are those that the value rests on. Rows of one block are alike, which can only widen an interval: Wilson's,
    as if rows were independent, is therefore the narrowest that is allowed.
    """
    n_counted, n_among = int(counted.sum()), int(among.sum())
    if not n_among:
        return None
    return Measurement(
        value=n_counted / n_among,
        n=int(rows.sum()),
        n_blocks=blocks.count(among),
        interval=wilson(n_counted, n_among),
        resample=ratio(blocks.sums(counted), blocks.sums(among)),
    )
