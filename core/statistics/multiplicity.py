"""Many tests at once."""

from collections.abc import Sequence

import numpy as np


def benjamini_hochberg(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the q-value of every p-value: the share of false alarms among all tests that are at least as extreme."""
    if not p_values:
        return ()
    from scipy.stats import false_discovery_control

    return tuple(float(q) for q in false_discovery_control(np.asarray(p_values, dtype=np.float64), method="bh"))
