"""What a model leans on and how it follows an input: known of a model whose formula is known."""

import numpy as np
import onnx
import polars as pl
import pytest
from onnx import TensorProto, helper

from core.errors import InvalidInput
from core.modelling.explanation import dependence, leaning
from core.modelling.onnx_foreign import served_form
from core.modelling.onnx_model import OnnxModel
from core.modelling.preparation import feature_of


def linear(weights: dict[str, float]) -> bytes:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["X", "W"], ["y"])],
        "line",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, len(weights)])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 1])],
        [helper.make_tensor("W", TensorProto.FLOAT, [len(weights), 1], list(weights.values()))],
    )
    model: onnx.ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return served_form(model.SerializeToString(), list(weights)).onnx


def rows(count: int, days: int, seed: int = 0) -> pl.DataFrame:
    chance = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "a": chance.normal(size=count),
            "b": chance.normal(size=count) + 5,
            "none": chance.normal(size=count),
            "block": (np.arange(count) * days // count).astype(str),
        }
    )


def model_of(weights: dict[str, float], table: pl.DataFrame) -> OnnxModel:
    return OnnxModel.load(linear(weights), features=[feature_of(table[name]) for name in weights])


def test_a_linear_model_is_explained_by_its_formula():
    table = rows(4_000, 40)
    model = model_of({"a": 2.0, "b": -1.0, "none": 0.0}, table)
    costs = {one.name: one.cost for one in leaning(table, model)}
    assert list(costs) == ["a", "b", "none"]
    # the mean absolute difference of two draws of a standard normal, times the weight
    for name, weight in (("a", 2.0), ("b", 1.0)):
        assert costs[name].value == pytest.approx(weight * 2 / np.sqrt(np.pi), rel=0.03)
        interval = costs[name].interval
        assert interval is not None
        assert interval.lower < costs[name].value < interval.upper
    assert costs["none"].value == 0
    curve = dependence(table, model, "a")
    slope = np.polyfit([float(step.value) for step in curve], [step.output.value for step in curve], 1)[0]
    assert slope == pytest.approx(2.0, rel=1e-4)
    assert sum(step.rows for step in curve) == 2_000
    level = {step.output.value for step in dependence(table, model, "none")}
    assert len(level) == 1
    assert level.pop() == pytest.approx(-5, abs=0.2)
    with pytest.raises(InvalidInput, match="no input 'c'"):
        dependence(table, model, "c")


def test_the_interval_of_a_curve_holds_its_true_mean():
    # the mean of a - b over the world is -5 at a = 0; days differ, so rows alone would claim too much
    held, tries = 0, 120
    for seed in range(tries):
        chance = np.random.default_rng(seed)
        table = rows(600, 20, seed).with_columns(b=pl.col("b") + pl.Series(np.repeat(chance.normal(size=20), 30)))
        model = model_of({"a": 1.0, "b": -1.0}, table)
        step = min(dependence(table, model, "a"), key=lambda one: abs(float(one.value)))
        interval = step.output.interval
        assert interval is not None
        held += interval.contains(float(step.value) - 5.0)
    assert 0.90 <= held / tries <= 0.99
