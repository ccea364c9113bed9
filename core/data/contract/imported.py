"""What reading a contract of another tool gives: the contract, and what could not be carried over, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from core.data.contract.contract import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A contract as it was read; ``left_out`` says in a sentence each what is not in it."""

    contract: Contract
    form: str
    left_out: tuple[str, ...] = ()


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a value if it is a mapping, else an empty one."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def listed(value: Any) -> Sequence[Any]:
    """Return a value if it is a list, else an empty one."""
    return cast("Sequence[Any]", value) if isinstance(value, list | tuple) else ()


def figure(value: Any) -> float | int | None:
    """Return a value if it is a number (truth values are none)."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
