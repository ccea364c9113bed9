"""What an entry of the catalogue of paired tests is: how two models are compared on the same rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.metrics.metric import Metric, Outcomes
from core.statistics.blocks import Floats, code_blocks, every_row
from core.statistics.estimate import Estimate
from core.statistics.paired import PairedDifference
from core.statistics.resampling import Ratio


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two models' outcomes of the same rows in the same order, by a metric with every constant filled in.

    ``level`` is that of the interval, 0-1.
    """

    metric: Metric
    parameters: Mapping[str, Any]
    left: Outcomes
    right: Outcomes
    level: float = 0.95

    @property
    def independent(self) -> bool:
        """Tell whether each row is a block of its own."""
        return len(set(self.left.blocks.tolist())) == len(self.left.blocks)

    @property
    def rows(self) -> Floats | None:
        """Return what each row adds to a metric that is a mean, one line a row: left, right.

        ``None`` where the metric is none, or where what a model says decides which rows count (precision).
        """
        found = [self._ratio(side) for side in (self.left, self.right)]
        if found[0] is None or found[1] is None:
            return None
        counted, also = found[0].denominators, found[1].denominators
        if not np.array_equal(counted, also) or not np.isin(counted, (0.0, 1.0)).all():
            return None
        return np.column_stack([side.numerators for side in found if side])[counted == 1.0]

    def _ratio(self, side: Outcomes) -> Ratio | None:
        # first by pools of rows: what is no mean may need a table of every two units
        pools = self.metric.measure(side, self.parameters, code_blocks(side.blocks))
        if pools is None or not isinstance(pools.resample, Ratio):
            return None
        rows = self.metric.measure(side, self.parameters, every_row(len(side.blocks)))
        return rows.resample if rows and isinstance(rows.resample, Ratio) else None

    def estimate(self, found: PairedDifference, n: int) -> Estimate:
        """Return a difference over ``n`` independent rows as an estimate."""
        return Estimate(value=found.value, interval=found.interval(self.level), level=self.level, n=n, n_blocks=n)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedTest:
    """One entry of the catalogue.

    ``why`` says when it is taken and what it does, to follow the title in a sentence; ``{block}`` in it stands for the
    project's block. ``difference`` measures right less left, ``None`` where either has nothing to measure on.
    """

    name: str
    title: str
    why: str
    difference: Callable[[Pair], Estimate | None]
