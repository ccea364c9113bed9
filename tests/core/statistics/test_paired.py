import math

import numpy as np
import pytest
from scipy.stats import binom, chi2, mannwhitneyu, norm, ttest_1samp
from sklearn.metrics import roc_auc_score

from core.statistics.paired import mcnemar, of_aucs, of_folds, of_means, of_shares


def scored(rng: np.random.Generator, n: int, lift: float, more: float = 0.0):
    positive = rng.random(n) < 0.35
    shared, *own = rng.standard_normal((3, n))
    left, right = (shared + np.array(own)) / math.sqrt(2) + positive * np.array([[lift], [lift + more]])
    return left, right, positive


def test_the_difference_of_two_aucs_has_the_jackknifed_variance():
    """DeLong's variance is that of leaving out each positive, and each negative, in turn (DeLong 1988, section 3)."""
    rng = np.random.default_rng(3)
    left, right, positive = scored(rng, 60, 1.0)
    left = np.round(left, 1)  # ties count half
    found = of_aucs(left, right, positive)
    wins = [
        mannwhitneyu(s[positive], s[~positive]).statistic / (positive.sum() * (~positive).sum()) for s in (right, left)
    ]
    assert found.value == pytest.approx(wins[0] - wins[1])
    keep = ~np.eye(60, dtype=bool)
    without = [roc_auc_score(positive[k], right[k]) - roc_auc_score(positive[k], left[k]) for k in keep]
    parts = [np.var(np.array(without)[rows]) * (rows.sum() - 1) for rows in (positive, ~positive)]
    wide = found.interval(0.95)
    assert wide is not None
    error = (wide.upper - wide.lower) / 2 / norm.ppf(0.975)
    assert error == pytest.approx(math.sqrt(sum(parts)), rel=0.05)  # Student's t is a little wider
    assert error > math.sqrt(sum(parts))


@pytest.mark.parametrize("more", [0.0, 0.4])
def test_aucs_are_covered_and_equal_ones_seldom_told_apart(more: float):
    rng, repeats = np.random.default_rng(11), 1500
    truth = norm.cdf((1 + more) / math.sqrt(2)) - norm.cdf(1 / math.sqrt(2))
    found = [of_aucs(*scored(rng, 114, 1.0, more)).interval(0.95) for _ in range(repeats)]
    missed = np.mean([not one.contains(truth) for one in found])
    assert abs(missed - 0.05) < 3 * math.sqrt(0.05 * 0.95 / repeats)


@pytest.mark.parametrize("n", [40, 114])
def test_areas_near_one_are_covered_however_few_the_rows(n: int):
    rng, repeats = np.random.default_rng(12), 800
    lifts = math.sqrt(2) * norm.ppf([0.98, 0.99])
    found = [of_aucs(*scored(rng, n, lifts[0], lifts[1] - lifts[0])).interval(0.95) for _ in range(repeats)]
    missed = np.mean([not one.contains(0.01) for one in found])
    assert missed < 0.05 + 2 * math.sqrt(0.05 * 0.95 / repeats)


def test_folds_are_compared_with_the_variance_of_nadeau_and_bengio():
    """Two slopes that predict equally well by symmetry, on fifteen random splits: 2/3 to train on, 1/3 to judge."""
    rng, n, tests, missed = np.random.default_rng(4), 90, 30, {"plain": 0, "corrected": 0}
    for _ in range(400):
        x = rng.standard_normal((2, n))
        y = x.sum(axis=0) + rng.standard_normal(n)
        order = np.argsort(rng.random((15, n)), axis=1)
        losses = [_losses(one[order], y[order], tests) for one in x]
        apart = losses[1] - losses[0]
        missed["plain"] += not of_means(apart).interval(0.95).contains(0.0)
        missed["corrected"] += not of_folds(apart, tests / (n - tests)).interval(0.95).contains(0.0)
    assert missed["plain"] / 400 > 0.2
    assert missed["corrected"] / 400 < 0.05 + 2 * math.sqrt(0.05 * 0.95 / 400)
    assert missed["corrected"] / 400 > 0.01


def _losses(x: np.ndarray, y: np.ndarray, tests: int) -> np.ndarray:
    slope = (x[:, tests:] * y[:, tests:]).sum(axis=1) / (x[:, tests:] ** 2).sum(axis=1)
    return ((y[:, :tests] - slope[:, None] * x[:, :tests]) ** 2).mean(axis=1)


def test_the_error_of_folds_is_that_of_the_formula():
    """By hand: 1, 2, 3 have a variance of 1; with one row judged for two trained, t(2) * sqrt(1/3 + 1/2)."""
    found = of_folds(np.array([1.0, 2.0, 3.0]), 0.5).interval(0.95)
    assert (found.upper - found.lower) / 2 == pytest.approx(4.302653 * math.sqrt(5 / 6), rel=1e-6)


def test_areas_of_one_leave_room_for_what_few_rows_did_not_show():
    positive = np.arange(40) < 20
    found = of_aucs(positive + 0.0, positive * 2.0, positive)
    narrow, wide = (found.interval(level) for level in (0.95, 0.99))
    assert found.value == 0
    assert -0.3 < wide.lower < narrow.lower < -0.1
    assert narrow.upper == pytest.approx(-narrow.lower)


def test_shares_have_the_published_intervals():
    """As ``scoreci.mp(25, 28, 618, 0.9)`` of R's PropCIs, and Tango's of 21 pairs in Fagerland et al. (2014)."""
    many, few = of_shares(28, 25, 618), of_shares(7, 1, 21)
    found = many.interval(0.90)
    assert (many.value, round(found.lower, 4), round(found.upper, 4)) == (3 / 618, -0.0148, 0.0247)
    assert mcnemar(7, 1) == pytest.approx(0.0703, abs=1e-4)  # of 8 discordant pairs the exact test decides
    assert (few.interval(0.95).lower, round(few.interval(0.95).upper, 3)) == (0.0, 0.517)


def test_an_interval_leaves_zero_out_where_mcnemar_rejects():
    for gained in range(30):
        for lost in range(30):
            for level in (0.95, 0.99):
                p_value = mcnemar(gained, lost)
                if gained + lost >= 25:
                    p_value = chi2.sf((gained - lost) ** 2 / (gained + lost), 1)
                rejected = not of_shares(gained, lost, 200).interval(level).contains(0.0)
                assert rejected == (p_value <= 1 - level), (gained, lost, level)


@pytest.mark.parametrize(("gains", "losses"), [(0.15, 0.15), (0.2, 0.05), (0.04, 0.04)])
def test_shares_are_covered_whatever_rows_are_drawn(gains: float, losses: float):
    n, missed = 50, 0.0
    for discordant in range(n + 1):
        for gained in range(discordant + 1):
            weight = binom.pmf(discordant, n, gains + losses) * binom.pmf(gained, discordant, gains / (gains + losses))
            if weight > 1e-7:
                missed += weight * (
                    not of_shares(gained, discordant - gained, n).interval(0.95).contains(gains - losses)
                )
    assert missed < 0.06


def test_no_discordant_row_shows_how_far_the_truth_may_lie():
    z = norm.ppf(0.975) ** 2
    assert of_shares(0, 0, 44).interval(0.95).upper == pytest.approx(z / (44 + z))


def test_means_are_compared_by_the_paired_t_of_scipy_and_wider_where_they_are_skewed():
    left, right = np.random.default_rng(5).exponential(size=(2, 40))
    apart = np.concatenate([right - left, left - right]) + 0.3  # symmetric
    theirs = ttest_1samp(apart, 0).confidence_interval(0.9)
    ours = of_means(apart).interval(0.9)
    assert (ours.lower, ours.upper) == pytest.approx((theirs.low, theirs.high))
    skewed, plain = of_means(right).interval(0.9), ttest_1samp(right, 0).confidence_interval(0.9)
    assert skewed.lower == pytest.approx(plain.low)
    assert skewed.upper > plain.high


def test_the_mean_of_skewed_differences_is_covered():
    rng, repeats = np.random.default_rng(6), 3000
    found = [of_means(rng.lognormal(0, 0.75, 100)).interval(0.95) for _ in range(repeats)]
    missed = np.mean([not one.contains(math.exp(0.75**2 / 2)) for one in found])
    assert missed < 0.05 + 2 * math.sqrt(0.05 * 0.95 / repeats)
