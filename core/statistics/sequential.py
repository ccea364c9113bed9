"""Alarms over time: how often they may be false is agreed beforehand, however often somebody looks.

Each window gives each column a p-value, which becomes a bet against "nothing moved". The stakes add up until they are
more than the budget allows chance to win.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import numpy as np

from core.errors import InvalidInput
from core.statistics.blocks import Floats

FEWEST = 14
"""Independent units that a reference needs: of fewer, its own variation is not known well enough to allow for it."""

_UNLUCKY = 0.01
"""Share of references of which a column may be further from the truth than is allowed for."""

_IDLE = 1.0
"""Standard errors by which every window may lie off before the bets on it win in the long run (0.97, by simulation)."""

_MANY = 100
"""Units of a window from which its p-values are exact enough far out for that; those of seven days are not."""

_SMALLEST = 1e-300
_DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: number for number, word in enumerate(_WORDS)} | {"a": 1, "twenty": 20}
_BUDGET = re.compile(r"(?:an?|one|1) false alarm (?:in|every) (?:(\w+) )?(day|week|month|year)s?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One false alarm in so many windows, over all columns together.

    The first false alarm is expected no sooner than after ``windows``; among any ``n`` windows from the start, there
    is one with a chance of at most ``n / windows``.
    """

    windows: float

    def chance_within(self, windows: int) -> float:
        """Return the largest chance (0-1) of any false alarm in the first so many windows."""
        return min(1.0, windows / self.windows)


def budget_in_words(words: str, *, window: timedelta) -> Budget:
    """Return the budget that people state: "one false alarm in two years".

    Raises
    ------
    InvalidInput
        The words name no time, or one that is shorter than a window.
    """
    found = _BUDGET.fullmatch(" ".join(words.lower().split()))
    number = None if found is None else _number(found[1] or "one")
    if found is None or number is None:
        raise InvalidInput(f"{words!r} is no budget. Write it like this: one false alarm in two years.")
    windows = number * _DAYS[found[2]] / (window / timedelta(days=1))
    if windows < 1:
        raise InvalidInput(f"{words!r} is less than one window of {window.days} days. Allow a longer time.")
    return Budget(windows=windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Columns watched under a budget: the ``evidence`` that each has moved, after the windows seen so far.

    Notes
    -----
    The e-detector of Shin, Ramdas and Rinaldo (2024) of the form of Shiryaev and Roberts: with the e-value ``e`` of a
    window, the evidence ``R`` becomes ``(R + 1) e``. Without drift, the sum of R over C columns less C a window is a
    supermartingale, so a column passes ``C * windows`` no sooner than after ``windows`` on average.
    """

    budget: Budget
    columns: tuple[str, ...]
    evidence: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def threshold(self) -> float:
        """Return the evidence from which a column is an alarm."""
        return len(self.columns) * self.budget.windows

    @property
    def alarms(self) -> tuple[str, ...]:
        """Return the columns whose evidence has reached the threshold."""
        return tuple(name for name in self.columns if self.evidence.get(name, 0.0) >= self.threshold)

    def after(self, p_values: Mapping[str, float], *, reference: int, window: int) -> "Watch":
        """Return the watch after one more window; a column without a p-value neither gains nor loses.

        Parameters
        ----------
        p_values
            One for each column that was compared, valid whatever happened before.
        reference, window
            Independent units (days, rows) of both.

        Raises
        ------
        InvalidInput
            The reference is too short.
        """
        refusal = refused(reference=reference, window=window)
        if refusal:
            raise InvalidInput(refusal)
        found = np.array([p_values.get(name, math.nan) for name in self.columns], dtype=np.float64)
        bets = e_values(beside_one_reference(found, reference=reference, window=window))
        grown = {
            name: min((self.evidence.get(name, 0.0) + 1) * float(bet), 1 / _SMALLEST)
            for name, bet in zip(self.columns, bets, strict=True)
        }
        return replace(self, evidence=grown)

    def begun_anew(self, columns: Iterable[str]) -> "Watch":
        """Return the watch with no evidence on some columns: their alarm was seen, or their reference is new.

        Notes
        -----
        The budget holds on, however many alarms are seen and begun anew: each takes at least the threshold,
        ``C * windows``, from a sum of evidence that grows by C a window on average, so that among ``n`` windows
        without drift no more than ``n / windows`` false alarms are expected.
        """
        anew = set(columns)
        return replace(self, evidence={name: value for name, value in self.evidence.items() if name not in anew})


def refused(*, reference: int, window: int) -> str:
    """Return why a window cannot be watched; empty where it can."""
    if reference >= max(FEWEST, window):
        return ""
    return (
        f"The reference has {reference:,} independent rows or days, the window {window:,}: an alarm that keeps its "
        f"promise needs {max(FEWEST, window):,} of them. Take a longer reference."
    )


def beside_one_reference(p_values: Floats, *, reference: float, window: float) -> Floats:
    """Return p-values for bets on windows that are all compared with one reference, of so many independent units.

    Notes
    -----
    The reference's own error is the same in every window, so that bets on it would add up. In a window's standard
    errors it is at most ``k / sqrt(times)`` for a reference of ``times`` windows, but for one reference in a hundred
    (``k``, Bonferroni over the columns). That is taken from the window's own distance, ``z sqrt(1 + 1 / times)``; all
    but one standard error where windows have many units: bets on so small an error lose in the long run. How often
    alarms are false then is measured in ``tests/operating``.
    """
    from scipy.stats import norm

    compared = max(1, int(np.isfinite(p_values).sum()))
    times = reference / window
    allowed = float(norm.isf(_UNLUCKY / 2 / compared)) / math.sqrt(times)
    allowed = max(0.0, allowed - _IDLE) if window >= _MANY else allowed
    z = norm.isf(np.clip(p_values, _SMALLEST, 1.0) / 2)
    own = np.maximum(0.0, z * math.sqrt(1 + 1 / times) - allowed)
    return np.asarray(2 * norm.sf(np.minimum(z, own)), dtype=np.float64)


def e_values(p_values: Floats) -> Floats:
    """Return the bet that a p-value wins: 1 on average or less where nothing moved; NaN (not compared) wins 1.

    Notes
    -----
    The mixture of the calibrators ``k p^(k-1)`` over k from 0 to 1: ``(1 - p + p ln p) / (p ln(p)^2)`` (Vovk and Wang,
    2021).
    """
    p = np.clip(p_values, _SMALLEST, 1.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.log(p)
        won = (1 - p + p * logs) / (p * logs * logs)
    # near 1 the differences cancel: there the series is exact to the last digit
    near = 0.5 - logs / 6 + logs * logs / 24
    return np.where(np.isnan(p_values), 1.0, np.where(p > 1 - 1e-4, near, won))


def _number(word: str) -> float | None:
    if word.isdecimal():
        return float(word)
    return _NUMBERS.get(word)
