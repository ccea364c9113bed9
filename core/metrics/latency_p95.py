"""The latency that 95 of 100 answers stay within."""

from collections.abc import Mapping

import numpy as np

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks
from core.statistics.intervals import quantile_interval


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    if outcomes.latency_ms is None:
        raise InvalidInput("This metric needs latencies, which the outcomes lack.")
    latency = outcomes.latency_ms.astype(np.float64)
    answered = np.isfinite(latency)
    if not answered.any():
        return None
    values = latency[answered]
    return Measurement(
        value=float(np.quantile(values, 0.95, method="inverted_cdf")),
        n=values.size,
        n_blocks=blocks.count(answered),
        interval=quantile_interval(values, 0.95),
    )


LATENCY_P95 = Metric(
    name="latency_p95",
    title="p95 latency",
    description="95 of 100 answers take at most this long.",
    unit="ms",
    greater_is_better=False,
    task_kinds=("binary", "multiclass", "regression"),
    needs="latency",
    measure=_measure,
)
