"""MLflow's way to ask for predictions, ``POST /invocations``, turned into an infer request."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from core.deployment.oip import infer_request
from core.errors import InvalidInput
from core.modelling.run import Feature
from core.scorer.call import Call, read_call

_FORMS = ("dataframe_split", "dataframe_records", "inputs")


def read_invocation(payload: bytes, features: Sequence[Feature]) -> Call:
    """Read rows as MLflow's client sends them; columns that the model does not know are ignored, as MLflow does.

    Raises
    ------
    InvalidInput
        If it is not one of the forms, or not rows that this model can answer.
    """
    try:
        document = orjson.loads(payload)
    except orjson.JSONDecodeError as error:
        raise InvalidInput(f"The body is not JSON: {error}.") from error
    given = [form for form in _FORMS if isinstance(document, Mapping) and form in document]
    if len(given) != 1:
        raise InvalidInput(f"The body holds {len(given)} of {', '.join(_FORMS)}; send exactly one of them.")
    try:
        columns = _columns(given[0], document[given[0]])
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise InvalidInput(f'"{given[0]}" is not in the form that MLflow sends; see its scoring server.') from error
    return read_call(orjson.dumps(infer_request("", features, columns)), features)


def _columns(form: str, value: Any) -> dict[str, list[Any]]:
    if form == "dataframe_split":
        columns = list(zip(*value["data"], strict=True)) or [()] * len(value["columns"])
        return {name: list(column) for name, column in zip(value["columns"], columns, strict=True)}
    if isinstance(value, Mapping):
        return {name: column if isinstance(column, list) else [column] for name, column in value.items()}
    names = dict.fromkeys(name for record in value for name in record.keys())  # noqa: SIM118 a list has no keys
    return {name: [record.get(name) for record in value] for name in names}
