"""What moved, week by week: the drift of each window, which covers the last days of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage

from core.deployment.model_version import ModelVersion
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.lifecycle.life import Life
from core.modelling.run import Feature
from core.monitoring.calendar import DRIFT_DAYS, add_days
from core.monitoring.window import Window
from core.scoping.criterion import Criterion, Stage

_FEWEST_TO_GROUP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The days ``[starts, ends)`` that were compared with the training data of ``version``, which served then."""

    window: Window
    starts: datetime
    ends: datetime
    version: ModelVersion | None
    columns: Mapping[str, ColumnDrift]

    def column(self, name: str) -> ColumnDrift | None:
        """Return what was found of a column."""
        return self.columns.get(name)

    def count(self, verdict: DriftVerdict) -> int:
        """Return how many columns have a verdict."""
        return sum(c.verdict is verdict for c in self.window.drift)

    def outside(self, column: str) -> float | None:
        """Return the share of a column's rows outside the training range; ``None`` where it has no range."""
        return (self.window.outside or {}).get(column)

    def feature(self, column: str) -> Feature | None:
        """Return what training saw of a column."""
        return next((f for f in self.version.features if f.name == column), None) if self.version else None


def weeks(life: Life) -> tuple[Week, ...]:
    """Return the weeks whose drift is known, oldest first; windows that end together share one."""
    by_end: dict[datetime, Window] = {}
    for window in life.windows:
        if window.drift:
            by_end.setdefault(window.ends, window)
    return tuple(_week(life, window) for _, window in sorted(by_end.items()))


def _week(life: Life, window: Window) -> Week:
    last_week = max(window.starts, add_days(window.ends, -DRIFT_DAYS, life.project.zone))
    starts = window.starts if window.whole else last_week
    return Week(
        window=window,
        starts=starts,
        ends=window.ends,
        version=life.version(champion_of(life, window)),
        columns={column.column: column for column in window.drift},
    )


def champion_of(life: Life, window: Window) -> str | None:
    """Return the id of the version that answered in a window."""
    judged = next((j.model_version_id for j in window.judgements if j.variant == "champion"), None)
    before = [d.champion_id for d in life.deployments if d.on < window.ends]
    return judged or (before[-1] if before else None)


def worst_first(found: Sequence[Week], chosen: Week) -> tuple[str, ...]:
    """Return the columns, those first that drifted in the chosen week, then by how often and how far they drifted."""
    compared = [column for week in found for column in week.window.drift]
    names = dict.fromkeys(column.column for column in compared)
    often = Counter(column.column for column in compared if column.verdict is DriftVerdict.DRIFTED)

    def rank(name: str) -> tuple[bool, float, int, float]:
        now = chosen.column(name)
        drifted = now is not None and now.verdict is DriftVerdict.DRIFTED
        outside, effect = chosen.outside(name) or 0.0, (now.effect if now else None) or 0.0
        return not drifted, -round(outside, 2), -often[name], -effect

    return tuple(sorted(names, key=rank))


def alike_together(found: Sequence[Week], columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns so that those stand together whose effects rose and fell together (average linkage)."""
    effects = np.array([[_effect(week, name) for week in found] for name in columns])
    if len(columns) < _FEWEST_TO_GROUP:
        return tuple(columns)
    return tuple(columns[int(place)] for place in leaves_list(linkage(effects, "average")))


def _effect(week: Week, name: str) -> float:
    column = week.column(name)
    return (column.effect if column else None) or 0.0


def range_monitor(life: Life) -> Criterion | None:
    """Return the criterion in force that watches the training range in production."""
    return next((c for c in life.criteria_at(Stage.LIVE) if c.metric == "out_of_range"), None)
