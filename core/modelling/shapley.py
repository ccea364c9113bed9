"""How much each input moves what a model says of a row, by SHAP: the served file is asked, whatever it was made by.

``shap`` is an extra (``pip install "fullcircle[shap]"``); nothing here is imported from it until it is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.errors import Unavailable
from core.modelling.explanation import Asked, Leaning, place_of
from core.modelling.onnx_model import OnnxModel
from core.statistics.blocks import Floats

ROWS, BESIDE = 200, 50
"""Rows that are explained, and rows that each is held against."""
INSTALL = 'pip install "fullcircle[shap]"'


def installed() -> bool:
    """Tell whether the extra is there."""
    return find_spec("shap") is not None


def shapley(holdout: pl.DataFrame, model: OnnxModel, *, label: str | None = None) -> tuple[Leaning, ...]:
    """Return the mean absolute SHAP value of each input, the largest first.

    Parameters
    ----------
    label
        The class whose probability is explained; by default the last: the positive one of two.

    Raises
    ------
    Unavailable
        The extra is not installed.
    InvalidInput
        The model has no such class.

    Notes
    -----
    Shapley values of the output (Lundberg and Lee 2017) by one random order of the inputs and its reverse for each row:
    exact where inputs only add up, else with noise that the mean over rows smooths. An input that is left out takes its
    values of ``BESIDE`` other rows, independently of the rest. Interval: blocks of the explained rows resampled, 95 %.
    """
    if not installed():
        raise Unavailable(f"SHAP is not installed here. Install it with: {INSTALL}")
    place = place_of(model, label)
    asked = Asked.of(holdout, model, most=ROWS + BESIDE)
    beside = min(BESIDE, len(asked.rows) // 2)
    table = _Coded.of(asked.columns)

    def said(rows: Floats) -> Floats:
        output = asked.output(table.columns(rows))
        return output[:, place] if output.ndim == 2 else output

    costs = np.abs(_values(said, explained=table.matrix[beside:], beside=table.matrix[:beside]))
    explained = replace(asked, rows=asked.rows[beside:])
    found = [Leaning(name=name, cost=explained.mean(costs[:, at])) for at, name in enumerate(asked.columns)]
    return tuple(sorted(found, key=lambda one: -one.cost.value))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coded:
    """Columns as one matrix of numbers: a text is the place of its level in ``levels``, which are ``None`` else."""

    matrix: Floats
    kept: Mapping[str, NDArray[Any]]
    levels: Mapping[str, NDArray[Any] | None]

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]]) -> "_Coded":
        levels: dict[str, NDArray[Any] | None] = {}
        coded: list[Floats] = []
        for name, values in columns.items():
            flat = values.reshape(-1)
            levels[name] = None
            if values.dtype.kind not in "fiub":
                levels[name], flat = np.unique(flat.astype(str), return_inverse=True)
            coded.append(flat.astype(np.float64))
        return cls(matrix=np.column_stack(coded), kept=columns, levels=levels)

    def columns(self, rows: Floats) -> dict[str, NDArray[Any]]:
        """Return rows of the matrix as the model reads them."""
        found: dict[str, NDArray[Any]] = {}
        for at, (name, like) in enumerate(self.kept.items()):
            levels = self.levels[name]
            values = rows[:, at] if levels is None else levels[rows[:, at].astype(np.intp)]
            found[name] = values.astype(like.dtype).reshape(-1, *like.shape[1:])
        return found


def _values(said: Callable[[Floats], Floats], *, explained: Floats, beside: Floats) -> Floats:
    """Return the SHAP value of each input of each row that is explained."""
    from shap import PermutationExplainer  # pyright: ignore[reportMissingImports] - an extra that few install
    from shap.maskers import Independent  # pyright: ignore[reportMissingImports]

    explainer: Any = PermutationExplainer(said, Independent(beside, max_samples=len(beside)), seed=0)
    evaluations = 2 * explained.shape[1] + 1
    return np.asarray(explainer(explained, max_evals=evaluations, silent=True).values, dtype=np.float64)
