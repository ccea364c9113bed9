import numpy as np
import pytest

from core.metrics import METRICS, Outcomes, pair
from core.metrics.estimation import estimate_difference
from core.metrics.paired_tests import PAIRED_TESTS, fitting_test

RNG = np.random.default_rng(2)
SAYS = {"recall": "mcnemar", "specificity": "mcnemar", "accuracy": "mcnemar", "correct_share": "mcnemar"}
SAYS |= dict.fromkeys(("mae", "bias", "share_gap", "brier", "log_loss"), "paired_t") | {"roc_auc": "delong"}


def outcomes(kind: str, seed: int, *, blocks: int) -> Outcomes:
    rng, n = np.random.default_rng(seed), 120
    truth = np.random.default_rng(0).random(n)
    score = np.clip(truth + 0.3 * rng.standard_normal(n), 0, 1)
    named = np.where(score > 0.5, "a", "b").astype(object)
    label = np.where(truth > 0.5, "a", "b").astype(object) if kind == "multiclass" else truth
    label = (truth > 0.5).astype(float) if kind == "binary" else label
    names = (np.arange(n) % blocks).astype(str).astype(object)
    return Outcomes(blocks=names, label=label, score=score, predicted=named)


def over_rows(name: str) -> bool:
    return METRICS[name].needs == "labels" and "by" not in METRICS[name].parameters


@pytest.mark.parametrize("name", list(filter(over_rows, METRICS)))
def test_the_design_picks_the_test_and_both_orders_say_the_same(name: str):
    kind = METRICS[name].task_kinds[0]
    for blocks, wanted in ((12, "bootstrap"), (120, SAYS.get(name, "bootstrap"))):
        sides = [outcomes(kind, seed, blocks=blocks) for seed in (1, 2)]
        found = pair(name, {}, *sides)
        assert fitting_test(found).name == wanted
        ahead, back = (
            fitting_test(found).difference(found),
            fitting_test(found).difference(pair(name, {}, *sides[::-1])),
        )
        plain = estimate_difference(METRICS[name], *sides, parameters={})
        assert ahead is not None
        assert back is not None
        assert plain is not None
        assert ahead.value == pytest.approx(plain.value)
        assert ahead.value == pytest.approx(-back.value)
        assert ahead.interval is not None
        assert ahead.interval.contains(ahead.value)


def test_a_wider_level_gives_a_wider_interval():
    for name, test in (("roc_auc", "delong"), ("recall", "mcnemar"), ("brier", "paired_t"), ("f1", "bootstrap")):
        sides = [outcomes("binary", seed, blocks=120) for seed in (1, 2)]
        ends = [PAIRED_TESTS[test].difference(pair(name, {}, *sides, level=level)) for level in (0.95, 0.99)]
        narrow, wide = (one.interval for one in ends if one and one.interval)
        assert wide.lower < narrow.lower < narrow.upper < wide.upper
