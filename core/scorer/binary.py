"""The protocol's binary extension: raw little-endian tensors behind the JSON, in requests and in answers."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.errors import InvalidInput

HEADER = "inference-header-content-length"
"""The header that says where the JSON ends."""

_DTYPES = {
    "BOOL": "?",
    **{f"FP{bits}": f"<f{bits // 8}" for bits in (16, 32, 64)},
    **{f"INT{bits}": f"<i{bits // 8}" for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": f"<u{bits // 8}" for bits in (8, 16, 32, 64)},
}


def with_binary_data(inputs: Sequence[Any], tail: bytes) -> list[Any]:
    """Return the inputs with ``data`` filled in from the raw bytes, in order, where they name a size.

    Raises
    ------
    InvalidInput
        If sizes and bytes do not fit.
    """
    filled: list[Any] = []
    start = 0
    for raw in inputs:
        size = _size(raw)
        if size is None:
            filled.append(raw)
            continue
        if size < 0 or start + size > len(tail):
            raise InvalidInput(f"Input {raw.get('name')!r} names {size} raw bytes, but fewer follow the JSON.")
        filled.append({**raw, "data": _decoded(raw, tail[start : start + size])})
        start += size
    if start != len(tail):
        raise InvalidInput(f"{len(tail) - start} raw bytes belong to no input; name each input's binary_data_size.")
    return filled


def raw_output(datatype: str, values: Sequence[Any]) -> bytes:
    """Return an output's values as raw bytes."""
    if datatype == "BYTES":
        texts = [str(value).encode() for value in values]
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return np.asarray(values, dtype=_DTYPES[datatype]).tobytes()


def _size(raw: Any) -> int | None:
    parameters = raw.get("parameters") if isinstance(raw, Mapping) else None
    size = parameters.get("binary_data_size") if isinstance(parameters, Mapping) else None
    return size if type(size) is int else None


def _decoded(raw: Mapping[str, Any], data: bytes) -> list[Any]:
    datatype = raw.get("datatype")
    if datatype == "BYTES":
        return _texts(data, str(raw.get("name")))
    dtype = np.dtype(_DTYPES.get(str(datatype), "?"))
    if len(data) % dtype.itemsize:
        raise InvalidInput(f"Input {raw.get('name')!r} has {len(data)} raw bytes, not a whole number of {datatype}.")
    return np.frombuffer(data, dtype=dtype).tolist()


def _texts(data: bytes, name: str) -> list[str]:
    texts: list[str] = []
    start = 0
    while start < len(data):
        if start + 4 > len(data):
            raise InvalidInput(f"Input {name!r} ends within the length of a text; send 4 bytes of length each.")
        (size,) = struct.unpack_from("<I", data, start)
        start += 4
        if start + size > len(data):
            raise InvalidInput(f"Input {name!r} ends within a text; send as many bytes as its length says.")
        try:
            texts.append(data[start : start + size].decode())
        except UnicodeDecodeError as error:
            raise InvalidInput(f"Input {name!r} holds text that is not UTF-8; encode it so.") from error
        start += size
    return texts
