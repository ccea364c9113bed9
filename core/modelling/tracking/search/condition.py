"""What a search asks, as values: conditions that all hold, an order, and where a page begins."""

from dataclasses import dataclass
from enum import StrEnum


class Entity(StrEnum):
    """What part of a thing a condition looks at."""

    METRIC = "metric"
    PARAM = "parameter"
    TAG = "tag"
    ATTRIBUTE = "attribute"
    DATASET = "dataset"


class Operator(StrEnum):
    """How a condition compares."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"
    NOT_IN = "NOT IN"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"


Wanted = float | int | str | tuple[str, ...] | None
"""What a condition compares with; ``None`` where the operator says it all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison: ``metrics.auc > 0.9``."""

    entity: Entity
    key: str
    operator: Operator
    wanted: Wanted = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """One key of an order: ``metrics.auc DESC``."""

    entity: Entity
    key: str
    ascending: bool = True
