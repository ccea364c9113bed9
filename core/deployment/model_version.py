"""A registered model version: an ONNX file, its parity with the original, its way through gate and approval."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.modelling.run import Feature
from core.scoping.criterion import Verdict
from core.statistics.estimate import Estimate


class VersionState(StrEnum):
    """What a model version is to its project."""

    REGISTERED = "registered"
    CHALLENGER = "challenger"
    CHAMPION = "champion"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parity:
    """How closely the served file repeats the trained model on the hold-out.

    ``largest_difference`` is the largest absolute difference of scores, ``mismatches`` counts rows whose decision
    differs, ``latency`` is the p95 of one-row calls in milliseconds.
    """

    rows: int
    largest_difference: float
    mismatches: int
    tolerance: float
    latency: Estimate

    @property
    def holds(self) -> bool:
        """Tell whether the served file may stand for the trained model."""
        return self.largest_difference <= self.tolerance and self.mismatches == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """A numbered artifact under a registered name."""

    id: str
    project_id: str
    run_id: str
    name: str
    slug: str
    number: int
    artifact: str
    size: int
    features: tuple[Feature, ...]
    classes: tuple[str, ...] = ()
    cut: float | None = None
    parity: Parity
    state: VersionState = VersionState.REGISTERED
    registered_by: str
    created_at: datetime
    created_on: datetime | None = None

    @property
    def title(self) -> str:
        """Return the name that people see: ``late-flights 1``."""
        return f"{self.name} {self.number}"


class GateState(StrEnum):
    """What the criteria say about letting a version in."""

    OPEN = "open"
    CLOSED = "closed"
    OVERRIDE = "override"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLine:
    """One criterion at the gate."""

    criterion_id: str
    criterion_hash: str
    estimate: Estimate | None
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """The gate of one model version at one time: one line a criterion."""

    id: str
    project_id: str
    model_version_id: str
    state: GateState
    lines: tuple[GateLine, ...]
    created_at: datetime
    created_on: datetime | None = None

    def count(self, verdict: Verdict) -> int:
        """Return how many criteria have this verdict."""
        return sum(line.verdict is verdict for line in self.lines)


class ApprovalState(StrEnum):
    """What an approver said."""

    APPROVED = "approved"
    SELF_APPROVED = "self_approved"
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's word on a version. ``criteria`` freezes what it was judged by: (criterion id, content hash)."""

    id: str
    project_id: str
    model_version_id: str
    gate_id: str
    state: ApprovalState
    reason: str = ""
    criteria: tuple[tuple[str, str], ...]
    by: str
    at: datetime
    on: datetime | None = None
