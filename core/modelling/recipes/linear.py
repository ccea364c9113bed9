"""Linear regression with a little shrinkage, so that inputs which repeat one another do no harm."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe, Span
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - any number of rows
    from sklearn.linear_model import Ridge

    return Ridge(alpha=parameters["alpha"])


LINEAR = Recipe(
    name="linear",
    title="Linear regression",
    summary="One weight an input: quick, easy to explain, and it goes on in a straight line outside what it has seen.",
    kinds=frozenset({TaskKind.REGRESSION}),
    defaults={"alpha": 1.0},
    spans={"alpha": Span(lower=1e-3, upper=1e4, logarithmic=True)},
    make=_make,
)
