"""The metric catalogue: outcomes in, estimates out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.errors import InvalidInput
from core.metrics.accuracy import ACCURACY
from core.metrics.average_precision import AVERAGE_PRECISION
from core.metrics.balanced_accuracy import BALANCED_ACCURACY
from core.metrics.bias import BIAS
from core.metrics.brier import BRIER
from core.metrics.calibration_error import CALIBRATION_ERROR
from core.metrics.correct_share import CORRECT_SHARE
from core.metrics.error_rate_gap import ERROR_RATE_GAP
from core.metrics.estimation import estimate, filled
from core.metrics.f1 import F1
from core.metrics.failed_requests import FAILED_REQUESTS
from core.metrics.latency_p95 import LATENCY_P95
from core.metrics.lift import LIFT
from core.metrics.log_loss import LOG_LOSS
from core.metrics.macro_f1 import MACRO_F1
from core.metrics.macro_recall import MACRO_RECALL
from core.metrics.mae import MAE
from core.metrics.matthews import MATTHEWS
from core.metrics.median_absolute_error import MEDIAN_ABSOLUTE_ERROR
from core.metrics.metric import Metric, Outcomes
from core.metrics.out_of_range import OUT_OF_RANGE
from core.metrics.paired_test import Pair
from core.metrics.precision import PRECISION
from core.metrics.precision_at_top import PRECISION_AT_TOP
from core.metrics.r_squared import R_SQUARED
from core.metrics.recall import RECALL
from core.metrics.recall_at_top import RECALL_AT_TOP
from core.metrics.recall_gap import RECALL_GAP
from core.metrics.rmse import RMSE
from core.metrics.roc_auc import ROC_AUC
from core.metrics.selection_gap import SELECTION_GAP
from core.metrics.share_gap import SHARE_GAP
from core.metrics.specificity import SPECIFICITY
from core.metrics.wape import WAPE
from core.metrics.worst_correct_share import WORST_CORRECT_SHARE
from core.metrics.worst_mae import WORST_MAE
from core.metrics.worst_recall import WORST_RECALL
from core.statistics.estimate import Estimate

METRICS: Mapping[str, Metric] = {
    "recall": RECALL,
    "precision": PRECISION,
    "f1": F1,
    "specificity": SPECIFICITY,
    "accuracy": ACCURACY,
    "balanced_accuracy": BALANCED_ACCURACY,
    "matthews": MATTHEWS,
    "roc_auc": ROC_AUC,
    "average_precision": AVERAGE_PRECISION,
    "precision_at_top": PRECISION_AT_TOP,
    "recall_at_top": RECALL_AT_TOP,
    "lift": LIFT,
    "share_gap": SHARE_GAP,
    "calibration_error": CALIBRATION_ERROR,
    "brier": BRIER,
    "log_loss": LOG_LOSS,
    "selection_gap": SELECTION_GAP,
    "recall_gap": RECALL_GAP,
    "error_rate_gap": ERROR_RATE_GAP,
    "worst_recall": WORST_RECALL,
    "correct_share": CORRECT_SHARE,
    "macro_recall": MACRO_RECALL,
    "macro_f1": MACRO_F1,
    "worst_correct_share": WORST_CORRECT_SHARE,
    "mae": MAE,
    "median_absolute_error": MEDIAN_ABSOLUTE_ERROR,
    "rmse": RMSE,
    "r_squared": R_SQUARED,
    "wape": WAPE,
    "bias": BIAS,
    "worst_mae": WORST_MAE,
    "latency_p95": LATENCY_P95,
    "out_of_range": OUT_OF_RANGE,
    "failed_requests": FAILED_REQUESTS,
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
    name: str, parameters: Mapping[str, Any], outcomes: Outcomes, *, as_of: datetime | None = None
) -> Estimate | None:
    """Measure a metric of the catalogue; ``None`` where there is nothing to measure on (no rows, no positives).

    Raises
    ------
    InvalidInput
        The metric or a parameter is unknown, or the outcomes lack what the metric needs.
    """
    return estimate(metric_named(name), outcomes, parameters=parameters, as_of=as_of)


def pair(name: str, parameters: Mapping[str, Any], left: Outcomes, right: Outcomes, *, level: float = 0.95) -> Pair:
    """Return two models' outcomes of the same rows, in the same order, as what a paired test is chosen by.

    Raises
    ------
    InvalidInput
        The metric or a parameter is unknown.
    """
    metric = metric_named(name)
    return Pair(metric=metric, parameters=filled(metric, parameters), left=left, right=right, level=level)


__all__ = ["METRICS", "Metric", "Outcomes", "measure", "metric_named", "pair"]
