"""What production says of each criterion now, and since when."""

from dataclasses import dataclass
from datetime import datetime

from core.deployment.model_version import GateLine
from core.lifecycle.life import Life
from core.monitoring.window import Window, WindowJudgement
from core.scoping.criterion import Criterion, Role, Stage, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdict:
    """What the newest window says of a criterion; ``windows`` in a row have said so, the first ending at ``since``.

    ``criterion`` is the version that judged it: the one frozen with the champion's approval, until another is approved.
    """

    criterion: Criterion
    window: Window
    judgement: WindowJudgement
    since: datetime
    windows: int

    @property
    def verdict(self) -> Verdict:
        """Return the newest window's verdict."""
        return self.judgement.verdict

    @property
    def too_few(self) -> bool:
        """Tell whether nothing is decided because too little was measured for an interval."""
        measured = self.judgement.estimate
        return self.verdict is Verdict.UNDECIDED and measured is not None and measured.interval is None


def live_verdict(life: Life, criterion: Criterion) -> LiveVerdict | None:
    """Return what production says of a criterion; ``None`` before its first window."""
    judged = life.judgements(criterion)
    if not judged:
        return None
    window, judgement = judged[-1]
    streak = 0
    while streak < len(judged) and judged[-1 - streak][1].verdict is judgement.verdict:
        streak += 1
    return LiveVerdict(
        criterion=life.criterion(judgement.criterion_id) or criterion,
        window=window,
        judgement=judgement,
        since=judged[-streak][0].ends,
        windows=streak,
    )


_URGENCY = (Verdict.NOT_MET, Verdict.UNDECIDED, Verdict.MET, Verdict.NOT_APPLICABLE)


def live_verdicts(life: Life) -> tuple[LiveVerdict, ...]:
    """Return every live criterion's verdict: not met gates first, the longest not met at the head; monitors last.

    What is undecided because too little was measured for an interval worries nobody: it stands after what is met.
    """
    found = [v for c in life.criteria_at(Stage.LIVE) if (v := live_verdict(life, c)) is not None]
    order = {v.criterion.id: place for place, v in enumerate(found)}

    def urgency(one: LiveVerdict) -> tuple[bool, bool, int, int, int]:
        monitor = one.criterion.role is Role.MONITOR
        return monitor, one.too_few, _URGENCY.index(one.verdict), -one.windows, order[one.criterion.id]

    return tuple(sorted(found, key=urgency))


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the windows said of a version by one criterion, oldest first, while it was champion or while it listened."""

    version_id: str
    champion: bool
    points: tuple[tuple[Window, WindowJudgement], ...]


def histories(life: Life, criterion: Criterion) -> tuple[History, ...]:
    """Return a history for every version and role, champions first, each in the order in which they came."""
    found: dict[tuple[bool, str], list[tuple[Window, WindowJudgement]]] = {}
    for variant in ("champion", "shadow"):
        for window, judgement in life.judgements(criterion, variant):
            found.setdefault((variant == "champion", judgement.model_version_id), []).append((window, judgement))
    return tuple(
        History(version_id=version_id, champion=champion, points=tuple(points))
        for (champion, version_id), points in found.items()
    )


def gate_line(life: Life, criterion: Criterion) -> GateLine | None:
    """Return what the gate of the champion's approval said of a criterion; ``None`` where it was not judged there."""
    approval = next((a for a in life.approvals if life.deployment and a.id == life.deployment.approval_id), None)
    gate = next((g for g in life.gates if approval and g.id == approval.gate_id), None)
    ids = {c.id for c in life.criteria if c.key == criterion.key}
    return next((line for line in gate.lines if line.criterion_id in ids), None) if gate else None
