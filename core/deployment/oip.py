"""The Open Inference Protocol, version 2, from the caller's side: columns in, scores out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.data.labels import label_text
from core.errors import InvalidInput
from core.modelling.run import LARGEST, Feature


def infer_request(
    request_id: str,
    features: Sequence[Feature],
    columns: Mapping[str, Sequence[Any]],
    *,
    event_time: datetime | None = None,
    entity_ids: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Return the body of an infer request: a number is an FP64 tensor, a category a BYTES tensor, missing is null.

    Raises
    ------
    InvalidInput
        If a column of the model is not given, or a numeric one holds text.
    """
    parameters: dict[str, Any] = {}
    if event_time is not None:
        parameters["event_time"] = event_time.isoformat()
    if entity_ids is not None:
        parameters["entity_ids"] = [str(entity) for entity in entity_ids]
    missing = [feature.name for feature in features if feature.name not in columns]
    if missing:
        raise InvalidInput(f"The model needs the columns {', '.join(missing)}; add them to the rows.")
    inputs = [_tensor(feature, columns[feature.name]) for feature in features]
    return {"id": request_id, "parameters": parameters, "inputs": inputs}


def infer_answer(body: Mapping[str, Any]) -> tuple[list[float | None], list[str]]:
    """Return the scores and the decisions of an infer response.

    Raises
    ------
    InvalidInput
        If the response holds an error, or not the two outputs.
    """
    if "error" in body:
        raise InvalidInput(str(body["error"]))
    outputs = {output.get("name"): output.get("data") for output in body.get("outputs", ())}
    score, predicted = outputs.get("score"), outputs.get("predicted")
    if score is None or predicted is None:
        raise InvalidInput("The scorer's answer lacks the outputs 'score' and 'predicted'. Ask for both, or for none.")
    return [None if value is None else float(value) for value in score], [
        "" if value is None else str(value) for value in predicted
    ]


def _tensor(feature: Feature, values: Iterable[Any]) -> dict[str, Any]:
    number = feature.kind == "number"
    data = [_number(value) if number else label_text(value) for value in values]
    return {"name": feature.name, "shape": [len(data)], "datatype": "FP64" if number else "BYTES", "data": data}


def _number(value: Any) -> float | None:
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"{str(value)[:40]!r} is not a number; send numbers, or nothing where one is missing."
        ) from error
    return number if abs(number) <= LARGEST else None  # as in training; not a number is never smaller
