"""An ONNX file that training code wrote, in the form that is served: a tensor a column in, one output out."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, compose, helper, numpy_helper

from core.errors import InvalidInput
from core.modelling.onnx_model import inspect

_TRAINED, _SERVED = "trained/", "served/"
_NUMBERS = frozenset(
    {
        *(TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BOOL),
        *(TensorProto.INT8, TensorProto.INT16, TensorProto.INT32, TensorProto.INT64),
        *(TensorProto.UINT8, TensorProto.UINT16, TensorProto.UINT32, TensorProto.UINT64),
    }
)
_OLDEST_OPSET = 7  # before it, the operators that are put around the model were others


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedForm:
    """What is served: ``kinds`` maps each column that the model reads to "number" or "category".

    ``labels`` are the classes in the order in which the file itself names them; empty where it names none.
    """

    onnx: bytes
    kinds: Mapping[str, str]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    """The tensor of the trained graph that holds its scores, and the nodes left when what follows it is dropped."""

    name: str
    nodes: list[onnx.NodeProto]
    labels: tuple[str, ...]


def served_form(data: bytes, columns: Sequence[str], *, kept: Sequence[int] | None = None) -> ServedForm:
    """Return the file with an input a column, ``[rows, 1]``, float32 or text, and its scores as the last output.

    A model reads either one input a column, under the column's name, or one matrix of ``columns`` in their order.
    scikit-learn's list of probabilities by class (ZipMap) becomes the table it was made from, and a single
    probability a row becomes those of no and yes.

    Parameters
    ----------
    columns
        The columns of the data that it may read.
    kept
        The places of the classes in its scores, in the order in which they shall be served; ``None`` leaves them.

    Raises
    ------
    RefusedFile
        It is no ONNX file, or reaches outside itself.
    InvalidInput
        It reads something that is no column, or gives no table of scores.
    """
    inspect(data)
    model = onnx.load_model_from_string(data)
    opset = next((entry.version for entry in model.opset_import if entry.domain in {"", "ai.onnx"}), 0)
    if opset < _OLDEST_OPSET:
        raise InvalidInput(f"The model is of ONNX opset {opset}. Export it with opset {_OLDEST_OPSET} or newer.")
    scores = _scores(model.graph)
    trained = compose.add_prefix(_with_scores(model, scores), _TRAINED)
    reads = list(_inputs(trained.graph))
    before, kinds = _reading(reads, columns)
    graph = helper.make_graph(
        [*before, *trained.graph.node, *_giving(_TRAINED + scores.name, kept)],
        "fullcircle",
        [_input(name, kind) for name, kind in kinds.items()],
        [helper.make_tensor_value_info(_SERVED + "scores", TensorProto.FLOAT, None)],
        initializer=trained.graph.initializer,
        sparse_initializer=trained.graph.sparse_initializer,
    )
    served = helper.make_model(
        graph,
        opset_imports=trained.opset_import,
        functions=trained.functions,
        ir_version=trained.ir_version,
        producer_name="fullcircle",
    )
    return ServedForm(onnx=served.SerializeToString(), kinds=kinds, labels=scores.labels)


# ---- what it reads


def _inputs(graph: onnx.GraphProto) -> Iterator[onnx.ValueInfoProto]:
    constants = {tensor.name for tensor in graph.initializer}
    return (value for value in graph.input if value.name not in constants)


def _input(name: str, kind: str) -> onnx.ValueInfoProto:
    element = TensorProto.FLOAT if kind == "number" else TensorProto.STRING
    return helper.make_tensor_value_info(name, element, [None, 1])


def _reading(
    reads: Sequence[onnx.ValueInfoProto], columns: Sequence[str]
) -> tuple[list[onnx.NodeProto], dict[str, str]]:
    known = _by_name(columns)
    names = [value.name.removeprefix(_TRAINED) for value in reads]
    if len(reads) == 1 and names[0] not in known:
        return _matrix(reads[0], columns)
    if unknown := [name for name in names if name not in known]:
        raise InvalidInput(
            f"The model reads {unknown[0]!r}, which is no input of this project. Train it on the project's columns: "
            f"{_some(columns)}."
        )
    pairs = [(known[name], value) for name, value in zip(names, reads, strict=True)]
    nodes = [node for column, value in pairs for node in _column(column, value)]
    return nodes, {column: _kind(value) for column, value in pairs}


def _by_name(columns: Sequence[str]) -> dict[str, str]:
    """Return columns by the names that a file may give them: converters write ``mean radius`` as ``mean_radius``."""
    written = [re.sub(r"\W", "_", column) for column in columns]
    alike = Counter(written)
    clear = {name: column for name, column in zip(written, columns, strict=True) if alike[name] == 1}
    return clear | {column: column for column in columns}


def _matrix(value: onnx.ValueInfoProto, columns: Sequence[str]) -> tuple[list[onnx.NodeProto], dict[str, str]]:
    width = _width(value)
    if width not in {None, len(columns)}:
        raise InvalidInput(
            f"The model reads a table of {width} columns, and the project has {len(columns)} inputs: {_some(columns)}. "
            "Train it on these, or log it with a signature that names its columns."
        )
    joined = _SERVED + "joined"
    nodes = [helper.make_node("Concat", list(columns), [joined], axis=1), _cast(joined, value.name, value)]
    return nodes, dict.fromkeys(columns, _kind(value))


def _column(name: str, value: onnx.ValueInfoProto) -> list[onnx.NodeProto]:
    if len(value.type.tensor_type.shape.dim) != 1:
        return [_cast(name, value.name, value)]
    flat, shape = f"{_SERVED}flat/{name}", f"{_SERVED}shape/{name}"
    return [
        _constant(shape, np.array([-1], dtype=np.int64)),
        helper.make_node("Reshape", [name, shape], [flat]),
        _cast(flat, value.name, value),
    ]


def _cast(source: str, target: str, value: onnx.ValueInfoProto) -> onnx.NodeProto:
    element = value.type.tensor_type.elem_type
    if element in {TensorProto.FLOAT, TensorProto.STRING}:
        return helper.make_node("Identity", [source], [target])
    return helper.make_node("Cast", [source], [target], to=element)


def _kind(value: onnx.ValueInfoProto) -> str:
    element = value.type.tensor_type.elem_type
    if element == TensorProto.STRING:
        return "category"
    if element in _NUMBERS:
        return "number"
    name = value.name.removeprefix(_TRAINED)
    raise InvalidInput(f"The model's input {name!r} is no table of numbers or texts. Export it with such inputs.")


def _width(value: onnx.ValueInfoProto) -> int | None:
    dims = value.type.tensor_type.shape.dim
    return dims[1].dim_value if len(dims) == 2 and dims[1].HasField("dim_value") else None


# ---- what it gives


def _scores(graph: onnx.GraphProto) -> _Scores:
    labels = next((found for node in graph.node if (found := _labels(node))), ())
    outputs = [value.name for value in graph.output]
    mapped = [node for node in graph.node if node.op_type == "ZipMap" and node.output[0] in outputs]
    if mapped:
        left = [node for node in graph.node if node.op_type != "ZipMap"]
        return _Scores(name=mapped[0].input[0], nodes=left, labels=_labels(mapped[0]) or labels)
    floats = {TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16}
    tables = [value.name for value in graph.output if value.type.tensor_type.elem_type in floats]
    if not tables:
        raise InvalidInput("The model gives no table of scores. Export its probabilities, or its predicted values.")
    return _Scores(name=tables[-1], nodes=list(graph.node), labels=labels)


def _labels(node: onnx.NodeProto) -> tuple[str, ...]:
    for attribute in node.attribute:
        if attribute.name.startswith("classlabels") and (attribute.ints or attribute.strings):
            return tuple(str(label) for label in attribute.ints) or tuple(s.decode() for s in attribute.strings)
    return ()


def _with_scores(model: onnx.ModelProto, scores: _Scores) -> onnx.ModelProto:
    """Return the model with its scores as its only output."""
    found = onnx.ModelProto()
    found.CopyFrom(model)
    del found.graph.node[:], found.graph.output[:]
    found.graph.node.extend(scores.nodes)
    found.graph.output.append(helper.make_tensor_value_info(scores.name, TensorProto.FLOAT, None))
    return found


def _giving(name: str, kept: Sequence[int] | None) -> list[onnx.NodeProto]:
    real, last = _SERVED + "real", _SERVED + "scores"
    nodes = [helper.make_node("Cast", [name], [real], to=TensorProto.FLOAT)]
    match kept:
        case None:
            return [*nodes, helper.make_node("Identity", [real], [last])]
        case [_]:
            flat, one, no, column = (f"{_SERVED}{part}" for part in ("flat", "one", "no", "column"))
            return [
                *nodes,
                _constant(column, np.array([-1, 1], dtype=np.int64)),
                _constant(one, np.array(1, dtype=np.float32)),
                helper.make_node("Reshape", [real, column], [flat]),
                helper.make_node("Sub", [one, flat], [no]),
                helper.make_node("Concat", [no, flat], [last], axis=1),
            ]
        case places:
            chosen = _SERVED + "chosen"
            index = _constant(chosen, np.array(places, dtype=np.int64))
            return [*nodes, index, helper.make_node("Gather", [real, chosen], [last], axis=1)]


def _constant(name: str, values: Any) -> onnx.NodeProto:
    return helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values))


def _some(columns: Sequence[str]) -> str:
    more = f" and {len(columns) - 6} more" if len(columns) > 6 else ""
    return ", ".join(columns[:6]) + more
