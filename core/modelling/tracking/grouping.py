"""Logged runs by a parameter or tag: how many, and each metric's mean and spread over them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean, stdev

from core.modelling.tracking.columns import Column, RunsTable


@dataclass(frozen=True, slots=True)
class Spread:
    """The mean of a metric over ``count`` runs and its standard deviation (n - 1), ``None`` of a single run."""

    mean: float
    deviation: float | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The runs that share a value; ``value`` is ``None`` for those that logged none."""

    value: str | None
    runs: Sequence[int]
    spreads: Mapping[Column, Spread | None]


def grouped(table: RunsTable, by: Column, metrics: Sequence[Column]) -> tuple[Group, ...]:
    """Return the groups of a table's rows in the order of their first row; ``runs`` are places in the table."""
    places: dict[str | None, list[int]] = defaultdict(list)
    for place, cell in enumerate(table.cells[by]):
        places[None if cell is None else str(cell)].append(place)
    values = {metric: table.numbers(metric) for metric in metrics}
    return tuple(
        Group(
            value=value,
            runs=tuple(rows),
            spreads={metric: spread([values[metric][row] for row in rows]) for metric in metrics},
        )
        for value, rows in places.items()
    )


def spread(values: Sequence[float | None]) -> Spread | None:
    """Return mean and spread of the finite ones among some values, or ``None`` where there is none."""
    finite = [value for value in values if value is not None and isfinite(value)]
    if not finite:
        return None
    return Spread(fmean(finite), stdev(finite) if len(finite) > 1 else None, len(finite))
