"""The success criterion and the only judge: the record that runs from scoping to the closing of a case."""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from core.frames.slice import ALL_ROWS, Slice
from core.statistics.blocks import MIN_BLOCKS
from core.statistics.estimate import Estimate

Direction = Literal[">=", "<=", "within"]
"""``within`` means that the absolute value is at most the threshold (a gap that may go either way)."""


class Verdict(StrEnum):
    """What an estimate says about a criterion."""

    MET = "met"
    NOT_MET = "not_met"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Stage(StrEnum):
    """Where a criterion applies: on the hold-out that opens the gate, on production that raises the alert."""

    OFFLINE = "offline"
    LIVE = "live"


class Role(StrEnum):
    """What a criterion does: a gate blocks and alerts; a monitor only shows (amber)."""

    GATE = "gate"
    MONITOR = "monitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One version of a success criterion.

    ``key`` (K1, K2, ...) stays the same over versions; ``id`` is of this version. ``metric`` names an entry of the
    metric catalogue, ``parameters`` its constants (``{"cut": 0.3}``, ``{"by": "origin"}``). A window is ``window_days``
    long and ends every ``every_days``; where ``window_rows`` is given, it holds so many predictions instead, and a new
    one ends every ``every_rows``.
    """

    id: str
    project_id: str
    key: str
    version: int = 1
    metric: str
    parameters: Mapping[str, Any]
    slice: Slice = ALL_ROWS
    direction: Direction
    threshold: float
    stages: tuple[Stage, ...] = (Stage.OFFLINE, Stage.LIVE)
    role: Role = Role.GATE
    block: str = "day"
    window_days: int = 14
    every_days: int = 7
    window_rows: int | None = None
    every_rows: int | None = None
    rationale: str = ""
    created_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    signed_on: datetime | None = None
    superseded: bool = False

    @property
    def content_hash(self) -> str:
        """Return the SHA-256 of what the criterion demands: what an approval freezes."""
        demand = [self.key, self.metric, dict(sorted(self.parameters.items())), self.slice.text, self.direction]
        demand += [
            self.threshold,
            [str(s) for s in self.stages],
            self.role,
            self.block,
            self.window_days,
            self.every_days,
        ]
        if self.window_rows:
            # only where predictions are counted: what was signed before keeps its hash
            demand += [self.window_rows, self.every_rows]
        return hashlib.sha256(json.dumps(demand).encode()).hexdigest()

    @property
    def place(self) -> tuple[int, str]:
        """Return what criteria are sorted by: K2 stands before K10."""
        return len(self.key), self.key

    def applies(self, stage: Stage) -> bool:
        """Tell whether the criterion is judged at ``stage``."""
        return stage in self.stages


def agreed(criteria: Iterable[Criterion]) -> tuple[Criterion, ...]:
    """Return what judges: of each key the newest signed version, or the newest of all where none was ever signed.

    A change to a signed criterion is a draft until it is signed too; until then it judges nothing.
    """
    newest: dict[str, Criterion] = {}
    for criterion in sorted(criteria, key=lambda c: (c.signed_at is not None, c.version)):
        newest[criterion.key] = criterion
    return tuple(sorted(newest.values(), key=lambda c: c.place))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, the estimate behind it, and how many more blocks would decide an undecided one."""

    verdict: Verdict
    reason: str = ""
    blocks_to_decide: int | None = None


HOPELESS = 10
"""A criterion that would need more than this many times its blocks is too near to its threshold to be decided."""


def judge(criterion: Criterion, estimate: Estimate | None, *, reason: str = "") -> Judgement:
    """Say what ``estimate`` says about ``criterion``: the only judge there is.

    Parameters
    ----------
    estimate
        ``None`` where there was nothing to measure on; ``reason`` then says why. Without an interval it is taken by its
        value if nothing was sampled (``n_blocks`` is 0), and decides nothing if it was measured on too few blocks.
    """
    if estimate is None:
        return Judgement(verdict=Verdict.NOT_APPLICABLE, reason=reason or "There was nothing to measure on.")
    interval = estimate.interval
    if interval is None and estimate.n_blocks:
        return _too_few(criterion, estimate)
    value = estimate.value
    lower, upper = (interval.lower, interval.upper) if interval else (value, value)
    verdict = _verdict(criterion, lower, upper)
    if verdict is not Verdict.UNDECIDED:
        return Judgement(verdict=verdict, reason=reason)
    needed = _blocks_to_decide(criterion, estimate, lower, upper)
    return Judgement(verdict=verdict, reason=reason or "The interval holds the threshold.", blocks_to_decide=needed)


def _verdict(criterion: Criterion, lower: float, upper: float) -> Verdict:
    threshold = criterion.threshold
    met, missed = {
        ">=": (lower >= threshold, upper < threshold),
        "<=": (upper <= threshold, lower > threshold),
        "within": (-threshold <= lower and upper <= threshold, lower > threshold or upper < -threshold),
    }[criterion.direction]
    return Verdict.MET if met else Verdict.NOT_MET if missed else Verdict.UNDECIDED


def _too_few(criterion: Criterion, estimate: Estimate) -> Judgement:
    have = estimate.n_blocks
    return Judgement(
        verdict=Verdict.UNDECIDED,
        reason=f"{estimate.n:,} rows of {have:,} {criterion.block}{'s' * (have != 1)} are too few for an interval.",
        blocks_to_decide=max(MIN_BLOCKS - have, 0) or None,
    )


def _blocks_to_decide(criterion: Criterion, estimate: Estimate, lower: float, upper: float) -> int | None:
    # the width goes with one over the root of the blocks, and the value is taken to stay where it is
    value, blocks = estimate.value, estimate.n_blocks
    edges = (-criterion.threshold, criterion.threshold) if criterion.direction == "within" else (criterion.threshold,)
    ratios: list[float] = []
    for edge in edges:
        if lower <= edge <= upper:
            gap = abs(value - edge)
            ratios.append((value - lower if value > edge else upper - value) / gap if gap else math.inf)
    shrink = max(ratios, default=math.inf) ** 2
    # at the last block the ends only touch: one more makes them part
    return max(math.ceil(blocks * (shrink - 1)), 1) if shrink <= HOPELESS else None
