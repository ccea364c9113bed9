"""A served model: an ONNX file, read from bytes only, refused where it could reach outside itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from core.data.labels import label_text
from core.errors import InvalidInput, RefusedFile
from core.modelling.run import LARGEST, Feature

if TYPE_CHECKING:
    import onnxruntime

LARGEST_MODEL = 64 * 1024 * 1024
_KNOWN_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a model says of each row.

    ``score`` is the probability of the positive class (binary), of the likeliest class (multiclass) or the predicted
    value (regression); ``predicted`` is the class as text, ``None`` throughout for a regression.
    """

    score: NDArray[np.float64]
    predicted: tuple[str | None, ...]


def numbers(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.float32]:
    """Return a numeric input as the model sees it: float32, one column, NaN where it is missing or beyond its range.

    Raises
    ------
    InvalidInput
        A value is not a number.
    """
    try:
        # float64 first: None becomes NaN
        wide = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as reason:
        raise InvalidInput("A numeric input holds text; send numbers, or null where one is missing.") from reason
    return np.where(np.abs(wide) <= LARGEST, wide, np.nan).astype(np.float32).reshape(-1, 1)


def categories(values: Sequence[Any] | NDArray[Any]) -> NDArray[np.object_]:
    """Return a text input as the model sees it: one column, empty where it is missing."""
    plain = values.ravel().tolist() if isinstance(values, np.ndarray) else values
    texts = [value if isinstance(value, str) else (label_text(value) or "") for value in plain]
    return np.array(texts, dtype=object).reshape(-1, 1)


def tensors(features: Sequence[Feature], columns: Mapping[str, Any]) -> dict[str, NDArray[Any]]:
    """Return one tensor a feature.

    Raises
    ------
    InvalidInput
        An input is missing, or the inputs differ in length.
    """
    missing = [feature.name for feature in features if feature.name not in columns]
    if missing:
        raise InvalidInput(f"The input {missing[0]!r} is missing; the model needs every input that it was trained on.")
    found = {f.name: (numbers if f.kind == "number" else categories)(columns[f.name]) for f in features}
    if len({len(tensor) for tensor in found.values()}) > 1:
        raise InvalidInput("The inputs differ in length; send one value a row for every input.")
    return found


def decide(
    output: NDArray[Any], classes: tuple[str, ...], cut: float | None
) -> tuple[NDArray[np.float64], tuple[str | None, ...]]:
    """Return scores and classes from an output: probabilities (two classes and a cut, or more) or plain values."""
    if not classes:
        values = np.asarray(output, dtype=np.float64).reshape(-1)
        return values, (None,) * len(values)
    probabilities = np.asarray(output, dtype=np.float64)
    if cut is not None:
        score = probabilities[:, 1]
        return score, tuple(classes[index] for index in (score > cut).astype(int).tolist())
    return probabilities.max(axis=1), tuple(classes[index] for index in probabilities.argmax(axis=1).tolist())


class OnnxModel:
    """A model that answers from an ONNX file, on one thread.

    Parameters
    ----------
    session
        The loaded file.
    features
        The inputs, in the order of training.
    classes
        The classes in the order of the output; (negative, positive) for a binary model; empty for a regression.
    cut
        A binary model says yes above this score; ``None`` for every other kind.
    """

    def __init__(
        self,
        session: "onnxruntime.InferenceSession",
        *,
        features: Sequence[Feature],
        classes: Sequence[str],
        cut: float | None,
    ) -> None:
        self.features = tuple(features)
        self.classes = tuple(classes)
        self.cut = cut
        self._session = session
        self._output = session.get_outputs()[-1].name

    @classmethod
    def load(
        cls, data: bytes, *, features: Sequence[Feature], classes: Sequence[str] = (), cut: float | None = None
    ) -> "OnnxModel":
        """Return the model in ``data``.

        Raises
        ------
        RefusedFile
            The file is too large, no ONNX, or reaches for files or operators outside the standard.
        InvalidInput
            The file's inputs are not the ones named.
        """
        import onnxruntime  # 40 MB, which a process that loads no model does without

        inspect(data)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as reason:
            raise RefusedFile(f"The model cannot be loaded: {str(reason).splitlines()[0]}") from reason
        expected = {f.name for f in features}
        found = {node.name for node in session.get_inputs()}
        if expected != found:
            odd = sorted(expected ^ found)[0]
            raise InvalidInput(f"The model and its description disagree on the input {odd!r}; register it again.")
        return cls(session, features=features, classes=classes, cut=cut)

    def score(self, columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> Scores:
        """Return what the model says of each row of ``columns`` (a column an input; None or NaN is missing).

        Raises
        ------
        InvalidInput
            An input is missing, of another length than the others, or text where a number belongs.
        """
        score, predicted = decide(self.output(columns), self.classes, self.cut)
        return Scores(score=score, predicted=predicted)

    def output(self, columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> NDArray[Any]:
        """Return the file's last output for ``columns``, as it is: probabilities, a column a class, or values.

        Raises
        ------
        InvalidInput
            As for ``score``.
        """
        (output,) = self._session.run([self._output], tensors(self.features, columns))
        return np.asarray(output)


def inspect(data: bytes) -> None:
    """Refuse a file that is too large, is no ONNX, or reaches outside itself; loads nothing.

    Raises
    ------
    RefusedFile
        With the reason.
    """
    if len(data) > LARGEST_MODEL:
        raise RefusedFile(
            f"The model has {len(data) / 2**20:.0f} MB, and at most {LARGEST_MODEL // 2**20} MB are accepted; "
            "train a smaller one."
        )
    try:
        model = onnx.load_model_from_string(data)
    except (DecodeError, RuntimeError, ValueError) as reason:
        raise RefusedFile("The file is no ONNX model; pickled models are never opened. Export it to ONNX.") from reason
    if not model.graph.node:
        raise RefusedFile("The file is no ONNX model: it holds no operators. Export it to ONNX.")
    foreign = {o.domain for o in model.opset_import} - _KNOWN_DOMAINS
    if foreign:
        raise RefusedFile(
            f"The model needs the operators {sorted(foreign)[0]!r}; only standard ONNX ones are accepted."
        )
    _inspect_graph(model.graph)
    for function in model.functions:
        _inspect_nodes(function.node)


def _inspect_graph(graph: onnx.GraphProto) -> None:
    _inspect_tensors(graph.initializer)
    for sparse in graph.sparse_initializer:
        _inspect_tensors([sparse.values, sparse.indices])
    _inspect_nodes(graph.node)


def _inspect_nodes(nodes: Sequence[onnx.NodeProto] | Any) -> None:
    for node in nodes:
        if node.domain not in _KNOWN_DOMAINS:
            raise RefusedFile(
                f"The model uses the operator {node.op_type!r} of {node.domain!r}; only standard ones run."
            )
        for attribute in node.attribute:
            _inspect_tensors([attribute.t, *attribute.tensors])
            for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                _inspect_tensors([sparse.values, sparse.indices])
            for graph in (attribute.g, *attribute.graphs):
                _inspect_graph(graph)


def _inspect_tensors(found: Sequence[onnx.TensorProto] | Any) -> None:
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL or tensor.external_data for tensor in found):
        raise RefusedFile("The model keeps weights in another file; export it as one file.")
