"""The share of requested rows that got no answer."""

from collections.abc import Mapping

import numpy as np

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Metric, Outcomes
from core.metrics.share import share
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters
    if outcomes.latency_ms is None:
        raise InvalidInput("This metric needs latencies (missing where there was no answer), which the outcomes lack.")
    unanswered = ~np.isfinite(outcomes.latency_ms.astype(np.float64))
    asked = np.ones(len(unanswered), dtype=np.bool_)
    return share(unanswered, among=asked, rows=asked, blocks=blocks)


ERROR_RATE = Metric(
    name="error_rate",
    title="Share without an answer",
    description="The share of requested rows that got no answer.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary", "multiclass", "regression"),
    needs="latency",
    measure=_measure,
)
