"""A search judges settings before the hold-out: later days, or rows drawn, and no block on both sides."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import log_loss

from core.errors import InvalidInput
from core.job import Cancelled
from core.modelling.recipes import RECIPES
from core.modelling.run import Search
from core.modelling.search import FOLDS, gain, loss_of, nested, search, settings
from core.modelling.training import fit
from core.scoping.project import Task, TaskKind

TASK = Task(kind=TaskKind.BINARY, target="y", positive="1", inputs=("a", "b"), time="day")


def rows(days: int, a_day: int = 40) -> pl.DataFrame:
    chance = np.random.default_rng(0)
    count = days * a_day
    a, b = chance.normal(size=count), chance.normal(size=count)
    label = (chance.random(count) < 1 / (1 + np.exp(-2 * a))).astype(float)
    block = [f"day {place // a_day:03d}" for place in range(count)]
    return pl.DataFrame({"a": a, "b": b, "label": label, "block": block})


@pytest.mark.parametrize("timed", [True, False])
@pytest.mark.parametrize("days", [4, 5, 30, 31])
def test_no_block_is_trained_and_judged_on(days: int, timed: bool):
    table = rows(days, 3)
    judged_days: list[str] = []
    for train, judged in nested(table, timed=timed):
        before, after = set(train["block"]), set(judged["block"])
        assert before
        assert after
        assert not before & after
        assert not timed or max(before) < min(after)
        judged_days += sorted(after)
    assert len(judged_days) == len(set(judged_days))
    assert timed or len(judged_days) == days


def test_too_few_days_are_named():
    with pytest.raises(InvalidInput, match="3 days before the hold-out are too few"):
        next(nested(rows(FOLDS), timed=True))


def test_a_search_begins_with_the_recipe_s_own_and_repeats_itself():
    found = [
        search(rows(20), TASK, RECIPES["logistic"], Search(most=6, seconds=60), classes=("0", "1"), fixed={"cut": 0.3})
        for _ in range(2)
    ]
    assert [t.parameters for t in found[0].trials] == [t.parameters for t in found[1].trials]
    assert [t.loss for t in found[0].trials] == [t.loss for t in found[1].trials]
    assert len(found[0].trials) == 6
    assert found[0].trials[0].parameters == {**RECIPES["logistic"].defaults, "cut": 0.3}
    assert found[0].best is not None
    assert found[0].best.loss == min(t.loss for t in found[0].trials if t.loss is not None)
    assert (found[0].folds, found[0].loss) == (3, "log loss")


def test_the_gain_is_told_where_folds_are_draws_of_independent_rows():
    apart = rows(240, 1)
    drawn = replace(TASK, time=None)
    wanted = Search(most=6, seconds=60)
    found, timed, blocked = (
        search(table, task, RECIPES["logistic"], wanted, classes=("0", "1"), fixed={"cut": 0.3})
        for table, task in ((apart, drawn), (apart, TASK), (rows(20), drawn))
    )
    assert (found.tested, timed.tested, blocked.tested) == (pytest.approx(0.5), None, None)
    assert gain(timed) is None
    assert gain(blocked) is None
    told = gain(found)
    assert told is not None
    assert found.best is not None
    assert told.value == pytest.approx((found.best.loss or 0) - (found.trials[0].loss or 0))
    assert told.level == pytest.approx(0.99)
    best = replace(found, trials=(found.best, *found.trials))
    assert gain(best) is None  # nothing was gained over the recipe's own


def test_every_drawn_setting_lies_within_its_span():
    for recipe in RECIPES.values():
        drawn = list(settings(recipe, Search(most=50, seconds=1)))
        assert len(drawn) == (50 if recipe.spans else 1)
        for name, span in recipe.spans.items():
            assert all(span.lower <= one[name] <= span.upper for one in drawn)
            assert len({one[name] for one in drawn}) > 5


def test_the_loss_is_scikit_learn_s():
    table = rows(20)
    fitted = fit(
        table,
        RECIPES["logistic"],
        inputs=("a", "b"),
        classes=("0", "1"),
        parameters={"C": 1, "max_iter": 300, "cut": 0.5},
    )
    assert loss_of(fitted, table) == pytest.approx(log_loss(table["label"].to_numpy(), fitted.output(table)[:, 1]))


def test_a_budget_of_time_keeps_what_was_tried():
    found = search(
        rows(20), TASK, RECIPES["logistic"], Search(most=200, seconds=1e-6), classes=("0", "1"), fixed={"cut": 0.5}
    )
    assert len(found.trials) == 1


def test_a_person_can_stop_it():
    def stop(tried: int) -> None:
        if tried == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        search(
            rows(20),
            TASK,
            RECIPES["logistic"],
            Search(most=9, seconds=60),
            classes=("0", "1"),
            fixed={"cut": 0.5},
            tell=stop,
        )


def test_a_budget_of_nothing_is_refused():
    with pytest.raises(InvalidInput, match="tries 1 to 200 settings"):
        search(rows(20), TASK, RECIPES["logistic"], Search(most=0, seconds=60), classes=("0", "1"), fixed={"cut": 0.5})
