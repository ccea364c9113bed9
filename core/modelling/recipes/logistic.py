"""Logistic regression: the simple model that others have to beat."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe, Span
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - any number of rows
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=parameters["C"], max_iter=int(parameters["max_iter"]))


LOGISTIC = Recipe(
    name="logistic",
    title="Logistic regression",
    summary="One weight an input: quick, easy to explain, and it goes on in a straight line outside what it has seen.",
    kinds=frozenset({TaskKind.BINARY, TaskKind.MULTICLASS}),
    defaults={"C": 1.0, "max_iter": 300},
    spans={"C": Span(lower=1e-3, upper=100.0, logarithmic=True)},
    make=_make,
)
