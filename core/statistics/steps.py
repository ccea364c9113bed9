"""Steps in the level of a short series: where it changed, and whether it rather changes gradually.

The statistic is Pettitt's (1979): the largest difference of mean ranks before and after a place, standardised as in
Wilcoxon's test, so one odd value moves little and any scale will do. Its null distribution is simulated: a series
without change in which a value is tied to the one before by ``CARRIED`` (AR(1), Gaussian copula). A series that is tied
more weakly alarms less often. Further steps are looked for on either side (binary segmentation); a level that goes and
comes back can be missed, for then neither side is another one.

A trend raises ranks too, but is no step: where a line fits the values as well as the step does (BIC), there is none.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import lfilter
from scipy.stats import rankdata

from core.statistics.blocks import Floats

FEWEST = 12
"""Values from which a step is looked for."""
CARRIED = 0.4
"""The strongest correlation of neighbours for which the chance of a false alarm holds."""
FALSE_ALARM = 0.05
"""The chance of any step in a series that has none (0-1)."""

_SIDE = 4  # the fewest values on a side: fewer are an episode, not a level
_SIMULATED = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Where a series takes on a new level: the places of the first values that have it, in order.

    ``gradual`` says that it changed more than by chance, yet rather along a line than by a step.
    """

    places: tuple[int, ...] = ()
    gradual: bool = False


def steps(values: Floats) -> Steps:
    """Find the steps of a series of equally spaced values; nothing in one shorter than ``FEWEST``."""
    if len(values) < FEWEST:
        return Steps()
    found = _standardised(rankdata(values)[None, :])[0]
    if not found.max() > _critical(len(values)):
        return Steps()
    place = int(found.argmax()) + _SIDE
    if _off_a_line(values) <= _off_levels(values, place) * _for_the_place(len(values)):
        return Steps(gradual=True)
    before, after = steps(values[:place]), steps(values[place:])
    return Steps(places=(*before.places, place, *(place + further for further in after.places)))


def _standardised(ranks: Floats) -> Floats:
    """Return the absolute difference of mean ranks in standard errors: a row a series, a column a place."""
    n = ranks.shape[1]
    sizes = np.arange(_SIDE, n - _SIDE + 1)
    sums = np.cumsum(ranks, axis=1)
    before = sums[:, sizes - 1] / sizes
    after = (sums[:, -1:] - sums[:, sizes - 1]) / (n - sizes)
    spread = ranks.std(axis=1, ddof=1, keepdims=True) * np.sqrt(1 / sizes + 1 / (n - sizes))
    return np.divide(np.abs(before - after), spread, out=np.zeros_like(before), where=spread > 0)


@lru_cache(maxsize=512)
def _critical(n: int) -> float:
    """Return what the largest of a series of ``n`` without a step exceeds with the chance ``FALSE_ALARM``."""
    noise = np.random.default_rng(n).standard_normal((_SIMULATED, n))
    noise[:, 0] /= np.sqrt(1 - CARRIED**2)  # begins as it goes on
    tied = lfilter([1.0], [1.0, -CARRIED], noise, axis=1)
    largest = _standardised(rankdata(tied, axis=1)).max(axis=1)
    return float(np.quantile(largest, 1 - FALSE_ALARM, method="higher"))


def _for_the_place(n: int) -> float:
    """Return what the step's sum of squares is charged for its place, which was chosen by the data (BIC)."""
    return float(n ** (1 / n))


def _off_a_line(values: Floats) -> float:
    """Return the sum of squares that a line leaves."""
    across = np.arange(len(values)) - (len(values) - 1) / 2
    slope = across @ values / (across @ across)
    return float(((values - values.mean() - slope * across) ** 2).sum())


def _off_levels(values: Floats, place: int) -> float:
    """Return the sum of squares that two levels leave."""
    return float(sum(((side - side.mean()) ** 2).sum() for side in (values[:place], values[place:])))
