"""The columns that a logged model reads, as MLflow's client describes them in the file ``MLmodel``.

Source: ``mlflow/models/signature.py`` (``ModelSignature.to_dict``) and ``mlflow/types/schema.py``.
"""

from collections.abc import Mapping
from typing import Any, cast

import orjson

from core.errors import InvalidInput
from core.modelling.tracking.plain_yaml import plain_yaml

FILE = "MLmodel"


def columns_of(described: str) -> tuple[str, ...]:
    """Return the names of the columns in their order; nothing where the description names none."""
    try:
        signature: object = plain_yaml(described).get("signature")
        inputs: object = orjson.loads(cast("Mapping[str, Any]", signature)["inputs"])
    except (InvalidInput, KeyError, TypeError, ValueError):
        return ()
    entries = cast("list[Any]", inputs) if isinstance(inputs, list) else []
    names = [cast("Mapping[str, Any]", entry).get("name") for entry in entries if isinstance(entry, dict)]
    found = tuple(name for name in names if isinstance(name, str))
    return found if len(found) == len(entries) else ()
