"""The fields of a request, read as protobuf reads its JSON.

A number may be text, ``null`` is the same as nothing, a name may be written ``run_id`` or ``runId``, and what is not
asked for is not looked at. Of a query, every value is text, and a field may come several times.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, cast

import orjson

from core.errors import InvalidInput

Choice = TypeVar("Choice", bound=StrEnum)
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_NO_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_UNFIT = re.compile("[\x00\ud800-\udfff]")


class Fields:
    """The fields of one message. ``place`` is where it stands in the request, for sentences about it."""

    def __init__(self, content: Mapping[str, Any], place: str = "") -> None:
        self._content = content
        self._place = place

    def beside(self, named: Mapping[str, str]) -> "Fields":
        """Return the fields with those that the path names, which count before all others."""
        return Fields({**self._content, **named}, self._place)

    def text(self, name: str, default: str = "") -> str:
        """Return a text, or ``default``."""
        value = self._value(name)
        return default if value is None else self._checked_text(name, value)

    def needed(self, name: str, *others: str) -> str:
        """Return a text that must be there and not be empty, under ``name`` or an older name of the field."""
        for known in (name, *others):
            if value := self.text(known):
                return value
        raise InvalidInput(f"Missing value for required parameter '{self._place}{name}'. Send it.")

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        return [self._checked_text(name, value) for value in self._list(name)]

    def integer(self, name: str) -> int | None:
        """Return a whole number of 64 bits, or ``None``."""
        value = self._value(name)
        if value is None:
            return None
        number = _integer(value)
        if number is None:
            raise self._wrong(name, value, "a whole number of 64 bits")
        return number

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no, or ``default``."""
        value = self._value(name)
        known = {True: True, False: False, "true": True, "false": False}
        if value is None:
            return default
        if not isinstance(value, bool | str) or value not in known:
            raise self._wrong(name, value, "true or false")
        return known[value]

    def number(self, name: str) -> float | None:
        """Return a number, which may be ``"NaN"``, ``"Infinity"`` or ``"-Infinity"``, or ``None``."""
        value = self._value(name)
        if value is None:
            return None
        number = _number(value)
        if number is None:
            raise self._wrong(name, value, "a number")
        return number

    def choice(self, name: str, choices: type[Choice]) -> Choice | None:
        """Return one of ``choices``, given by its name or by its number from 1, or ``None``."""
        value = self._value(name)
        if value is None:
            return None
        number = _integer(value)
        try:
            return choices(value) if number is None else list(choices)[number - 1 if number > 0 else len(choices)]
        except (ValueError, IndexError, TypeError):
            raise self._wrong(name, value, f"one of {', '.join(choices)}") from None

    def messages(self, name: str) -> list["Fields"]:
        """Return a list of messages."""
        found: list[Fields] = []
        for place, value in enumerate(self._list(name)):
            content = _read_json(value) if isinstance(value, str) else value
            if not isinstance(content, dict):
                raise self._wrong(f"{name}[{place}]", value, "an object")
            found.append(Fields(cast("dict[str, Any]", content), f"{self._place}{name}[{place}]."))
        return found

    def message(self, name: str) -> "Fields":
        """Return a message; one that is not there has no fields."""
        value = self._value(name)
        if value is not None and not isinstance(value, dict):
            raise self._wrong(name, value, "an object")
        return Fields(cast("dict[str, Any]", value or {}), f"{self._place}{name}.")

    def _list(self, name: str) -> Sequence[Any]:
        value = self._value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, value, "a list")
        return cast("list[Any]", value)

    def _value(self, name: str) -> Any:
        value = self._content.get(name)
        if "_" in name and (camel := self._content.get(_camel(name))) is not None:
            if value is not None:
                raise InvalidInput(f"The request holds both '{name}' and '{_camel(name)}'. Send one of both.")
            return camel
        return value

    def _checked_text(self, name: str, value: Any) -> str:
        if not isinstance(value, str):
            raise self._wrong(name, value, "text")
        if _UNFIT.search(value):
            raise InvalidInput(f"The parameter '{self._place}{name}' holds characters that are no text. Remove them.")
        return value

    def _wrong(self, name: str, value: Any, wanted: str) -> InvalidInput:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else f"{shown[:60]}…"
        return InvalidInput(f"Invalid value {shown} for parameter '{self._place}{name}': it must be {wanted}.")


class QueryFields(Fields):
    """The fields of a query, each with all its values."""

    def __init__(self, content: Mapping[str, list[str]]) -> None:
        super().__init__(content)

    def beside(self, named: Mapping[str, str]) -> Fields:
        """Return the fields with those that the path names."""
        return QueryFields({**self._content, **{name: [value] for name, value in named.items()}})

    def _value(self, name: str) -> Any:
        values = super()._value(name)
        return values[-1] if values else None

    def _list(self, name: str) -> Sequence[Any]:
        return self._content.get(name, [])


def of_body(body: bytes) -> Fields:
    """Return the fields of a JSON body; an empty one has none.

    Raises
    ------
    InvalidInput
        The body is no JSON object.
    """
    content = _read_json(body) if body else {}
    if isinstance(content, str):  # some old clients encode their JSON twice
        content = _read_json(content)
    if not isinstance(content, dict):
        raise InvalidInput("The body of the request is no JSON object. Send one, such as {}.")
    return Fields(cast("dict[str, Any]", content))


def _read_json(text: bytes | str) -> Any:
    try:
        return orjson.loads(text)
    except ValueError:
        pass
    try:  # it knows NaN, which JSON lacks and Python's clients send
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@cache
def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def _integer(value: Any) -> int | None:
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[+-]?[0-9]{1,19}", value) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and _LOWEST <= value <= _HIGHEST else None


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        return float(value) if _NUMBER.fullmatch(value) else _NO_NUMBERS.get(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if isinstance(value, float) or abs(value) < 2**1023 else None
