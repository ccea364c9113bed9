"""The one mapping between the values of core and the rows of their tables."""

import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, BigInteger, Column, Table

from core.errors import Corrupted, InvalidInput
from core.storage.columns import decode, encode
from core.storage.row import table_of
from core.storage.tables import TABLES

Value = TypeVar("Value")


def table_for(kind: type) -> Table:
    """Return the table that keeps values of ``kind``."""
    return table_of(TABLES[kind])


def to_row(value: Any) -> dict[str, Any]:
    """Return the columns of a value.

    Raises
    ------
    InvalidInput
        A field holds something that the value's type does not allow, or that a database cannot keep.
    """
    kind, table = type(value), table_for(type(value))
    adapter = _adapter(kind)
    try:
        # What cannot be read back must not be written: a wrong type is told to the writer, not to the reader.
        checked = adapter.validate_python(adapter.dump_python(value, warnings=False))
    except ValidationError as error:
        raise InvalidInput(f"A {title(kind)} cannot be stored: {_first(error)}.") from error
    content = adapter.dump_python(checked)
    return {field.name: to_column(table.c[field.name], content[field.name]) for field in fields(kind)}


def to_column(column: Column[Any], value: Any) -> Any:
    """Return what one column keeps of ``value``.

    Raises
    ------
    InvalidInput
        A time without a zone, a NUL character, or a number that is none.
    """
    if isinstance(column.type, JSON):
        return value if value is None else as_json(value)
    if isinstance(value, Enum):
        return value.value
    reason = _unfit(value) or _too_large(column, value)
    if reason:
        raise InvalidInput(f"The {column.name.replace('_', ' ')} cannot be stored: it {reason}.")
    return value


def from_row(kind: type[Value], row: Mapping[str, Any]) -> Value:
    """Return the value that a row keeps.

    Raises
    ------
    Corrupted
        The row does not hold what this version of the program writes.
    """
    try:
        return _adapter(kind).validate_python(dict(row))
    except ValidationError as error:
        raise Corrupted(
            f"The {title(kind)} {row.get('id')} cannot be read: {_first(error)}. Restore it from a backup, "
            "or open it with the version of Fullcircle that wrote it."
        ) from error


def as_json(value: Any) -> Any:
    """Return ``value`` as it comes back out of a JSON column.

    Raises
    ------
    InvalidInput
        Something inside has no form in JSON.
    """
    try:
        return decode(encode(value))
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"A nested value cannot be stored: {error}.") from error


def title(kind: type) -> str:
    """Return the name of a kind of record as people read it: ``model version``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind.__name__).strip()


@cache
def _adapter(kind: type[Value]) -> TypeAdapter[Value]:
    return TypeAdapter(kind)


def _unfit(value: Any) -> str | None:
    if isinstance(value, datetime) and value.tzinfo is None:
        return "is a time without a zone; say in which zone it is"
    if isinstance(value, float) and math.isnan(value):
        return "is not a number"
    if isinstance(value, str) and ("\x00" in value or any("\ud800" <= c <= "\udfff" for c in value)):
        return "holds characters that are no text; remove them"
    return None


def _too_large(column: Column[Any], value: Any) -> str | None:
    bits = 63 if isinstance(column.type, BigInteger) else 31
    return f"is beyond {2**bits - 1:,}" if isinstance(value, int) and abs(value) >= 2**bits else None


def _first(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in found["loc"])
    return f"{where}: {found['msg']}" if where else found["msg"]
