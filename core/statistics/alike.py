"""How much rows of one block are alike beyond what was expected of them, and what that does to their sums."""

import numpy as np

from core.statistics.blocks import Codes, Floats


def likeness(residuals: Floats, variances: Floats, blocks: Codes) -> float:
    """Return the correlation of residuals inside a block, 0-1.

    Parameters
    ----------
    residuals
        What happened minus what was expected, one a row, with mean zero.
    variances
        What a residual's square is expected to be.

    Notes
    -----
    The estimator of moments of ``Cov(r_i, r_j) = rho sqrt(v_i v_j)``. The blocks' squared sums are taken times
    ``B / (B - 1)`` for B blocks, since residuals were centred on these very blocks.
    """
    n_blocks = int(blocks.max()) + 1 if blocks.size else 0
    between = (np.bincount(blocks, weights=np.sqrt(variances)) ** 2).sum() - variances.sum()
    # a share of pairs that rounding alone can make is none
    if n_blocks < 2 or between <= 1e-9 * variances.sum():
        return 0.0
    squares = (np.bincount(blocks, weights=residuals) ** 2).sum() * n_blocks / (n_blocks - 1)
    return float(np.clip((squares - (residuals**2).sum()) / between, 0.0, 1.0))


def covariance_of_sums(variances: Floats, groups: Codes, n_groups: int, blocks: Codes, alike: float) -> Floats:
    """Return the covariance (groups x groups) of residuals summed by group, where rows of one block are alike."""
    from scipy.sparse import csr_matrix

    own = np.diag(np.bincount(groups, weights=(1 - alike) * variances, minlength=n_groups).astype(np.float64))
    if not alike:
        return own
    shape = (int(blocks.max()) + 1, n_groups)
    common = csr_matrix((np.sqrt(variances), (blocks, groups)), shape=shape)
    return own + alike * (common.T @ common).toarray()


def drawn_normal(covariance: Floats, repeats: int, rng: np.random.Generator) -> Floats:
    """Draw from the normal distribution of mean zero: repeats x elements."""
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return rng.standard_normal((repeats, len(values))) @ root.T
