"""One column by every method of the catalogue, and what other tools' thresholds would call it. None is the verdict."""

from dataclasses import dataclass

import polars as pl

from core.drift.conditions import CONDITIONS
from core.drift.counts import Counts, counted
from core.drift.methods import METHODS


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMethod:
    """What one method (or threshold of another tool) says of a column.

    ``drift`` is there for a threshold alone: whether it would be called drift. ``said`` is when not to believe it.
    """

    title: str
    value: float | None = None
    p_value: float | None = None
    drift: bool | None = None
    said: str


def by_methods(reference: pl.Series, current: pl.Series) -> tuple[ByMethod, ...]:
    """Measure a column by every method that is defined for it, then by the thresholds of other tools.

    Rows are taken as independent, as these methods do in the literature: where they come in days that resemble one
    another, a p-value is too small, and the verdict of the page is the one to go by.
    """
    return by_methods_of_counts(counted(reference, current))


def by_methods_of_counts(counts: Counts) -> tuple[ByMethod, ...]:
    """Measure counts likewise: of summaries too, which may come from an engine whose rows never left their cluster."""
    measured = ((method, method.measure(counts)) for method in METHODS.values())
    methods = [
        ByMethod(title=method.title, value=found.value, p_value=found.p_value, said=found.note or method.misleads)
        for method, found in measured
        if found.value is not None
    ]
    called = [
        ByMethod(title=condition.title, drift=met, said=condition.misleads)
        for condition in CONDITIONS.values()
        if (met := condition.met(counts)) is not None
    ]
    return (*methods, *called)
