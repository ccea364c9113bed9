"""What an entry of the metric catalogue is, and what it is measured on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.errors import InvalidInput
from core.statistics.blocks import Blocks
from core.statistics.estimate import Interval
from core.statistics.resampling import Resample

Unit = Literal["share", "points", "auc", "score", "factor", "ms", "target"]
"""``share`` 0-1; ``points`` a signed difference of shares; ``score`` and ``factor`` without unit, the latter beyond 1
too; ``target`` the unit of the predicted column."""

Need = Literal["labels", "latency", "inputs", "requests"]
"""``requests`` come to an endpoint: a metric of these is judged in production alone, and on all rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Predicted rows and what became of them, one array an attribute, all of one length.

    ``label`` is 0/1 for a binary task (1 = positive), a number for regression, text for several classes; NaN or
    ``None`` where it is not known yet. ``score`` is the probability of the positive class, the predicted number, or the
    probability of the predicted class; ``predicted`` the class as text. ``outside`` tells for every input whether a
    row lies outside the training range. ``failed`` is of requests, not of rows: which of them had no answer because we
    failed. ``columns`` has the inputs, by which rows are put into groups.
    """

    blocks: NDArray[Any]
    label: NDArray[Any] | None = None
    score: NDArray[Any] | None = None
    predicted: NDArray[Any] | None = None
    latency_ms: NDArray[Any] | None = None
    outside: Mapping[str, NDArray[np.bool_]] | None = None
    failed: NDArray[np.bool_] | None = None
    columns: pl.DataFrame | None = None

    def __post_init__(self) -> None:
        """Check the lengths.

        Raises
        ------
        InvalidInput
            An array is not as long as ``blocks``.
        """
        names = ("label", "score", "predicted", "latency_ms", "failed")
        for name, values in ({name: getattr(self, name) for name in names} | dict(self.outside or {})).items():
            if values is not None and len(values) != len(self.blocks):
                raise InvalidInput(
                    f"The outcomes hold {len(values):,} values of {name!r} for {len(self.blocks):,} rows; "
                    "give one value a row."
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """A measured value and how to resample it.

    ``interval`` is the row-wise closed form: the narrowest that the blocks' interval may become, or the interval itself
    where nothing is resampled. ``n_blocks`` counts the blocks that carry the value, 0 where nothing was sampled.
    """

    value: float
    n: int
    n_blocks: int
    interval: Interval | None = None
    resample: Resample | None = None


Measure = Callable[[Outcomes, Mapping[str, Any], Blocks], Measurement | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One entry of the catalogue.

    ``greater_is_better`` is ``None`` where the best value is zero from either side. ``parameters`` are the constants
    with their defaults: numbers, or the name of a column, whose default is no name. ``measure`` gives ``None`` where
    there is nothing to measure on. ``misleads`` says what to beware of when reading it.
    """

    name: str
    title: str
    description: str
    unit: Unit
    greater_is_better: bool | None
    task_kinds: tuple[str, ...]
    needs: Need
    measure: Measure
    misleads: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])
