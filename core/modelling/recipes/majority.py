"""Always the commonest class: what knowing nothing is worth."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - nothing to set
    from sklearn.dummy import DummyClassifier

    return DummyClassifier(strategy="prior")


MAJORITY = Recipe(
    name="majority",
    title="Commonest class (baseline)",
    summary="Gives every row the share of the classes in the training rows; every real model has to beat it.",
    kinds=frozenset({TaskKind.BINARY, TaskKind.MULTICLASS}),
    registrable=False,
    defaults={},
    make=_make,
)
