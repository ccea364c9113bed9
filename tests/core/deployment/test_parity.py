from zoneinfo import ZoneInfo

import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer

from core.deployment.parity import check_parity
from core.errors import InvalidInput
from core.modelling.onnx_model import OnnxModel
from core.modelling.recipes import RECIPES
from core.modelling.training import TrainedModel, train
from core.scoping.project import Task, TaskKind


@pytest.fixture(scope="module")
def model() -> TrainedModel:
    frame = pl.from_pandas(load_breast_cancer(as_frame=True).frame)
    inputs = tuple(frame.columns[:5])
    task = Task(kind=TaskKind.BINARY, target="target", inputs=inputs, positive="0")
    return train(frame, task, RECIPES["logistic"], zone=ZoneInfo("UTC"))


@pytest.fixture(scope="module")
def served(model: TrainedModel) -> OnnxModel:
    assert model.onnx is not None
    return OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=model.cut)


def test_a_faithful_file_holds(model: TrainedModel, served: OnnxModel) -> None:
    found = check_parity(served, model.holdout)
    assert found.holds
    assert found.largest_difference < 1e-6
    assert found.latency.n == 200


def test_another_model_does_not(model: TrainedModel, served: OnnxModel) -> None:
    moved = model.holdout.with_columns(score=pl.col("score") + 0.01)
    found = check_parity(served, moved)
    assert not found.holds
    assert found.largest_difference == pytest.approx(0.01, abs=1e-5)


def test_a_decision_that_differs_is_counted_except_where_rounding_decides(
    model: TrainedModel, served: OnnxModel
) -> None:
    flipped = pl.when(pl.col("predicted") == "0").then(pl.lit("1")).otherwise(pl.lit("0"))
    assert check_parity(served, model.holdout.with_columns(predicted=flipped)).mismatches == model.holdout_rows
    one = model.holdout.head(1)
    assert model.onnx is not None
    at_the_cut = OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=one["score"][0])
    assert check_parity(at_the_cut, one.with_columns(predicted=flipped)).mismatches == 0


def test_there_must_be_rows(model: TrainedModel, served: OnnxModel) -> None:
    with pytest.raises(InvalidInput, match="no hold-out rows"):
        check_parity(served, model.holdout.clear())
