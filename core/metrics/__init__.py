"""The metric catalogue: outcomes in, estimates out."""

from collections.abc import Mapping
from datetime import datetime

from core.errors import InvalidInput
from core.metrics.bias import BIAS
from core.metrics.correct_share import CORRECT_SHARE
from core.metrics.estimation import estimate, estimate_difference
from core.metrics.latency_p95 import LATENCY_P95
from core.metrics.macro_recall import MACRO_RECALL
from core.metrics.mae import MAE
from core.metrics.metric import Metric, Outcomes
from core.metrics.out_of_range import OUT_OF_RANGE
from core.metrics.precision import PRECISION
from core.metrics.recall import RECALL
from core.metrics.roc_auc import ROC_AUC
from core.metrics.share_gap import SHARE_GAP
from core.statistics.estimate import Estimate

METRICS: Mapping[str, Metric] = {
    "recall": RECALL,
    "precision": PRECISION,
    "roc_auc": ROC_AUC,
    "share_gap": SHARE_GAP,
    "correct_share": CORRECT_SHARE,
    "macro_recall": MACRO_RECALL,
    "mae": MAE,
    "bias": BIAS,
    "latency_p95": LATENCY_P95,
    "out_of_range": OUT_OF_RANGE,
}


def metric_named(name: str) -> Metric:
    """Return an entry of the catalogue.

    Raises
    ------
    InvalidInput
        The catalogue has no such metric.
    """
    if name not in METRICS:
        raise InvalidInput(f"There is no metric {name!r}. Choose one of {', '.join(METRICS)}.")
    return METRICS[name]


def measure(
    name: str, parameters: Mapping[str, float], outcomes: Outcomes, *, as_of: datetime | None = None
) -> Estimate | None:
    """Measure a metric of the catalogue; ``None`` where there is nothing to measure on (no rows, no positives).

    Raises
    ------
    InvalidInput
        The metric or a parameter is unknown, or the outcomes lack what the metric needs.
    """
    return estimate(metric_named(name), outcomes, parameters=parameters, as_of=as_of)


def difference(name: str, parameters: Mapping[str, float], left: Outcomes, right: Outcomes) -> Estimate | None:
    """Measure ``right`` minus ``left`` on the same blocks; ``None`` where either has nothing to measure on.

    Raises
    ------
    InvalidInput
        The metric or a parameter is unknown, or the outcomes lack what the metric needs.
    """
    return estimate_difference(metric_named(name), left, right, parameters=parameters)


__all__ = ["METRICS", "Metric", "Outcomes", "difference", "measure", "metric_named"]
