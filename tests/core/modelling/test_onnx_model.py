import pickle

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.errors import InvalidInput, RefusedFile
from core.modelling import onnx_model
from core.modelling.onnx_model import OnnxModel
from core.modelling.run import Feature

FEATURES = (Feature(name="x", kind="number"), Feature(name="y", kind="number"))


def build(*nodes: onnx.NodeProto, initializer: list[onnx.TensorProto] | None = None, domain: str = "") -> bytes:
    inputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 1]) for name in ("x", "y")]
    output = helper.make_tensor_value_info("z", TensorProto.FLOAT, [None, 1])
    graph = helper.make_graph(list(nodes), "test", inputs, [output], initializer=initializer or [])
    opsets = [helper.make_opsetid("", 18)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    return helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()


def add() -> onnx.NodeProto:
    return helper.make_node("Add", ["x", "y"], ["z"])


def outside() -> onnx.TensorProto:
    weights = numpy_helper.from_array(np.zeros(4, dtype=np.float32), "w")
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    weights.external_data.add(key="location", value="../../etc/passwd")
    return weights


def test_a_regression_answers_with_numbers_and_a_gap_stays_a_gap() -> None:
    model = OnnxModel.load(build(add()), features=FEATURES)
    found = model.score({"x": [1, 2.5, None], "y": [1.0, 1.0, 1.0]})
    assert found.score[:2].tolist() == [2.0, 3.5]
    assert np.isnan(found.score[2])
    assert found.predicted == (None, None, None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (pickle.dumps({"a": 1}), "no ONNX model"),
        (b"", "no ONNX model"),
        (b"not a model at all", "no ONNX model"),
        (build(add(), domain="com.example.evil"), "only standard ONNX ones"),
        (build(helper.make_node("Run", ["x"], ["z"], domain="evil")), "only standard ones run"),
        (build(add(), initializer=[outside()]), "another file"),
        (build(helper.make_node("Constant", [], ["w"], value=outside()), add()), "another file"),
        (build(helper.make_node("Add", ["x", "nothing"], ["z"])), "cannot be loaded"),
    ],
)
def test_a_file_that_is_no_model_or_reaches_outside_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(RefusedFile, match=words):
        OnnxModel.load(data, features=FEATURES)


def test_weights_hidden_in_a_branch_are_found() -> None:
    branch = helper.make_graph([helper.make_node("Constant", [], ["b"], value=outside())], "branch", [], [])
    node = helper.make_node("If", ["x"], ["z"], then_branch=branch, else_branch=branch)
    with pytest.raises(RefusedFile, match="another file"):
        OnnxModel.load(build(node), features=FEATURES)


def test_an_oversized_file_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_model, "LARGEST_MODEL", 10)
    with pytest.raises(RefusedFile, match="train a smaller one"):
        OnnxModel.load(build(add()), features=FEATURES)


def test_inputs_that_are_not_the_models_are_named() -> None:
    with pytest.raises(InvalidInput, match="'w'"):
        OnnxModel.load(build(add()), features=(*FEATURES, Feature(name="w", kind="number")))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"x": [1.0]}, "'y' is missing"),
        ({"x": [1.0], "y": [1.0, 2.0]}, "differ in length"),
        ({"x": ["one"], "y": [1.0]}, "holds text"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(columns: dict[str, list[object]], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        OnnxModel.load(build(add()), features=FEATURES).score(columns)
