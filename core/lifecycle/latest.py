"""The newest word on a criterion: production's where there is some, else the gate's, else the newest run's."""

from dataclasses import dataclass
from datetime import datetime

from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.lifecycle.verdicts import gate_line, live_verdict, live_verdicts
from core.modelling.ranking import estimate_for
from core.scoping.criterion import Criterion, Role, Verdict, judge
from core.statistics.estimate import Estimate

_URGENCY = (Verdict.NOT_MET, Verdict.UNDECIDED, Verdict.MET, Verdict.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestWord:
    """What was last measured for a criterion, in which phase, and on which record; ``phase`` is ``None`` for nothing.

    ``criterion`` is the version that judged, which may be older than the one in force.

    ``on`` is event time. ``view`` and ``record_id`` say which page shows the record.
    """

    criterion: Criterion
    verdict: Verdict = Verdict.NOT_APPLICABLE
    estimate: Estimate | None = None
    phase: Phase | None = None
    on: datetime | None = None
    view: str = "criterion"
    record_id: str = ""


def latest_word(life: Life, criterion: Criterion) -> LatestWord:
    """Return the newest word on a criterion."""
    return (
        _of_production(life, criterion)
        or _of_the_gate(life, criterion)
        or _of_the_runs(life, criterion)
        or LatestWord(criterion=criterion, record_id=criterion.id)
    )


def latest_words(life: Life) -> tuple[LatestWord, ...]:
    """Return the newest word on every criterion in force, in the order of their keys."""
    return tuple(latest_word(life, criterion) for criterion in life.criteria_in_force)


def worst_criterion(life: Life) -> Criterion | None:
    """Return the criterion that a person should look at first: production's worst, else the worst word there is."""
    live = live_verdicts(life)
    if live:
        return live[0].criterion
    words = sorted(latest_words(life), key=lambda w: (w.criterion.role is Role.MONITOR, _URGENCY.index(w.verdict)))
    return words[0].criterion if words else None


def _of_production(life: Life, criterion: Criterion) -> LatestWord | None:
    now = live_verdict(life, criterion)
    if now is None:
        return None
    return LatestWord(
        criterion=now.criterion,
        verdict=now.verdict,
        estimate=now.judgement.estimate,
        phase=Phase.MONITORING,
        on=now.window.ends,
        view="window",
        record_id=now.window.id,
    )


def _of_the_gate(life: Life, criterion: Criterion) -> LatestWord | None:
    ids = {c.id for c in life.criteria if c.key == criterion.key}
    judged = [(g, line) for g in life.gates for line in g.lines if line.criterion_id in ids]
    served = gate_line(life, criterion)
    gate, line = next(((g, x) for g, x in judged if x is served), judged[-1] if judged else (None, None))
    if gate is None or line is None:
        return None
    return LatestWord(
        criterion=life.criterion(line.criterion_id) or criterion,
        verdict=line.verdict,
        estimate=line.estimate,
        phase=Phase.DEPLOYMENT,
        on=gate.created_on,
        view="model_version",
        record_id=gate.model_version_id,
    )


def _of_the_runs(life: Life, criterion: Criterion) -> LatestWord | None:
    measured = [(run, e) for run in life.finished_runs if (e := estimate_for(run, criterion)) is not None]
    if not measured:
        return None
    # a baseline cannot be served: what it measured is no word on the project
    run, estimate = next(((r, e) for r, e in reversed(measured) if r.model), measured[-1])
    return LatestWord(
        criterion=criterion,
        verdict=judge(criterion, estimate).verdict,
        estimate=estimate,
        phase=Phase.MODELLING,
        on=run.created_on,
        view="run",
        record_id=run.id,
    )
