"""A model that code outside Fullcircle trained and logged: brought here as it is, and never offered for training."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInput
from core.modelling.recipe import Recipe

_UNTRAINABLE = (
    "This model was trained by code outside Fullcircle, and only that code can train it again. Run it on the newer "
    "rows, log the run, and bring it from Logged runs."
)


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - nothing here can train it
    raise InvalidInput(_UNTRAINABLE)


LOGGED = Recipe(
    name="logged",
    title="Logged by training code",
    summary="Trained outside Fullcircle and logged with MLflow's client; its ONNX file is judged and served as it is.",
    kinds=frozenset(),
    untrainable=_UNTRAINABLE,
    defaults={},
    make=_make,
)
