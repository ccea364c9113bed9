"""A case told as events, and its options judged: what its page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.deployment.model_version import ModelVersion
from core.iteration.case import Backtest, Case, CaseState, Choice, Decision, PostCheck
from core.lifecycle.life import Life
from core.modelling.comparison import Word, word_of
from core.modelling.run import Evaluation
from core.scoping.criterion import Criterion, Judgement, Verdict, judge
from core.statistics.estimate import Estimate


class Happening(StrEnum):
    """What happens in a case."""

    ALERT = "alert"
    OPENED = "opened"
    DECISION = "decision"
    TRAINED = "trained"
    APPROVAL = "approval"
    PROMOTION = "promotion"
    POST_CHECK = "post_check"
    DUE = "due"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One event of a case at its event time; ``view`` and ``record_id`` say which page shows more of it."""

    happening: Happening
    on: datetime
    title: str = ""
    text: str = ""
    by: str = ""
    view: str = ""
    record_id: str = ""
    criterion: Criterion | None = None
    estimate: Estimate | None = None
    verdict: Verdict | None = None
    state: StrEnum | None = None
    beside: Estimate | None = None


def case_events(life: Life, case: Case) -> tuple[CaseEvent, ...]:
    """Return what happened in a case, oldest first, with the post-check that is still to come."""
    events = [
        *_alerts(life, case),
        *_decisions(life, case),
        *_model(life, case),
        *_checks(life, case),
        *_ends(case),
    ]
    order = list(Happening)
    return tuple(sorted(events, key=lambda event: (event.on, order.index(event.happening))))


def _alerts(life: Life, case: Case) -> Iterator[CaseEvent]:
    for alert in life.alerts:
        if alert.case_id == case.id:
            criterion = life.criterion(alert.criterion_id)
            yield CaseEvent(
                happening=Happening.ALERT,
                on=alert.onset,
                title=criterion.key if criterion else "",
                view="alert",
                record_id=alert.id,
                criterion=criterion,
                estimate=alert.estimate,
                verdict=Verdict.NOT_MET,
            )
    yield CaseEvent(happening=Happening.OPENED, on=case.opened_on, title=f"Case {case.number}")


def _decisions(life: Life, case: Case) -> Iterator[CaseEvent]:
    for decision in life.decisions_of(case.id):
        yield CaseEvent(
            happening=Happening.DECISION,
            on=decision.on,
            text=decision.reason,
            by=decision.by,
            state=decision.choice,
        )


def _model(life: Life, case: Case) -> Iterator[CaseEvent]:
    challengers = [v for v in life.versions if (run := life.run(v.run_id)) and run.case_id == case.id]
    for version in challengers:
        trained = CaseEvent(
            happening=Happening.TRAINED,
            on=version.created_on or case.opened_on,
            title=version.title,
            by=version.registered_by,
            view="model_version",
            record_id=version.id,
        )
        yield trained
        for word in (a for a in life.approvals if a.model_version_id == version.id):
            about = {"text": word.reason, "by": word.by}
            yield replace(trained, happening=Happening.APPROVAL, on=word.on, state=word.state, **about)
        for deployed in (d for d in life.deployments if d.champion_id == version.id):
            about = {"text": deployed.reason, "by": deployed.by}
            yield replace(trained, happening=Happening.PROMOTION, on=deployed.on, **about)


def _checks(life: Life, case: Case) -> Iterator[CaseEvent]:
    for check in life.post_checks_of(case.id):
        yield CaseEvent(
            happening=Happening.POST_CHECK,
            on=check.ends,
            criterion=life.criterion(case.criterion_id),
            estimate=check.estimate,
            verdict=check.verdict,
            beside=check.counterfactual,
        )
    due = due_check(life, case)
    if due is not None and due.check_due is not None:
        yield CaseEvent(happening=Happening.DUE, on=due.check_due)


def _ends(case: Case) -> Iterator[CaseEvent]:
    if case.closed_on is not None:
        yield CaseEvent(happening=Happening.CLOSED, on=case.closed_on, title=f"Case {case.number}", state=case.state)


def due_check(life: Life, case: Case) -> Decision | None:
    """Return the decision whose post-check is still to come; ``None`` where none is awaited."""
    decisions = life.decisions_of(case.id)
    waits = case.state is CaseState.CHECKING and decisions and decisions[-1].check_due is not None
    return decisions[-1] if waits else None


def replaced_version(life: Life, case: Case) -> ModelVersion | None:
    """Return the champion that a case's challenger replaced, or would replace."""
    promoted = next((d.revision for d in life.deployments if d.champion_id == case.challenger_id), None)
    before = [d for d in life.deployments if promoted is None or d.revision < promoted]
    return life.version(before[-1].champion_id) if before else None


def last_check(life: Life, case: Case) -> PostCheck | None:
    """Return the newest post-check of a case."""
    checks = life.post_checks_of(case.id)
    return checks[-1] if checks else None


Result = tuple[Criterion, Estimate, Judgement]
"""A criterion, what was measured for it, and what the judge says of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedOption:
    """One option of a case: what the back-test measured for each criterion, and what the judge says of it."""

    choice: Choice
    note: str
    results: tuple[Result, ...]

    def result(self, key: str) -> Result | None:
        """Return the result for a criterion, by its key."""
        return next((r for r in self.results if r[0].key == key), None)


def judged_options(life: Life, backtest: Backtest) -> tuple[JudgedOption, ...]:
    """Judge every option of a back-test by the criteria that it was measured for."""
    return tuple(
        JudgedOption(choice=option.choice, note=option.note, results=judged(life, option.evaluations))
        for option in backtest.options
    )


def gain_of_retraining(backtest: Backtest, criterion: Criterion) -> tuple[Estimate, Word] | None:
    """Return what retraining gained over waiting on the same rows, and its word; ``None`` where it was not measured."""
    options = {option.choice: option for option in backtest.options}
    wait, again = options.get(Choice.WAIT), options.get(Choice.RETRAIN)
    if wait is None or again is None:
        return None
    sides = (wait.evaluations, again.evaluations, again.differences)
    found = [next((e.estimate for e in side if e.answers(criterion)), None) for side in sides]
    if found[0] is None or found[1] is None or found[2] is None:
        return None
    return found[2], word_of(criterion.metric, found[0], found[1], found[2])


def judged(life: Life, evaluations: Sequence[Evaluation]) -> tuple[Result, ...]:
    """Judge evaluations by the criteria that they answer, in the order of the criteria's keys."""
    found = [
        (criterion, e.estimate, judge(criterion, e.estimate))
        for e in evaluations
        if (criterion := life.criterion(e.criterion_id or ""))
    ]
    return tuple(sorted(found, key=lambda result: result[0].key))


def best_option(options: Sequence[JudgedOption], criterion: Criterion) -> JudgedOption | None:
    """Return the option with the best figure for a case's criterion; ``None`` where none was measured."""
    sign = {">=": 1.0, "<=": -1.0}

    def value(option: JudgedOption) -> float:
        result = option.result(criterion.key)
        assert result is not None
        figure = result[1].value
        return -abs(figure) if criterion.direction == "within" else sign[criterion.direction] * figure

    measured = [option for option in options if option.result(criterion.key)]
    return max(measured, key=value, default=None)
