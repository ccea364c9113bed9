"""What boosted trees can learn from."""

import numpy as np

from core.statistics.blocks import Floats


def learnable(values: Floats) -> Floats:
    """Return rows x columns to learn from: a column that holds no number is zeros, which no tree splits on.

    Scikit-learn cannot bin a column of nothing but NaN, as a column is that few rows know and a fold does not.
    """
    return np.where(np.isnan(values).all(axis=0), 0.0, values)
