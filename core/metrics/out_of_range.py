"""Rows outside the training range, in the input where they are most."""

from collections.abc import Mapping

from core.errors import InvalidInput
from core.metrics.metric import Measurement, Metric, Outcomes
from core.statistics.blocks import Blocks


def _measure(outcomes: Outcomes, parameters: Mapping[str, float], blocks: Blocks) -> Measurement | None:
    del parameters, blocks
    if outcomes.outside is None:
        raise InvalidInput(
            "This metric needs to know which inputs lie outside the training range; the outcomes do not."
        )
    n = len(outcomes.blocks)
    if not n or not outcomes.outside:
        return None
    # all rows of the window are counted, none is sampled: no interval, no blocks
    return Measurement(value=max(float(rows.mean()) for rows in outcomes.outside.values()), n=n, n_blocks=0)


OUT_OF_RANGE = Metric(
    name="out_of_range",
    title="Rows outside the training range",
    description="The share of rows outside the training range, in the input where it is largest.",
    unit="share",
    greater_is_better=False,
    task_kinds=("binary", "multiclass", "regression"),
    needs="inputs",
    measure=_measure,
)
