"""From a measurement to an estimate: blocks are resampled, never rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import MIN_BLOCKS, Blocks, bootstrap_weights, code_blocks, fixed_generator
from core.statistics.estimate import Estimate, Interval
from core.statistics.intervals import percentile_interval, resampling_level, widest
from core.statistics.resampling import Resample

REPEATS = 1000
MOST_REPEATS = 20_000


def estimate(
    metric: Metric, outcomes: Outcomes, *, parameters: Mapping[str, Any], as_of: datetime | None = None
) -> Estimate | None:
    """Measure ``metric`` with a 95 % interval over blocks; ``None`` where there is nothing to measure on.

    Raises
    ------
    InvalidInput
        A parameter is unknown, or the outcomes lack what the metric needs.
    """
    blocks = code_blocks(outcomes.blocks)
    found = metric.measure(outcomes, filled(metric, parameters), blocks)
    return found and estimated(found, blocks, as_of=as_of)


def estimated(found: Measurement, blocks: Blocks, *, as_of: datetime | None = None) -> Estimate:
    """Return a measurement with its 95 % interval over blocks, at least as wide as the closed form."""
    interval = found.interval
    if found.resample is not None:
        interval = _resampled(found.resample, found.n_blocks, blocks.n_units)
        interval = interval and widest(interval, found.interval)
    return Estimate(value=found.value, interval=interval, n=found.n, n_blocks=found.n_blocks, as_of=as_of)


def estimate_difference(
    metric: Metric, left: Outcomes, right: Outcomes, *, parameters: Mapping[str, Any], level: float = 0.95
) -> Estimate | None:
    """Measure ``right`` minus ``left``; a block that is drawn is drawn for both, because both saw the same days.

    ``level`` is that of the interval, 0-1.

    Raises
    ------
    InvalidInput
        A parameter is unknown, or the outcomes lack what the metric needs.
    """
    constants = filled(metric, parameters)
    blocks = code_blocks(np.concatenate([left.blocks, right.blocks]))
    middle = len(left.blocks)
    first = metric.measure(left, constants, blocks.rows(slice(None, middle)))
    second = metric.measure(right, constants, blocks.rows(slice(middle, None)))
    if first is None or second is None:
        return None
    n_blocks = min(first.n_blocks, second.n_blocks)
    return Estimate(
        value=second.value - first.value,
        interval=_resampled(_minus(first, second), n_blocks, blocks.n_units, level),
        level=level,
        n=min(first.n, second.n),
        n_blocks=n_blocks,
    )


def filled(metric: Metric, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with the metric's defaults where they are not given.

    Raises
    ------
    InvalidInput
        A parameter is unknown, or not a finite number where it has to be one.
    """
    for name, value in parameters.items():
        if name not in metric.parameters:
            known = ", ".join(metric.parameters) or "none"
            raise InvalidInput(f"{metric.title} has no parameter {name!r}. Its parameters: {known}.")
        if isinstance(metric.parameters[name], str):
            continue
        if not np.isfinite(value):
            raise InvalidInput(f"The parameter {name!r} of {metric.title} is {value}; give a finite number.")
    return {**metric.parameters, **parameters}


def _minus(first: Measurement, second: Measurement) -> Resample | None:
    left, right = first.resample, second.resample
    if left is None or right is None:
        return None
    return lambda weights: right(weights) - left(weights)


def _resampled(resample: Resample | None, n_blocks: int, n_units: int, level: float = 0.95) -> Interval | None:
    if resample is None or n_blocks < MIN_BLOCKS:
        return None
    repeats = min(round(REPEATS * 0.05 / (1 - level)), MOST_REPEATS)  # as many beyond the ends, whatever the level
    values = resample(bootstrap_weights(n_units, repeats, fixed_generator()))
    return percentile_interval(values, level=resampling_level(n_blocks, level=level))
