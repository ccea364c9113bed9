"""The course of a criterion: what every hold-out, gate and window said of it, in the order of the phases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.modelling.ranking import estimate_for
from core.scoping.criterion import Criterion, Verdict, judge
from core.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What one record said of a criterion, and the page that shows the record.

    ``name`` is the run's or the version's; a window goes by its span ``[starts, on)``, or by the
    ``counted`` predictions that it holds.
    """

    phase: Phase
    name: str
    view: str
    record_id: str
    verdict: Verdict
    estimate: Estimate | None
    starts: datetime | None = None
    on: datetime | None = None
    counted: int = 0


def course(life: Life, criterion: Criterion) -> tuple[Word, ...]:
    """Return every word on a criterion, in any of its versions: hold-outs, then gates, then windows, oldest first."""
    ids = {c.id for c in life.criteria if c.key == criterion.key}
    return (*_of_runs(life, criterion), *_of_gates(life, ids), *_of_windows(life, criterion))


def _of_runs(life: Life, criterion: Criterion) -> Iterator[Word]:
    for run in life.finished_runs:
        estimate = estimate_for(run, criterion)
        # a baseline cannot be served: its figure is on the page of runs
        if estimate is not None and run.model:
            yield Word(
                phase=Phase.MODELLING,
                name=run.name,
                view="run",
                record_id=run.id,
                verdict=judge(criterion, estimate).verdict,
                estimate=estimate,
                on=run.created_on,
            )


def _of_gates(life: Life, ids: set[str]) -> Iterator[Word]:
    for gate in life.gates:
        version = life.version(gate.model_version_id)
        for line in (x for x in gate.lines if x.criterion_id in ids):
            yield Word(
                phase=Phase.DEPLOYMENT,
                name=version.title if version else "a version",
                view="model_version",
                record_id=gate.model_version_id,
                verdict=line.verdict,
                estimate=line.estimate,
                on=gate.created_on,
            )


def _of_windows(life: Life, criterion: Criterion) -> Iterator[Word]:
    for window, judgement in life.judgements(criterion):
        version = life.version(judgement.model_version_id)
        yield Word(
            phase=Phase.MONITORING,
            name=version.title if version else "a version",
            view="window",
            record_id=window.id,
            verdict=judgement.verdict,
            estimate=judgement.estimate,
            starts=window.starts,
            on=window.ends,
            counted=window.counted,
        )
