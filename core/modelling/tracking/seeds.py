"""Runs that differ only in their seed, and a metric's band over them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A metric over the steps at which all of several runs have a finite value: mean, lowest, highest."""

    steps: Sequence[int]
    means: Sequence[float]
    lows: Sequence[float]
    highs: Sequence[float]


def is_seed(parameter: str) -> bool:
    """Tell whether a parameter's name says that it is a seed: ``seed``, ``torch.seed``, ``random_state``."""
    words = re.split(r"[^a-z]+", parameter.lower())
    return "seed" in words or words[-2:] == ["random", "state"]


def by_seed(params: Sequence[Mapping[str, str]]) -> list[list[int]]:
    """Return the places of runs in groups that differ only in seeds, in the order of each group's first run.

    Runs that logged no seed are each alone: what told them apart was not logged.
    """
    groups: dict[object, list[int]] = defaultdict(list)
    for place, logged in enumerate(params):
        fixed = frozenset((name, value) for name, value in logged.items() if not is_seed(name))
        groups[fixed if len(fixed) < len(logged) else place].append(place)
    return list(groups.values())


def band(curves: Iterable[tuple[Sequence[int], Sequence[float]]]) -> Band:
    """Return the band over the curves of several runs; of two values at one step the later counts."""
    logged = [
        {step: value for step, value in zip(steps, values, strict=True) if isfinite(value)} for steps, values in curves
    ]
    shared = sorted(set[int].intersection(*(set(one) for one in logged)) if logged else ())
    at = [[one[step] for one in logged] for step in shared]
    return Band(
        steps=shared,
        means=[fmean(values) for values in at],
        lows=[min(values) for values in at],
        highs=[max(values) for values in at],
    )
