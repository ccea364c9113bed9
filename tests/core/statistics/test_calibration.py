"""Isotonic calibration is scikit-learn's; rows of one block are found as alike as they were made."""

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from core.statistics.alike import covariance_of_sums, drawn_normal, likeness
from core.statistics.calibration import calibrate, group_edges, groups_of, redrawn_shares


@pytest.mark.parametrize("weighted", [False, True])
def test_a_calibrator_is_scikit_learns(weighted: bool) -> None:
    rng = np.random.default_rng(0)
    scores = np.round(rng.random(3_000), 2)
    positive = rng.random(3_000) < scores**2
    weights = rng.gamma(1.0, size=3_000) if weighted else None
    theirs = IsotonicRegression(out_of_bounds="clip").fit(scores, positive, sample_weight=weights)
    asked = np.linspace(-0.2, 1.2, 500)
    assert calibrate(scores, positive, weights)(asked) == pytest.approx(theirs.predict(asked), abs=1e-9)


def test_groups_part_at_the_cut_and_a_score_at_an_edge_lies_below_it() -> None:
    edges = group_edges(np.linspace(0, 1, 50), 0.3333)
    assert 0.3333 in edges
    cut = int(np.searchsorted(edges, 0.3333))
    assert groups_of(np.array([0.3333, 0.33331]), edges).tolist() == [cut, cut + 1]


def test_redrawing_every_block_once_calibrates_as_the_groups_do() -> None:
    rng = np.random.default_rng(1)
    rows = rng.integers(1, 30, (12, 40)).astype(float)
    positives = np.floor(rows * rng.random((12, 40)))
    share = positives.sum(axis=0) / rows.sum(axis=0)
    expected = IsotonicRegression().fit_transform(np.arange(40), share, sample_weight=rows.sum(axis=0))
    assert redrawn_shares(rows, positives, np.ones((1, 12)))[0] == pytest.approx(expected, abs=1e-9)
    # a group that was never drawn says what it says over all
    rows[0], positives[0] = 0.0, 0.0
    assert np.isfinite(redrawn_shares(rows, positives, np.eye(12)[:1])).all()


@pytest.mark.parametrize("alike", [0.0, 0.05, 0.4])
def test_likeness_is_found_as_it_was_made(alike: float) -> None:
    rng = np.random.default_rng(2)
    blocks = np.repeat(np.arange(400), 30)
    variances = rng.uniform(0.05, 0.25, 12_000)
    common, own = rng.standard_normal(400)[blocks], rng.standard_normal(12_000)
    residuals = np.sqrt(variances) * (np.sqrt(alike) * common + np.sqrt(1 - alike) * own)
    assert likeness(residuals - residuals.mean(), variances, blocks) == pytest.approx(alike, abs=0.04)


def test_rows_that_are_blocks_are_alike_in_nothing() -> None:
    rng = np.random.default_rng(3)
    assert likeness(rng.standard_normal(500), np.ones(500), np.arange(500)) == 0.0


def test_draws_of_sums_vary_as_rows_that_are_alike_do() -> None:
    rng = np.random.default_rng(4)
    variances, groups = rng.uniform(0.1, 1, 60), rng.integers(0, 3, 60)
    blocks = rng.integers(0, 5, 60)
    same = blocks[:, None] == blocks[None, :]
    rows = 0.3 * same * np.sqrt(np.outer(variances, variances))
    np.fill_diagonal(rows, variances)
    member = np.eye(3)[groups]
    covariance = covariance_of_sums(variances, groups, 3, blocks, 0.3)
    assert covariance == pytest.approx(member.T @ rows @ member)
    drawn = drawn_normal(covariance, 40_000, rng)
    assert np.cov(drawn.T) == pytest.approx(covariance, rel=0.05, abs=0.3)
