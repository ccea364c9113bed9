"""The level of a numeric column over the weeks: from which week on it is another one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.drift.picture import PROBABILITIES, Picture
from core.lifecycle.weeks import Week
from core.statistics.steps import FEWEST, steps

_MEDIAN = PROBABILITIES.index(0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The medians of ``weeks`` weeks: ``changed`` are the first weeks of a new level.

    ``gradual`` says that the level changed along a line rather than at once.
    """

    weeks: int
    changed: tuple[Week, ...] = ()
    gradual: bool = False

    @property
    def enough(self) -> bool:
        """Tell whether there are weeks enough to look for a change."""
        return self.weeks >= FEWEST


def level(course: Sequence[tuple[Week, Picture]]) -> Level:
    """Find where the median of a column changed; of weeks that share days only the first counts, and no batch.

    Parameters
    ----------
    course
        The weeks with what is kept of the column, oldest first; those without a number are left out.
    """
    kept: list[tuple[Week, Picture]] = []
    for week, picture in course:
        if picture.is_number and not week.window.name and (not kept or week.starts >= kept[-1][0].ends):
            kept.append((week, picture))
    found = steps(np.array([picture.quantiles_current[_MEDIAN] for _, picture in kept]))
    return Level(weeks=len(kept), changed=tuple(kept[place][0] for place in found.places), gradual=found.gradual)
