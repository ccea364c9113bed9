"""A tag that says which rows it means: ``origin is LGA``, ``temp above 64, carrier is DL``, ``age is missing``."""

import re
from collections.abc import Sequence

from core.frames.slice import Condition, Operator, Slice
from core.modelling.run import Feature

_WORDS: dict[str, Operator] = {
    "is not": "!=",
    "!=": "!=",
    "is": "==",
    "==": "==",
    "=": "==",
    "at least": ">=",
    ">=": ">=",
    "from": ">=",
    "at most": "<=",
    "up to": "<=",
    "<=": "<=",
    "above": ">",
    ">": ">",
    "below": "<",
    "<": "<",
}
_SAID = re.compile(rf"^\s*({'|'.join(re.escape(word) for word in _WORDS)})\s*(.+?)\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"^\s*(\S+)\s+to\s+(\S+)\s*$", re.IGNORECASE)


def slice_said(tag: str, features: Sequence[Feature]) -> Slice | None:
    """Return the slice that a tag says in words, or ``None`` where it says none that can be counted."""
    found: list[Condition] = []
    for part in tag.split(","):
        conditions = _conditions(part.strip(), features)
        if not conditions:
            return None
        found += conditions
    return Slice(conditions=tuple(found))


def _conditions(part: str, features: Sequence[Feature]) -> list[Condition]:
    named = sorted((f for f in features if part.startswith(f"{f.name} ")), key=lambda f: -len(f.name))
    if not named:
        return []
    feature, rest = named[0], part[len(named[0].name) :]
    if rest.strip().casefold() == "is missing":
        return [Condition(column=feature.name, operator="is missing")]
    numeric = feature.kind == "number"
    if numeric and (ends := _BETWEEN.match(rest)):
        lower, upper = _number(ends[1]), _number(ends[2])
        if lower is None or upper is None:
            return []
        return [
            Condition(column=feature.name, operator=">=", value=lower),
            Condition(column=feature.name, operator="<=", value=upper),
        ]
    if not (said := _SAID.match(rest)):
        return []
    operator, value = _WORDS[said[1].casefold()], _number(said[2]) if numeric else said[2]
    if value is None or (not numeric and operator not in ("==", "!=")):
        return []
    return [Condition(column=feature.name, operator=operator, value=value)]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None
