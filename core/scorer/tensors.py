"""Tensors of the Open Inference Protocol as they arrive: checked, flat, missing values as ``None``."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import NoneType
from typing import Any

from core.errors import InvalidInput

LARGEST_NUMBER = 3.4028234663852886e38
"""The largest float32: the models compute in it, and a larger number would reach them as infinity."""

_FLOATS = frozenset({"FP16", "FP32", "FP64"})
_INTEGERS = {f"INT{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)} | {
    f"UINT{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)
}
NUMERIC = _FLOATS | _INTEGERS.keys() | {"BOOL"}
"""The datatypes that a number may come in."""

_TYPES: Mapping[str, frozenset[type]] = (
    dict.fromkeys(_FLOATS, frozenset({int, float, NoneType}))
    | dict.fromkeys(_INTEGERS, frozenset({int, NoneType}))
    | {"BOOL": frozenset({bool, NoneType}), "BYTES": frozenset({str, NoneType})}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A checked tensor: ``values`` row by row, as ``float``, ``str`` or ``None``."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    values: list[Any]


def read_tensor(raw: Any) -> Tensor:
    """Check one entry of ``inputs``.

    Raises
    ------
    InvalidInput
        If a field is missing, the shape does not fit the data, or a value is not of the datatype.
    """
    name, shape, datatype = read_head(raw)
    if "data" not in raw:
        raise InvalidInput(f'Input {name!r} lacks its data; add "data".')
    values = _flat(raw["data"], shape, name)
    _check_types(values, datatype, name)
    return Tensor(name=name, shape=shape, datatype=datatype, values=_settled(values, datatype, name))


def read_head(raw: Any) -> tuple[str, tuple[int, ...], str]:
    """Check name, shape and datatype of one entry of ``inputs``.

    Raises
    ------
    InvalidInput
        If one of them is missing or of the wrong kind.
    """
    if not isinstance(raw, Mapping):
        raise InvalidInput("Each entry of inputs is an object with name, shape, datatype and data.")
    name, shape, datatype = raw.get("name"), raw.get("shape"), raw.get("datatype")
    if not isinstance(name, str) or not name:
        raise InvalidInput('An input lacks its name; add "name".')
    if not isinstance(datatype, str) or datatype not in _TYPES:
        raise InvalidInput(f"Input {name!r} has the datatype {_shown(datatype)}; use one of {', '.join(_TYPES)}.")
    if not isinstance(shape, Sequence) or not all(type(size) is int and size >= 0 for size in shape):
        raise InvalidInput(f"Input {name!r} has the shape {_shown(shape)}; a shape is a list of counts, such as [1].")
    if not 1 <= len(shape) <= 2:
        raise InvalidInput(f"Input {name!r} has {len(shape)} dimensions; send [rows], [rows, 1] or [rows, inputs].")
    return name, tuple(shape), datatype


def _flat(data: Any, shape: tuple[int, ...], name: str) -> list[Any]:
    if not isinstance(data, list):
        raise InvalidInput(f"The data of input {name!r} is {_shown(data)}; send a list.")
    if any(type(value) is list for value in data):
        level: list[Any] = [data]
        for size in shape:
            if any(type(part) is not list or len(part) != size for part in level):
                raise InvalidInput(f"The data of input {name!r} is ragged: it does not fill the shape {list(shape)}.")
            level = list(chain.from_iterable(level))
        return level
    if len(data) != math.prod(shape):
        raise InvalidInput(
            f"Input {name!r} has {len(data)} values, but its shape {list(shape)} needs {math.prod(shape)}."
        )
    return data


def _check_types(values: list[Any], datatype: str, name: str) -> None:
    allowed = _TYPES[datatype]
    if not set(map(type, values)) <= allowed:
        row, value = next((i, value) for i, value in enumerate(values) if type(value) not in allowed)
        raise InvalidInput(f"Input {name!r}, value {row}: {_shown(value)} is not {datatype}.")


def _settled(values: list[Any], datatype: str, name: str) -> list[Any]:
    if datatype == "BYTES":
        return [value or None for value in values]
    known = [value for value in values if value is not None and value == value]
    low, high = _INTEGERS.get(datatype, (-LARGEST_NUMBER, LARGEST_NUMBER))
    # compared before they become floats: a large integer may round over its limit
    if known and not (low <= min(known) and max(known) <= high):
        odd = next(value for value in known if not low <= value <= high)
        raise InvalidInput(
            f"Input {name!r}: {_shown(odd)} is not a finite {datatype} that the models can compute with."
        )
    return [None if value is None or value != value else float(value) for value in values]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
