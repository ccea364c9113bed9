"""What production says of each criterion now, and since when."""

from dataclasses import dataclass
from datetime import datetime

from core.lifecycle.life import Life
from core.monitoring.window import Window, WindowJudgement
from core.scoping.criterion import Criterion, Role, Stage, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveVerdict:
    """What the newest window says of a criterion; ``windows`` in a row have said so, the first ending at ``since``."""

    criterion: Criterion
    window: Window
    judgement: WindowJudgement
    since: datetime
    windows: int

    @property
    def verdict(self) -> Verdict:
        """Return the newest window's verdict."""
        return self.judgement.verdict


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
        criterion=criterion, window=window, judgement=judgement, since=judged[-streak][0].ends, windows=streak
    )


_URGENCY = (Verdict.NOT_MET, Verdict.UNDECIDED, Verdict.MET, Verdict.NOT_APPLICABLE)


def live_verdicts(life: Life) -> tuple[LiveVerdict, ...]:
    """Return every live criterion's verdict: not met gates first, the longest not met at the head; monitors last."""
    found = [v for c in life.criteria_at(Stage.LIVE) if (v := live_verdict(life, c)) is not None]
    order = {v.criterion.id: place for place, v in enumerate(found)}

    def urgency(one: LiveVerdict) -> tuple[bool, int, int, int]:
        monitor = one.criterion.role is Role.MONITOR
        return monitor, _URGENCY.index(one.verdict), -one.windows, order[one.criterion.id]

    return tuple(sorted(found, key=urgency))
