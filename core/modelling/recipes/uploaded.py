"""Predictions that somebody uploaded: scores without a model, which can be judged and never served."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInput
from core.modelling.recipe import Recipe

_UNTRAINABLE = "These are scores without a model, so there is nothing to train again. Upload newer ones."


def _make(parameters: Mapping[str, float], rows: int) -> Any:  # noqa: ARG001 - nothing here can train it
    raise InvalidInput(_UNTRAINABLE)


UPLOADED = Recipe(
    name="uploaded",
    title="Uploaded predictions",
    summary="Scores that somebody uploaded, held against the labels of the accepted dataset; there is no model.",
    kinds=frozenset(),
    untrainable=_UNTRAINABLE,
    registrable=False,
    unregistered="Scores without a model: they are judged like any run, and cannot be registered.",
    defaults={},
    make=_make,
)
