"""An infer request, read and checked against the inputs of the model that will answer."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from core.errors import InvalidInput
from core.ids import new_id
from core.modelling.run import Feature
from core.scorer.binary import with_binary_data
from core.scorer.tensors import NUMERIC, Tensor, read_tensor

MAX_ROWS = 50_000
"""Rows of one request; more belong into several requests."""

MAX_ID = 128
"""Characters of a request id."""

OUTPUTS = ("score", "predicted")
"""What every model answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. ``columns`` follow the model's inputs; ``binary`` names the outputs wanted as raw bytes.

    ``trial`` marks a request that only asks whether the endpoint answers: it is logged as such, and no production.
    """

    request_id: str
    payload_hash: str
    rows: int
    columns: Mapping[str, list[Any]]
    event_time: datetime | None
    entity_ids: tuple[str, ...]
    outputs: tuple[str, ...]
    binary: frozenset[str]
    trial: bool = False


def read_call(payload: bytes, features: Sequence[Feature], *, json_bytes: int | None = None) -> Call:
    """Read a request; ``json_bytes`` is where its JSON ends and raw tensor data begin.

    Raises
    ------
    InvalidInput
        If it is not a request that this model can answer.
    """
    head, tail = (payload, b"") if json_bytes is None else (payload[:json_bytes], payload[json_bytes:])
    document = _document(head)
    # The hash is of the content, not of its spelling: a retry may order its keys differently.
    try:
        canonical = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise InvalidInput("The body holds text that is not valid Unicode; send UTF-8.") from error
    inputs = document.get("inputs")
    if not isinstance(inputs, list) or not inputs:
        raise InvalidInput('The body lacks "inputs"; send a list of tensors.')
    tensors = [read_tensor(raw) for raw in with_binary_data(inputs, tail)]
    columns, rows = _columns(tensors, features)
    request_id = _request_id(document)
    parameters = _object(document, "parameters")
    outputs, binary = _outputs(document, parameters)
    return Call(
        request_id=request_id,
        payload_hash=hashlib.sha256(canonical + tail).hexdigest(),
        rows=rows,
        columns=columns,
        event_time=_event_time(parameters),
        entity_ids=_entity_ids(parameters, request_id, rows),
        outputs=outputs,
        binary=binary,
        trial=parameters.get("try") is True,
    )


def _document(text: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # Python's json writes NaN, which JSON does not know: here it means a missing value.
        if b"NaN" not in text:
            raise InvalidInput(f"The body is not JSON: {error}.") from error
        document = _lenient(text)
    if not isinstance(document, dict):
        raise InvalidInput('The body is JSON, but not an object; send {"inputs": [...]}.')
    return document


def _lenient(text: bytes) -> Any:
    def constant(name: str) -> None:
        if name != "NaN":
            raise InvalidInput(f"The body holds {name}, which is not a finite number; send null for missing.")

    try:
        return json.loads(text, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"The body is not JSON: {error}.") from error


def _columns(tensors: list[Tensor], features: Sequence[Feature]) -> tuple[dict[str, list[Any]], int]:
    by_name = {tensor.name: tensor for tensor in tensors}
    if len(by_name) != len(tensors):
        raise InvalidInput("An input is sent twice; name each once.")
    names = [feature.name for feature in features]
    first = tensors[0]
    if len(tensors) == 1 and first.name not in names and len(first.shape) == 2:
        return _matrix(first, features)
    missing = [name for name in names if name not in by_name]
    if missing:
        raise InvalidInput(f"The request lacks the input {missing[0]!r}; the model needs {_listed(names)}.")
    extra = [name for name in by_name if name not in names]
    if extra:
        raise InvalidInput(f"The model has no input {extra[0]!r}; it takes {_listed(names)}.")
    rows = by_name[names[0]].shape[0]
    for feature in features:
        _check_column(by_name[feature.name], feature, rows)
    return {name: by_name[name].values for name in names}, _counted(rows)


def _check_column(tensor: Tensor, feature: Feature, rows: int) -> None:
    if tensor.shape not in ((rows,), (rows, 1)):
        raise InvalidInput(
            f"Input {tensor.name!r} has the shape {list(tensor.shape)}; send [{rows}], as many rows as the first input."
        )
    fits = tensor.datatype in NUMERIC if feature.kind == "number" else tensor.datatype == "BYTES"
    if not fits:
        wanted = "a numeric datatype such as FP64" if feature.kind == "number" else "BYTES"
        raise InvalidInput(f"Input {tensor.name!r} is {tensor.datatype}; it is a {feature.kind}, send {wanted}.")


def _matrix(tensor: Tensor, features: Sequence[Feature]) -> tuple[dict[str, list[Any]], int]:
    names = [feature.name for feature in features]
    texts = [feature.name for feature in features if feature.kind != "number"]
    if texts or tensor.datatype not in NUMERIC:
        raise InvalidInput(f"One tensor for all inputs works for numbers only; name the tensors {_listed(names)}.")
    rows, width = tensor.shape
    if width != len(names):
        raise InvalidInput(
            f"Input {tensor.name!r} has {width} columns; the model needs {len(names)}: {_listed(names)}."
        )
    return {name: tensor.values[i::width] for i, name in enumerate(names)}, _counted(rows)


def _counted(rows: int) -> int:
    if not 1 <= rows <= MAX_ROWS:
        raise InvalidInput(f"The request has {rows} rows; send 1 to {MAX_ROWS}.")
    return rows


def _request_id(document: Mapping[str, Any]) -> str:
    request_id = document.get("id")
    if request_id is None or request_id == "":
        return new_id()
    if not isinstance(request_id, str) or len(request_id) > MAX_ID or not request_id.isprintable():
        raise InvalidInput(f"The id is not a text of at most {MAX_ID} printable characters; send one, or none.")
    return request_id


def _object(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidInput(f'"{key}" is not an object; send {{}} or leave it out.')
    return value


def _event_time(parameters: Mapping[str, Any]) -> datetime | None:
    text = parameters.get("event_time")
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise InvalidInput("event_time is not an ISO time; send one such as 2026-01-31T09:30:00+00:00.") from error
    if time.tzinfo is None:
        raise InvalidInput("event_time lacks its offset from UTC; send one such as 2026-01-31T09:30:00+00:00.")
    if not 1 < time.year < 9999:  # its day still has to exist in every time zone
        raise InvalidInput("event_time lies outside the years 2 to 9998; send another.")
    return time.astimezone(UTC)


def _entity_ids(parameters: Mapping[str, Any], request_id: str, rows: int) -> tuple[str, ...]:
    given = parameters.get("entity_ids")
    if given is None:
        # Labels then arrive by the request's id.
        return (request_id,) if rows == 1 else tuple(f"{request_id}/{row}" for row in range(rows))
    if not isinstance(given, list) or not all(isinstance(entity, str | int) for entity in given):
        raise InvalidInput("entity_ids is not a list of texts; send one text a row.")
    if len(given) != rows:
        raise InvalidInput(f"entity_ids has {len(given)} entries for {rows} rows; send one a row.")
    return tuple(str(entity) for entity in given)


def _outputs(document: Mapping[str, Any], parameters: Mapping[str, Any]) -> tuple[tuple[str, ...], frozenset[str]]:
    wanted = document.get("outputs") or [{"name": name} for name in OUTPUTS]
    all_binary = parameters.get("binary_data_output") is True
    if not isinstance(wanted, list) or not all(isinstance(output, Mapping) for output in wanted):
        raise InvalidInput('"outputs" is not a list of objects with a name; correct it or leave it out.')
    names = [str(output.get("name")) for output in wanted]
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown:
        raise InvalidInput(f"The model has no output {unknown[0]!r}; it gives {_listed(OUTPUTS)}.")
    binary = {o["name"] for o in wanted if _object(o, "parameters").get("binary_data", all_binary) is True}
    return tuple(dict.fromkeys(names)), frozenset(binary)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:30])
    return shown if len(names) <= 30 else f"{shown} and {len(names) - 30} more"
