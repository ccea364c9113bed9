"""A recipe: a way to train a model that the page offers. The entries are in ``recipes/``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from core.errors import InvalidInput
from core.scoping.project import TaskKind

Encoding = Literal["indicators", "means"]
"""How text reaches the estimator: one column a level, or one column with the mean of the target at that level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """A way to train a model.

    ``make`` turns parameters and the number of training rows into an estimator of scikit-learn that is not fitted yet.
    A recipe that is not ``registrable`` is a baseline: it shows what knowing nothing is worth and can never be served;
    ``unregistered`` says so, or why else.
    """

    name: str
    title: str
    summary: str
    kinds: frozenset[TaskKind]
    registrable: bool = True
    unregistered: str = "A baseline is never registered: it shows what knowing nothing is worth."
    encoding: Encoding = "indicators"
    defaults: Mapping[str, float]
    make: Callable[[Mapping[str, float], int], Any]

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
