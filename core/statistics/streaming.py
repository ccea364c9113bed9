"""Change detectors that read a loss row by row: what the literature on streams uses, as marks and never as verdicts.

Bifet and Gavaldà 2007 (ADWIN), Frías-Blanco et al. 2015 (HDDM-A), Pesaranghader and Viktor 2016 (FHDDM), as the
library river has them, with its constants. All take rows as independent, which those of one block are not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.statistics.blocks import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """A detector: what it is in a sentence, how it is made, and ``read``, what it is given of a loss in [0, 1].

    ``only_errors`` tells that it is defined for losses of 0 and 1 alone.
    """

    name: str
    said: str
    only_errors: bool
    make: Callable[[], Any]
    read: Callable[[float], float]


def _adwin() -> Any:
    from river.drift import ADWIN

    return ADWIN()


def _hddm_a() -> Any:
    from river.drift.binary import HDDMA

    return HDDMA()


def _fhddm() -> Any:
    from river.drift.binary import FHDDM

    return FHDDM()


def _wrong(loss: float) -> float:
    return loss


def _right(loss: float) -> float:
    # river's FHDDM says that 1 is an error, but as in MOA it alarms where the share of 1 falls: it must be told hits
    return 1 - loss


DETECTORS: tuple[Detector, ...] = (
    Detector(
        name="ADWIN",
        said="keeps the longest past whose mean is still one, and marks where it had to drop some, better or worse",
        only_errors=False,
        make=_adwin,
        read=_wrong,
    ),
    Detector(
        name="HDDM-A",
        said="marks where the mean since its lowest point is higher than Hoeffding's bound allows, so only for worse",
        only_errors=True,
        make=_hddm_a,
        read=_wrong,
    ),
    Detector(
        name="FHDDM",
        said="marks where the last 100 rows are right less often than the best 100 before, by more than that bound",
        only_errors=True,
        make=_fhddm,
        read=_right,
    ),
)


def alarms(loss: Floats) -> Mapping[str, tuple[int, ...]]:
    """Return the places where each detector marks a change, by its name.

    Parameters
    ----------
    loss
        Losses in [0, 1] in the order of time. Detectors of errors are left out where others than 0 and 1 are among
        them.
    """
    errors = bool(np.isin(loss, (0.0, 1.0)).all())
    values = [int(value) for value in loss] if errors else loss.tolist()
    return {one.name: _places(one, values) for one in DETECTORS if errors or not one.only_errors}


def _places(one: Detector, loss: list[float] | list[int]) -> tuple[int, ...]:
    detector, found = one.make(), list[int]()
    for place, value in enumerate(loss):
        detector.update(one.read(value))
        if detector.drift_detected:
            found.append(place)
    return tuple(found)
