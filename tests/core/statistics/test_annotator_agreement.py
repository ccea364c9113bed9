"""Agreement equals published worked examples and what other libraries compute; its interval holds what it says."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from core.statistics.agreement import Ratings, Scale, cohen, confused, confusion, fleiss, krippendorff, raw_agreement

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units
C = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
        [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
    ]
).T
# the worked example of Fleiss' kappa: 10 subjects, 14 raters, 5 categories (counts of each)
FLEISS = np.array(
    [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
)


def ratings(codes: list[list[int]] | np.ndarray, labels: int) -> Ratings:
    return Ratings(codes=np.asarray(codes, dtype=np.intp), labels=labels)


def drawn(items: int, seed: int, annotators: int = 3, labels: int = 2) -> Ratings:
    """Draw annotators who know the label of 80 % of the items and guess the others."""
    chance = np.random.default_rng(seed)
    shares = [0.7, 0.3] if labels == 2 else [1 / labels] * labels
    truth = chance.choice(labels, items, p=shares)
    knows = chance.random((items, annotators)) < 0.8
    return ratings(np.where(knows, truth[:, None], chance.choice(labels, (items, annotators), p=shares)), labels)


@pytest.mark.parametrize(("scale", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_krippendorffs_worked_example(scale: Scale, alpha: float) -> None:
    found = krippendorff(ratings(C - 1, 5), scale)
    assert found is not None
    assert round(found.value, 3) == alpha
    assert found.n == 11  # the twelfth unit has one label


# the package krippendorff 0.9.0 on the same data
@pytest.mark.parametrize(
    ("scale", "alpha"),
    [("nominal", 0.743421052631579), ("ordinal", 0.8153875037548814), ("interval", 0.8491071428571428)],
)
def test_alpha_is_that_of_the_package(scale: Scale, alpha: float) -> None:
    found = krippendorff(ratings(C - 1, 5), scale)
    assert found is not None
    assert found.value == pytest.approx(alpha, abs=1e-12)


def test_fleiss_worked_example() -> None:
    found = fleiss(ratings([np.repeat(np.arange(5), row).tolist() for row in FLEISS], 5))
    assert found is not None
    assert found.value == pytest.approx(0.20993070442195522, abs=1e-12)  # statsmodels 0.15.0


def test_cohen_worked_example() -> None:
    # Cohen's kappa of 50 proposals, 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: (0.7 - 0.5) / (1 - 0.5)
    codes = [[1, 1]] * 20 + [[1, 0]] * 5 + [[0, 1]] * 10 + [[0, 0]] * 15
    found = cohen(ratings(codes, 2), 0, 1)
    assert found is not None
    assert found.value == pytest.approx(0.4, abs=1e-12)


@limits(deadline=None)
@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_cohen_is_that_of_scikit_learn(labels: int, seed: int) -> None:
    codes = np.r_[np.random.default_rng(seed).integers(0, labels, (30, 2)), [[0, 1], [1, 0]]]
    found = cohen(ratings(codes, labels), 0, 1)
    assert found is not None
    assert found.value == pytest.approx(cohen_kappa_score(codes[:, 0], codes[:, 1]), abs=1e-12)


@limits(deadline=None)
@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2**32 - 1))
def test_the_order_of_items_and_annotators_changes_no_value(labels: int, annotators: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = np.r_[chance.integers(-1, labels, (20, annotators)), [[0] * annotators, [1] * annotators]]
    other = codes[chance.permutation(len(codes))][:, chance.permutation(annotators)]
    for measure in (raw_agreement, fleiss, krippendorff, lambda r: krippendorff(r, "ordinal")):
        one, two = measure(ratings(codes, labels)), measure(ratings(other, labels))
        assert one is not None
        assert two is not None
        assert one.value == pytest.approx(two.value, abs=1e-9)
        assert one.value <= 1 + 1e-9


def test_two_labels_give_one_alpha_on_every_scale() -> None:
    codes = drawn(60, 4)
    values = {scale: krippendorff(codes, scale) for scale in ("nominal", "ordinal", "interval")}
    assert len({round(found.value, 9) for found in values.values() if found}) == 1


def test_alpha_and_fleiss_meet_where_items_are_many() -> None:
    codes = drawn(20_000, 1)
    alpha, kappa = krippendorff(codes), fleiss(codes)
    assert alpha is not None
    assert kappa is not None
    assert alpha.value == pytest.approx(kappa.value, abs=1e-4)
    # both labels known with 0.8: annotators agree beyond chance where both know, 0.8 x 0.8
    assert alpha.value == pytest.approx(0.64, abs=0.02)


def test_where_all_agree_the_number_of_items_says_how_sure_that_is() -> None:
    few, many = (krippendorff(ratings([[0, 0], [1, 1]] * n, 2)) for n in (10, 100))
    assert few is not None
    assert many is not None
    assert few.value == many.value == 1.0
    assert few.interval is not None
    assert many.interval is not None
    assert few.interval.lower < many.interval.lower < 1.0


def test_one_label_only_is_no_agreement_beyond_chance() -> None:
    same = ratings([[0, 0]] * 20, 2)
    assert fleiss(same) is None
    assert krippendorff(same) is None
    assert cohen(same, 0, 1) is None
    raw = raw_agreement(same)
    assert raw is not None
    assert raw.value == 1.0


def test_without_two_labels_of_an_item_there_is_nothing() -> None:
    alone = ratings([[0, -1], [-1, 1]], 2)
    assert [measure(alone) for measure in (raw_agreement, fleiss, krippendorff)] == [None] * 3
    assert cohen(alone, 0, 1) is None


def test_few_items_with_a_rare_label_give_no_interval() -> None:
    found = krippendorff(ratings([[0, 0]] * 16 + [[0, 1]] * 2 + [[1, 1]] * 2, 2))
    assert found is not None
    assert found.interval is None


@pytest.mark.parametrize("measure", [raw_agreement, fleiss, krippendorff, lambda r: cohen(r, 0, 1)])
def test_intervals_hold_the_value_of_the_population(measure) -> None:
    truth = {raw_agreement: 1 - 0.36 * 0.42}.get(measure, 0.64)
    hits = []
    for seed in range(200):
        found = measure(drawn(60, seed))
        assert found is not None
        assert found.interval is not None
        hits.append(found.interval.contains(truth))
    assert 0.91 <= np.mean(hits) <= 0.99  # 95 % of 200 within three standard errors


def test_confusions_count_pairs() -> None:
    codes = ratings([[0, 0, 1], [1, 1, -1], [-1, 0, 1]], 2)
    assert confusion(codes, 0, 1).tolist() == [[1, 0], [0, 1]]
    # item 1: one 0-0 and two 0-1 pairs; item 2: one 1-1; item 3: one 0-1
    assert confused(codes).tolist() == [[1, 3], [3, 1]]
