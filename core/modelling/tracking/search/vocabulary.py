"""Which words a search understands: one vocabulary a kind of thing that is searched."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.modelling.tracking.search.condition import Entity, Operator


class Reads(StrEnum):
    """What a condition's value is read as."""

    NUMBER = "number"
    INTEGER = "whole number"
    TEXT = "text"


NUMERIC = frozenset(
    {Operator.EQUAL, Operator.UNEQUAL, Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST}
)
TEXTUAL = frozenset({Operator.EQUAL, Operator.UNEQUAL, Operator.LIKE, Operator.ILIKE})
LISTED = frozenset({Operator.IN, Operator.NOT_IN})
PRESENCE = frozenset({Operator.IS_NULL, Operator.IS_NOT_NULL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """What may be asked of one thing. ``name`` is what an alias stands for; free names keep their own."""

    reads: Reads
    operators: frozenset[Operator]
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What may stand behind one first word: named fields, or any name (``free``)."""

    entity: Entity
    fields: Mapping[str, Field] | None = None
    free: Field | None = None
    ordered: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What one kind of search understands.

    ``sections`` are the first words (``metrics`` of ``metrics.auc``); a name without one is an attribute.
    """

    things: str
    sections: Mapping[str, Section]
    example: str

    @property
    def attributes(self) -> Section:
        """Return the section of names that stand alone."""
        return self.sections["attribute"]
