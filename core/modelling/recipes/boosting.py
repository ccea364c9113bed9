"""Gradient boosting for classes: many shallow trees, each mending what the ones before it missed."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float]) -> Any:
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        n_estimators=int(parameters["trees"]),
        max_depth=int(parameters["depth"]),
        learning_rate=parameters["learning_rate"],
        subsample=parameters["subsample"],
        max_features=parameters["max_features"],
        min_samples_leaf=int(parameters["min_samples_leaf"]),
        random_state=0,
    )


BOOSTING = Recipe(
    name="boosting",
    title="Gradient boosting",
    summary="Many shallow trees that find thresholds and combinations; outside what it has seen it stays level.",
    kinds=frozenset({TaskKind.BINARY, TaskKind.MULTICLASS}),
    encoding="means",
    # a fifth of the rows a tree: 50,000 rows in seconds, at no cost in accuracy
    defaults={
        "trees": 150,
        "depth": 5,
        "learning_rate": 0.06,
        "subsample": 0.2,
        "max_features": 1.0,
        "min_samples_leaf": 20,
    },
    make=_make,
)
