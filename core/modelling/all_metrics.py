"""Every metric of the catalogue that fits a run's task, measured on its hold-out; agreed on or not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from core.errors import InvalidInput
from core.metrics import METRICS, Metric, measure
from core.metrics.metric import Outcomes
from core.modelling.evaluation import outcomes
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric of the catalogue on all held-out rows; ``estimate`` is ``None`` where ``reason`` says why not."""

    metric: Metric
    parameters: Mapping[str, Any]
    estimate: Estimate | None
    reason: str = ""

    def agreed_in(self, criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
        """Return the criteria that ask for just this figure."""
        mine = self.metric.name, dict(self.parameters)
        return tuple(c for c in criteria if (c.metric, dict(c.parameters)) == mine and not c.slice.conditions)


def every_metric(
    holdout: pl.DataFrame, kind: TaskKind, *, cut: float | None = None, by: str = ""
) -> tuple[Measured, ...]:
    """Measure what fits the task and needs nothing but labels.

    Parameters
    ----------
    cut
        The score above which the run says yes.
    by
        The column whose groups are held against one another; without it the metrics of groups are left out.
    """
    rows = outcomes(holdout, kind)
    given = {name: value for name, value in (("cut", cut), ("by", by)) if value}
    found: list[Measured] = []
    for metric in METRICS.values():
        grouped = "by" in metric.parameters
        if kind in metric.task_kinds and metric.needs == "labels" and (by or not grouped):
            found.append(_measured(metric, rows, {k: given.get(k, v) for k, v in metric.parameters.items()}))
    return tuple(found)


def _measured(metric: Metric, rows: Outcomes, parameters: Mapping[str, Any]) -> Measured:
    try:
        estimate = measure(metric.name, parameters, rows)
    except InvalidInput as refusal:
        return Measured(metric=metric, parameters=parameters, estimate=None, reason=str(refusal))
    reason = "" if estimate else "The hold-out has nothing to measure it on."
    return Measured(metric=metric, parameters=parameters, estimate=estimate, reason=reason)
