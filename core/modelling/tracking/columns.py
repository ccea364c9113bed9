"""Columns of a table of logged runs: only what is shown is read, however much was logged."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.modelling.tracking.logged_run import Status
from core.modelling.tracking.search.condition import Entity

Cell = float | str | None


class Of(StrEnum):
    """Which value of a metric's history stands for a run."""

    LAST = "last"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MEAN = "mean"


_WORDS = {Entity.METRIC: "metrics", Entity.PARAM: "params", Entity.TAG: "tags"}
_LESS_IS_BETTER = {"loss", "logloss", "error", "err", "mae", "mse", "rmse", "mape", "brier", "ece", "perplexity"}
_ENTITIES = {word: entity for entity, word in _WORDS.items()}


@dataclass(frozen=True, slots=True)
class Column:
    """A metric, parameter or tag; ``of`` says which value of a metric."""

    entity: Entity
    name: str
    of: Of = Of.LAST

    @property
    def text(self) -> str:
        """Return the column as an address has it: ``params.depth``, ``mean:metrics.auc``."""
        before = "" if self.of is Of.LAST else f"{self.of}:"
        return f"{before}{_WORDS[self.entity]}.{self.name}"

    @property
    def title(self) -> str:
        """Return the column's heading."""
        return self.name if self.of is Of.LAST else f"{self.of} {self.name}"


def column_of(text: str) -> Column | None:
    """Return the column that a text of :attr:`Column.text` names, or ``None``."""
    of, colon, rest = text.partition(":")
    if not colon or of not in set(Of):
        of, rest = Of.LAST, text
    word, _, name = rest.partition(".")
    if word not in _ENTITIES or not name or (of != Of.LAST and word != "metrics"):
        return None
    return Column(_ENTITIES[word], name, Of(of))


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHead:
    """What a table says of a run before its columns. ``started_ms`` counts from 1970, UTC."""

    id: str
    name: str
    status: Status
    started_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsTable:
    """Runs in order with the cells of some columns; ``more`` where runs follow that are not in it."""

    runs: Sequence[RunHead] = ()
    cells: Mapping[Column, Sequence[Cell]]
    more: bool = False

    def numbers(self, column: Column) -> list[float | None]:
        """Return the cells of a column as numbers; ``None`` where there is none."""
        return [_number(cell) for cell in self.cells[column]]


@dataclass(frozen=True, slots=True)
class Named:
    """A name that some runs logged: how many of them, and whether their values differ."""

    entity: Entity
    name: str
    runs: int
    differs: bool


def usual_columns(names: Sequence[Named], by: Column | None, most: int) -> tuple[Column, ...]:
    """Return the columns to begin with: ``by``, then ``most`` metrics, those that differ in the most runs first.

    Parameters follow, ``most`` of those that differ.
    """
    metrics = [Column(Entity.METRIC, one.name) for one in _told(names, Entity.METRIC)]
    params = [Column(Entity.PARAM, one.name) for one in _told(names, Entity.PARAM) if one.differs]
    led = list(dict.fromkeys(([by] if by else []) + metrics))
    return (*led[:most], *params[:most])


def usual_order(metric: str) -> str:
    """Return which values of a metric come first, ``highest`` or ``lowest``, going by its name."""
    words = set(re.split(r"[^a-z0-9]+", metric.lower()))
    return "lowest" if words & _LESS_IS_BETTER else "highest"


def _told(names: Sequence[Named], entity: Entity) -> list[Named]:
    found = [one for one in names if one.entity is entity]
    return sorted(found, key=lambda one: (not one.differs, -one.runs))


def _number(cell: Cell) -> float | None:
    try:
        return None if cell is None else float(cell)
    except ValueError:
        return None
