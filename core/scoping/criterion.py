"""The success criterion and the only judge: the record that runs from scoping to the closing of a case."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from core.frames.slice import ALL_ROWS, Slice

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
    metric catalogue, ``parameters`` its constants (``{"cut": 0.3}``). A window is ``window_days`` long and ends every
    ``every_days``.
    """

    id: str
    project_id: str
    key: str
    version: int = 1
    metric: str
    parameters: Mapping[str, float]
    slice: Slice = ALL_ROWS
    direction: Direction
    threshold: float
    stages: tuple[Stage, ...] = (Stage.OFFLINE, Stage.LIVE)
    role: Role = Role.GATE
    block: str = "day"
    window_days: int = 14
    every_days: int = 7
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
        return hashlib.sha256(json.dumps(demand).encode()).hexdigest()

    def applies(self, stage: Stage) -> bool:
        """Tell whether the criterion is judged at ``stage``."""
        return stage in self.stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict, the estimate behind it, and how many more blocks would decide an undecided one."""

    verdict: Verdict
    reason: str = ""
    blocks_to_decide: int | None = None
