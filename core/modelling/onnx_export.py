"""A trained model as one ONNX file: the preparation as a graph, the estimator converted by skl2onnx behind it."""

from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from core.modelling.preparation import CategoryColumn, NumberColumns, Preparation

_OPSETS = {"": 18, "ai.onnx.ml": 3}
# no input of a table is called like this, so that no name inside the graph can meet one of a person's columns
_INSIDE = "fullcircle/"


def to_onnx(preparation: Preparation, estimator: Any) -> bytes:
    """Return the file that repeats ``estimator`` behind ``preparation``.

    Its inputs are one tensor a feature, ``[rows, 1]``: float32 for numbers, text for categories. Its last output are
    the probabilities of a classifier, or the predicted values.
    """
    from skl2onnx import to_onnx as convert
    from skl2onnx.common.data_types import FloatTensorType

    classifies = hasattr(estimator, "predict_proba")
    matrix: Any = [("matrix", FloatTensorType([None, preparation.width]))]
    converted: Any = convert(
        estimator,
        initial_types=matrix,
        options={"zipmap": False} if classifies else None,
        target_opset=_OPSETS,
    )
    behind = compose.add_prefix(converted, _INSIDE)
    graph = helper.make_graph(
        [*_preparing(preparation), *behind.graph.node],
        "fullcircle",
        [_input(feature.name, feature.kind) for feature in preparation.features],
        [behind.graph.output[-1]],
        initializer=behind.graph.initializer,
    )
    opsets = [helper.make_opsetid(domain, version) for domain, version in _OPSETS.items()]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="fullcircle")
    onnx.checker.check_model(model)
    return model.SerializeToString()


def _input(name: str, kind: str) -> onnx.ValueInfoProto:
    element = TensorProto.FLOAT if kind == "number" else TensorProto.STRING
    return helper.make_tensor_value_info(name, element, [None, 1])


def _preparing(preparation: Preparation) -> list[onnx.NodeProto]:
    nodes: list[onnx.NodeProto] = []
    parts: list[str] = []
    if preparation.numeric.names:
        nodes += _number_nodes(preparation.numeric)
        parts += [_INSIDE + "scaled"]
        parts += [_INSIDE + "gaps"] if preparation.numeric.gaps else []
    for index, column in enumerate(preparation.categorical):
        output = f"{_INSIDE}category{index}"
        nodes += _category_nodes(column, output)
        parts.append(output)
    return [*nodes, helper.make_node("Concat", parts, [_INSIDE + "matrix"], axis=1)]


def _number_nodes(columns: NumberColumns) -> list[onnx.NodeProto]:
    inside = _INSIDE
    nodes = [
        helper.make_node("Concat", list(columns.names), [inside + "raw"], axis=1),
        _constant("mean", columns.mean),
        _constant("inverse_scale", columns.inverse_scale),
        helper.make_node("IsNaN", [inside + "raw"], [inside + "missing"]),
        helper.make_node("Where", [inside + "missing", inside + "mean", inside + "raw"], [inside + "filled"]),
        helper.make_node("Sub", [inside + "filled", inside + "mean"], [inside + "centred"]),
        helper.make_node("Mul", [inside + "centred", inside + "inverse_scale"], [inside + "scaled"]),
    ]
    if columns.gaps:
        nodes += [
            _constant("gap_columns", np.array(columns.gaps, dtype=np.int64)),
            helper.make_node("Cast", [inside + "missing"], [inside + "missing_numbers"], to=TensorProto.FLOAT),
            helper.make_node("Gather", [inside + "missing_numbers", inside + "gap_columns"], [inside + "gaps"], axis=1),
        ]
    return nodes


def _category_nodes(column: CategoryColumn, output: str) -> list[onnx.NodeProto]:
    name = output.removeprefix(_INSIDE)
    # LabelEncoder wants at least one key; this one cannot be met by a value that was ever counted
    levels = column.levels or ("\x00",)
    return [
        helper.make_node(
            "LabelEncoder",
            [column.name],
            [output + "_index"],
            domain="ai.onnx.ml",
            keys_strings=list(levels),
            values_int64s=[min(index, len(column.levels)) for index in range(len(levels))],
            default_int64=len(column.levels),
        ),
        _constant(name + "_codes", column.codes),
        _constant(name + "_shape", np.array([-1, column.codes.shape[1]], dtype=np.int64)),
        helper.make_node("Gather", [f"{output}_codes", f"{output}_index"], [f"{output}_rows"], axis=0),
        helper.make_node("Reshape", [f"{output}_rows", f"{output}_shape"], [output]),
    ]


def _constant(name: str, values: Any) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [_INSIDE + name], value=numpy_helper.from_array(values))
