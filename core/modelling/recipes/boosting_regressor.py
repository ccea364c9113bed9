"""Gradient boosting for numbers: many shallow trees, each mending what the ones before it missed."""

from collections.abc import Mapping
from typing import Any

from core.modelling.recipe import Recipe, Span
from core.scoping.project import TaskKind


def _make(parameters: Mapping[str, float], rows: int) -> Any:
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(
        n_estimators=int(parameters["trees"]),
        max_depth=int(parameters["depth"]),
        learning_rate=parameters["learning_rate"],
        subsample=min(1.0, parameters["rows_a_tree"] / rows),
        min_samples_leaf=max(1, min(int(parameters["min_samples_leaf"]), rows // 50)),
        random_state=int(parameters["seed"]),
    )


BOOSTING_REGRESSOR = Recipe(
    name="boosting_regressor",
    title="Gradient boosting",
    summary="Many shallow trees that find thresholds and combinations; outside what it has seen it stays level.",
    kinds=frozenset({TaskKind.REGRESSION}),
    encoding="means",
    # 10,000 rows a tree: more take longer and add nothing, and small tables give all they have
    defaults={
        "trees": 150,
        "depth": 5,
        "learning_rate": 0.06,
        "rows_a_tree": 10_000,
        "min_samples_leaf": 20,
        "seed": 0,
    },
    spans={
        "trees": Span(lower=50, upper=400, whole=True),
        "depth": Span(lower=2, upper=8, whole=True),
        "learning_rate": Span(lower=0.01, upper=0.3, logarithmic=True),
        "min_samples_leaf": Span(lower=5, upper=100, whole=True),
    },
    make=_make,
)
