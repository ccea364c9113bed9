"""SHAP of a served file: known where its formula is known, and a sentence where the extra is not installed."""

from importlib.util import find_spec
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from core.errors import Unavailable
from core.modelling import shapley as module
from core.modelling.onnx_model import OnnxModel
from core.modelling.recipes import RECIPES
from core.modelling.shapley import BESIDE, ROWS, shapley
from core.modelling.training import train
from core.scoping.project import Task, TaskKind
from tests.core.modelling.test_explanation import model_of, rows

needs_shap = pytest.mark.skipif(find_spec("shap") is None, reason='needs pip install "fullcircle[shap]"')


@needs_shap
def test_a_linear_model_gives_each_input_its_weight_times_its_distance_from_the_mean():
    table = rows(1_000, 40)
    model = model_of({"a": 2.0, "b": -1.0, "none": 0.0}, table)
    found = {one.name: one.cost for one in shapley(table, model)}
    assert list(found) == ["a", "b", "none"]
    drawn = table.sample(ROWS + BESIDE, seed=0)
    for name, weight in (("a", 2.0), ("b", 1.0)):
        values = drawn[name].to_numpy()
        away = values[BESIDE:] - values[:BESIDE].mean()
        assert found[name].value == pytest.approx(weight * np.abs(away).mean(), rel=1e-4)
        assert found[name].interval is not None
        assert found[name].interval.contains(found[name].value)
        assert (found[name].n, found[name].n_blocks) == (ROWS, 40)
    assert found["none"].value == pytest.approx(0, abs=1e-6)


@needs_shap
@pytest.mark.parametrize("recipe", ["logistic", "boosting"])
def test_texts_and_gaps_are_handed_to_the_model_as_they_are(recipe: str):
    rng = np.random.default_rng(0)
    colour = rng.choice(["red", "blue", "Häuser"], 1_500)
    size = np.where(rng.random(1_500) < 0.1, None, rng.normal(size=1_500))
    late = rng.random(1_500) < np.where(colour == "red", 0.8, 0.2)
    table = pl.DataFrame({"colour": colour, "size": size.astype(float), "late": np.where(late, "yes", "no")})
    task = Task(kind=TaskKind.BINARY, target="late", positive="yes", inputs=("colour", "size"))
    trained = train(table, task, RECIPES[recipe], zone=ZoneInfo("UTC"))
    assert trained.onnx is not None
    model = OnnxModel.load(trained.onnx, features=trained.features, classes=trained.classes, cut=trained.cut)
    costs = {one.name: one.cost.value for one in shapley(trained.holdout, model)}
    assert list(costs) == ["colour", "size"]
    assert 0.2 < costs["colour"] < 0.35  # 0.4 for the third that is red, 0.2 for the others


def test_without_the_extra_a_sentence_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "installed", lambda: False)
    table = rows(100, 10)
    with pytest.raises(Unavailable, match=r'pip install "fullcircle\[shap\]"'):
        shapley(table, model_of({"a": 2.0}, table))
