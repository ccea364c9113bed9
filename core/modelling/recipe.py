"""A recipe: a way to train a model that the page offers. The entries are in ``recipes/``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from core.errors import InvalidInput
from core.scoping.project import TaskKind

Encoding = Literal["indicators", "means"]
"""How text reaches the estimator: one column a level, or one column with the mean of the target at that level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a search draws a parameter from: evenly, or evenly on the scale of its logarithm."""

    lower: float
    upper: float
    logarithmic: bool = False
    whole: bool = False

    def draw(self, rng: np.random.Generator) -> float:
        """Return one value."""
        if self.whole:
            return float(rng.integers(int(self.lower), int(self.upper) + 1))
        if self.logarithmic:
            return float(np.exp(rng.uniform(np.log(self.lower), np.log(self.upper))))
        return float(rng.uniform(self.lower, self.upper))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A way to train a model.

    ``spans`` are the parameters that a search draws; a default ``seed`` is there where the estimator leaves something
    to chance. ``make`` turns parameters and the number of training rows into an estimator of scikit-learn that is not
    fitted yet. A recipe that is not ``registrable`` is a baseline: it shows what knowing nothing is worth and can never
    be served; ``unregistered`` says so, or why else. ``untrainable`` says why nothing here can train it, if so.
    """

    name: str
    title: str
    summary: str
    kinds: frozenset[TaskKind]
    registrable: bool = True
    unregistered: str = "A baseline is never registered: it shows what knowing nothing is worth."
    untrainable: str = ""
    encoding: Encoding = "indicators"
    defaults: Mapping[str, float]
    spans: Mapping[str, Span] = field(default_factory=dict[str, Span])
    make: Callable[[Mapping[str, float], int], Any]

    @property
    def seeded(self) -> bool:
        """Tell whether another seed gives another model."""
        return "seed" in self.defaults

    def settle(self, parameters: Mapping[str, float] | None) -> dict[str, float]:
        """Return the defaults with ``parameters`` laid over them.

        Raises
        ------
        InvalidInput
            The recipe has no such parameter.
        """
        unknown = sorted(set(parameters or {}) - set(self.defaults))
        if unknown:
            known = ", ".join(self.defaults) or "none"
            raise InvalidInput(f"The recipe {self.title!r} has no parameter {unknown[0]!r}; it has {known}.")
        return {**self.defaults, **(parameters or {})}
