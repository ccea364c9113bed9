"""Always the mean: what knowing nothing is worth."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - nothing to set
    from sklearn.dummy import DummyRegressor

    return DummyRegressor()


MEAN = Recipe(
    name="mean",
    title="Mean (baseline)",
    summary="Predicts the mean of the training rows for every row; every real model has to beat it.",
    kinds=frozenset({TaskKind.REGRESSION}),
    registrable=False,
    defaults={},
    make=_make,
)
