"""Requests that we failed, of all that came."""

from collections.abc import Mapping

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters, blocks
    if outcomes.failed is None:
        raise InvalidInput("This metric needs to know which requests failed; the outcomes do not.")
    n = len(outcomes.failed)
    if not n:
        return None
    # what is agreed is about the requests that came, and all are counted, none is sampled: no interval, no blocks
    return Measurement(value=float(outcomes.failed.mean()), n=n, n_blocks=0)


FAILED_REQUESTS = Metric(
    name="failed_requests",
    title="Failed requests",
    description="The share of all requests that had no answer because we failed (HTTP 500 and above).",
    misleads="A refused request (HTTP 4xx) is not among them, and neither is one that never reached the endpoint.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary", "multiclass", "regression"),
    needs="requests",
    measure=_measure,
)
