"""Gap of error rates: how differently groups are found and falsely flagged (equalized odds)."""

from collections.abc import Mapping
from typing import Any

from core.metrics.by_group import furthest_apart, group_rates
from core.metrics.confusion import confusion
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, Any], blocks: Blocks) -> Measurement | None:
    rows = confusion(outcomes, parameters)
    kinds = ((rows.found, rows.found | rows.missed), (rows.false, rows.false | rows.left))
    rates = [group_rates(outcomes, parameters, counted, among, blocks) for counted, among in kinds]
    present = [rate for rate in rates if rate is not None]
    return furthest_apart(present, rows.known, blocks) if len(present) == len(kinds) else None


ERROR_RATE_GAP = Metric(
    name="error_rate_gap",
    title="Gap of error rates",
    description="The larger of two gaps between groups: of recall, and of the share of negatives that is flagged "
    "falsely (equalized odds).",
    misleads="Where groups differ in their share of positives, a calibrated model cannot close it.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary",),
    needs="labels",
    measure=_measure,
    parameters={"cut": 0.5, "by": ""},
)
