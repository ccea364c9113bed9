"""The names that other tools have for types, as types of a contract."""

import re

from core.data.contract.contract import LogicalType

_NAMES: tuple[tuple[str, LogicalType], ...] = (
    (r"u?int(8|16|32|64)?|integer(type)?|long(type)?|bigint|smallint|tinyint|u?short|shorttype|bytetype", "integer"),
    (r"float(16|32|64)?|floattype|double(type)?|number|numeric|decimal.*|real", "number"),
    (r"bool(ean)?(type|_)?", "boolean"),
    (r"str(ing)?(type)?|string\[.*\]|object|utf8|text|varchar.*|char.*|categor.*|enum.*|unicode", "string"),
    (r"datetime.*|timestamp.*", "timestamp"),
    (r"date(32|type)?", "date"),
)


def logical_type(name: object) -> LogicalType | None:
    """Return the type that a name stands for: ``Int64``, ``datetime64[ns]``, ``VARCHAR(20)``; ``None`` for others."""
    said = str(name).strip().lower().split(".")[-1] if name is not None else ""
    return next((kind for pattern, kind in _NAMES if re.fullmatch(pattern, said)), None)
