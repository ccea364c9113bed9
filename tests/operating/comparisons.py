"""What a comparison of two models is worth: how often its interval misses a difference of which the truth is known."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import norm

from core.metrics import Outcomes, measure, pair
from core.metrics.paired_tests import fitting_test
from core.statistics.blocks import Floats
from core.statistics.intervals import wilson

NOMINAL = 0.05
Z_OF_ALL = 3.3
"""With sixty lines, one in twenty tables has a line that lies further out by chance (Bonferroni)."""
REPEATS = {100: 4_000, 1_000: 3_000, 10_000: 1_500}
REPEATS_OF_BLOCKS = {20: 3_000, 60: 2_000, 250: 1_500}
HEADING = "## What a comparison of two models is worth"
TEXT = f"""{HEADING}

Measured by `make characteristics`, or alone by `python -m tests.operating comparisons`. Both models score the same
rows, and the truth is known; the test is the one that the product takes for such rows. "Missed" is how often the 95 %
interval does not hold the true difference, nominally 0.05: where the models are truly equal, that is how often a
difference is shown that is none. In brackets: the 95 % Monte-Carlo interval of the figure. "Shown" is how often a
true difference is told from none. An interval keeps its promise where it does not miss more often than 0.05 beyond
the Monte-Carlo error of all lines together (3.3 standard errors), and is cautious where it misses less often.
"""

Sides = tuple[Outcomes, Outcomes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Two models of which the true difference is known; ``draw`` makes rows of so many units."""

    what: str
    metric: str
    truth: float
    draw: Callable[[np.random.Generator, int], Sides]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often the interval missed the truth, and how often it left zero out, of ``repeats`` samples."""

    test: str
    missed: int
    shown: int
    repeats: int

    @property
    def word(self) -> str:
        """Return whether the interval keeps its promise."""
        likely = wilson(self.missed, self.repeats, z=Z_OF_ALL)
        if likely.lower > NOMINAL:
            return "no, misses too often"
        return "yes" if likely.upper >= NOMINAL else "yes, cautious"


def area(first: float, second: float, *, alike: float, positives: float) -> Design:
    """Two areas of binormal scores whose correlation within a class is ``alike``."""
    lifts = math.sqrt(2) * norm.ppf([first, second])

    def draw(rng: np.random.Generator, n: int) -> Sides:
        positive = rng.permutation(np.arange(n) < round(positives * n))
        scores = norm.cdf(_alike(rng, n, alike) + positive[:, None] * lifts - 1)
        return _sides(np.arange(n), positive.astype(float), scores)

    what = f"areas {first:g} and {second:g}, correlation {alike:g}, {positives:.0%} positive"
    return Design(what=what, metric="roc_auc", truth=second - first, draw=draw)


def share(first: float, second: float, *, alike: float) -> Design:
    """Two shares of rows that are right, by latent normal scores of the correlation ``alike``."""
    ends = norm.ppf([first, second])

    def draw(rng: np.random.Generator, n: int) -> Sides:
        label = (rng.random(n) < 0.5).astype(float)
        right = _alike(rng, n, alike) < ends
        return _sides(np.arange(n), label, np.where(right, label[:, None], 1 - label[:, None]))

    what = f"{first:.0%} and {second:.0%} of rows right, correlation {alike:g}"
    return Design(what=what, metric="accuracy", truth=second - first, draw=draw)


def cost(metric: str, shift: float) -> Design:
    """Two models whose probabilities stray from the truth alike; the second is bolder by ``shift`` in its logits."""

    def draw(rng: np.random.Generator, n: int) -> Sides:
        logit = rng.normal(-1, 1.5, n)
        label = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
        said = (logit[:, None] + _alike(rng, n, 0.5)) * [1, 1 + shift]
        return _sides(np.arange(n), label, 1 / (1 + np.exp(-said)))

    what = "equally good" if not shift else f"the second's logits {1 + shift:g} times as far out"
    return Design(what=what, metric=metric, truth=_limit(metric, draw) if shift else 0.0, draw=draw)


def by_day(metric: str, lifts: tuple[float, float], *, rows: int = 20) -> Design:
    """Two models whose scores, and how many rows are positive, differ from day to day by a normal effect."""

    def draw(rng: np.random.Generator, days: int) -> Sides:
        day = np.repeat(np.arange(days), rows)
        positive = rng.random(day.size) < norm.cdf(rng.normal(-0.5, 0.4, days))[day]
        effects = _alike(rng, days, 0.5) * 0.5
        scores = norm.cdf(_alike(rng, day.size, 0.5) + effects[day] + positive[:, None] * lifts - 1)
        return _sides(day, positive.astype(float), scores)

    what = f"{'equally good' if lifts[0] == lifts[1] else 'the second better'}, days differ, {rows} rows each"
    return Design(what=what, metric=metric, truth=0.0 if lifts[0] == lifts[1] else _limit(metric, draw), draw=draw)


def error_by_day(shift: float, *, rows: int = 20) -> Design:
    """Two models of a number whose absolute errors differ from day to day, by a few bad days above all."""

    def draw(rng: np.random.Generator, days: int) -> Sides:
        day = np.repeat(np.arange(days), rows)
        spread = np.exp(0.5 * _alike(rng, days, 0.5))[day] * [1, 1 + shift]
        label = np.zeros(day.size)
        return _sides(day, label, _alike(rng, day.size, 0.5) * spread)

    truth = shift * math.sqrt(2 / math.pi) * math.exp(0.125)
    what = f"{'equally good' if not shift else 'the second worse'}, days differ, {rows} rows each"
    return Design(what=what, metric="mae", truth=truth, draw=draw)


def section() -> str:
    """Return the published text, measured anew."""
    lines = list(_lines(every_design()))
    head = "| test | metric | models | sample | missed | shown | keeps its promise |\n|---|---|---|---|---|---|---|\n"
    return f"{TEXT}\n{head}{''.join(lines)}"


def every_design() -> Mapping[str, tuple[list[Design], Mapping[int, int]]]:
    """Return all designs, by what a sample is counted in, and how often each size is drawn."""
    alone = [
        area(0.75, 0.75, alike=0.9, positives=0.3),
        area(0.75, 0.8, alike=0.9, positives=0.1),
        area(0.98, 0.98, alike=0.5, positives=0.3),
        area(0.98, 0.99, alike=0.5, positives=0.3),
        area(0.98, 0.99, alike=0.9, positives=0.1),
        share(0.8, 0.8, alike=0.8),
        share(0.9, 0.93, alike=0.8),
        cost("brier", 0.0),
        cost("brier", 0.5),
        cost("log_loss", 0.0),
        cost("log_loss", 0.5),
    ]
    days = [
        by_day("roc_auc", (1.0, 1.0)),
        by_day("roc_auc", (1.0, 1.3)),
        by_day("f1", (1.0, 1.0)),
        by_day("f1", (1.0, 1.3)),
        by_day("recall", (1.0, 1.3)),
        error_by_day(0.0),
        error_by_day(0.2),
    ]
    return {"rows": (alone, REPEATS), "days": (days, REPEATS_OF_BLOCKS)}


def coverage(design: Design, size: int, repeats: int) -> Coverage:
    """Compare both models in ``repeats`` samples as the product does."""
    rng, test, missed, shown, done = np.random.default_rng(size), "", 0, 0, 0
    for _ in range(repeats):
        both = pair(design.metric, {}, *design.draw(rng, size))
        entry = fitting_test(both)
        found = entry.difference(both)
        if found is None or found.interval is None:
            continue
        test, done = entry.title, done + 1
        missed += not found.interval.contains(design.truth)
        shown += not found.interval.contains(0.0)
    return Coverage(test=test, missed=missed, shown=shown, repeats=done)


def _lines(designs: Mapping[str, tuple[list[Design], Mapping[int, int]]]) -> Iterator[str]:
    for unit, (some, sizes) in designs.items():
        for design in some:
            for size, repeats in sizes.items():
                began, found = time.perf_counter(), coverage(design, size, repeats)
                likely = wilson(found.missed, found.repeats)
                missed = f"{found.missed / found.repeats:.3f} ({likely.lower:.3f} to {likely.upper:.3f})"
                shown = f"{found.shown / found.repeats:.2f}" if design.truth else ""
                cells = found.test, design.metric, design.what, f"{size:,} {unit}", missed, shown, found.word
                print(*cells, f"{time.perf_counter() - began:.0f} s", sep="; ", flush=True)
                yield f"| {' | '.join(cells)} |\n"


def _alike(rng: np.random.Generator, n: int, correlation: float) -> Floats:
    """Draw two columns of standard normals of that correlation."""
    shared, own = rng.standard_normal((n, 1)), rng.standard_normal((n, 2))
    return math.sqrt(correlation) * shared + math.sqrt(1 - correlation) * own


def _sides(units: Floats, label: Floats, scores: Floats) -> Sides:
    first, second = (Outcomes(blocks=units, label=label, score=np.ascontiguousarray(one)) for one in scores.T)
    return first, second


def _limit(metric: str, draw: Callable[[np.random.Generator, int], Sides]) -> float:
    """Return the difference in very many units, to a tenth of what the largest sample could show."""
    rng, found = np.random.default_rng(7), list[float]()
    for _ in range(40):
        first, second = (measure(metric, {}, _in_pools(side)) for side in draw(rng, 25_000))
        assert first is not None
        assert second is not None
        found.append(second.value - first.value)
    return float(np.mean(found))


def _in_pools(side: Outcomes) -> Outcomes:
    # the value alone counts here, and it does not depend on blocks
    return replace(side, blocks=np.arange(len(side.blocks)) % 5)
