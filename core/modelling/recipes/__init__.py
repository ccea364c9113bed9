"""The recipes that a page offers to train with."""

from collections.abc import Mapping
from types import MappingProxyType

from core.modelling.recipe import Recipe
from core.modelling.recipes.boosting import BOOSTING
from core.modelling.recipes.boosting_regressor import BOOSTING_REGRESSOR
from core.modelling.recipes.linear import LINEAR
from core.modelling.recipes.logged import LOGGED
from core.modelling.recipes.logistic import LOGISTIC
from core.modelling.recipes.majority import MAJORITY
from core.modelling.recipes.mean import MEAN
from core.modelling.recipes.uploaded import UPLOADED
from core.scoping.project import TaskKind

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "majority": MAJORITY,
        "mean": MEAN,
        "logistic": LOGISTIC,
        "linear": LINEAR,
        "boosting": BOOSTING,
        "boosting_regressor": BOOSTING_REGRESSOR,
        "logged": LOGGED,
        "uploaded": UPLOADED,
    }
)


def recipes_for(kind: TaskKind) -> tuple[Recipe, ...]:
    """Return the recipes for a kind of task, the baseline first."""
    return tuple(recipe for recipe in RECIPES.values() if kind in recipe.kinds)
