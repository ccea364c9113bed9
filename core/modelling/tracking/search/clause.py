"""One condition of a filter as MLflow's clients write it, from its parts."""

import math
import re

from core.errors import InvalidInput
from core.modelling.tracking.search.condition import Entity

OPERATORS = {
    Entity.METRIC: (">", ">=", "<", "<=", "=", "!="),
    Entity.PARAM: ("=", "!=", "LIKE", "ILIKE"),
    Entity.TAG: ("=", "!=", "LIKE", "ILIKE"),
}
_WORDS = {Entity.METRIC: "metrics", Entity.PARAM: "params", Entity.TAG: "tags"}
_PLAIN = re.compile(r"[A-Za-z_]\w*", flags=re.ASCII)


def clause(entity: Entity, name: str, operator: str, value: str) -> str:
    """Return a condition on a metric, a parameter or a tag.

    Raises
    ------
    InvalidInput
        The value of a metric is no number, the operator is not one of ``OPERATORS``, or name or value hold both sorts
        of quotes, which the grammar has no way to write.
    """
    if operator not in OPERATORS.get(entity, ()):
        raise InvalidInput(f"{operator!r} compares no {entity}. Choose one of {', '.join(OPERATORS[entity])}.")
    written = name if _PLAIN.fullmatch(name) else _quoted(name, "`", '"')
    return f"{_WORDS[entity]}.{written} {operator} {_number(value) if entity is Entity.METRIC else _quoted(value)}"


def joined(filter_text: str, added: str) -> str:
    """Return a filter with one more condition, which must hold too."""
    return f"{filter_text.strip()} and {added}" if filter_text.strip() else added


def _number(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InvalidInput(f"A metric is compared with a number, and {value[:40]!r} is none. Write one, like 0.8.")
    return repr(number)


def _quoted(text: str, first: str = "'", second: str = '"') -> str:
    quote = first if first not in text else second
    if quote in text:
        raise InvalidInput(
            f"{text[:40]!r} holds both sorts of quotes, and a filter can write only one. Use LIKE and _."
        )
    return f"{quote}{text}{quote}"
