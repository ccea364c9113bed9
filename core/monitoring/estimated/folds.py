"""Folds of whole blocks: what is learned on some days is tried on others."""

import numpy as np
from numpy.typing import NDArray

from core.statistics.blocks import Codes, fixed_generator


def folds_of(codes: Codes, n_folds: int) -> NDArray[np.intp]:
    """Return the fold of each row, given the code of its block: the blocks are dealt out at random, evenly."""
    n_blocks = int(codes.max()) + 1
    return (fixed_generator().permutation(n_blocks) % n_folds)[codes]
