"""Iteration acts: open a case, decide, retrain, post-check, close."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import Conflict, InvalidInput
from core.ids import new_id
from core.iteration.case import Backtest, Case, CaseState, Choice, Decision, PostCheck, may_decide
from core.iteration.post_check import CHECK_AFTER_DAYS, MORE_DAYS, due_after, state_after
from core.job import Job
from core.lifecycle.life import CLOSED_CASES
from core.modelling.run import Evaluation
from core.monitoring.window import Alert, AlertKind, AlertState, Window
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Verdict, judge
from core.statistics.estimate import Estimate
from core.workspace.act import Act, Desk
from core.workspace.data import CheckedTable, new_version


class Iteration:
    """The cases of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def cases(self, project_id: str) -> list[Case]:
        """Return a project's cases, oldest first."""
        return self._desk.all(Case, project_id, order="number")

    def get(self, case_id: str) -> Case:
        """Return a case.

        Raises
        ------
        NotFound
            There is no such case.
        """
        return self._desk.one(Case, case_id)

    def open_case(self, alert_id: str) -> Case:
        """Open a case about an alert; the other open alerts of the project join it. A job back-tests its options.

        Raises
        ------
        Conflict
            The alert is closed or in a case already.
        """
        alert = self._desk.one(Alert, alert_id)
        with self._desk.act(alert.project_id) as act:
            alert = act.records.get(Alert, alert_id)
            if alert.kind is not AlertKind.CRITERION:
                raise Conflict("A case is about a criterion. This alert closes by itself when rows come again.")
            if alert.state in {AlertState.CLOSED, AlertState.IN_CASE}:
                raise Conflict("This alert is closed or in a case already. Open the case to go on.")
            case = Case(
                id=new_id(),
                project_id=act.project.id,
                number=act.records.count(Case, project_id=act.project.id) + 1,
                criterion_id=alert.criterion_id,
                alert_id=alert.id,
                opened_on=act.on,
                created_at=act.at,
            )
            act.records.add(case)
            act.enter("case.opened", case, number=case.number, alert=alert.id)
            for other in act.records.find(Alert, project_id=act.project.id):
                if other.waits_for_a_case:
                    act.records.replace(replace(other, state=AlertState.IN_CASE, case_id=case.id))
            return case

    def ask_backtest(self, case_id: str) -> Job:
        """Ask for a case's options to be back-tested on the labels known today."""
        case = self.get(case_id)
        with self._desk.act(case.project_id) as act:
            return act.request("backtest", f"Back-test the options of case {case.number}", {"case_id": case_id})

    def backtested(self, case_id: str, backtest: Backtest) -> Case:
        """Record the options of a case side by side."""
        return self._change(case_id, backtest=backtest)

    def decide(self, case_id: str, choice: Choice, reason: str) -> Decision:
        """Decide what to do about a case. Retraining starts its job in the same transaction.

        Raises
        ------
        Conflict
            The case does not wait for a decision.
        InvalidInput
            There is no reason.
        """
        if not reason.strip():
            raise InvalidInput("Say in a sentence why: whoever reads the case next year will want to know.")
        case = self.get(case_id)
        with self._desk.act(case.project_id) as act:
            case = act.records.get(Case, case_id)
            if not may_decide(case):
                raise Conflict(f"Case {case.number} does not wait for a decision: it is {case.state}.")
            retrain = choice is Choice.RETRAIN
            decision = Decision(
                id=new_id(),
                project_id=act.project.id,
                case_id=case_id,
                choice=choice,
                reason=reason.strip(),
                by=act.actor.id,
                at=act.at,
                on=act.on,
                check_due=None if retrain else due_after(choice, act.on),
            )
            act.records.add(decision)
            act.records.replace(_decided(case, retrain=retrain))
            act.enter("case.decided", decision, choice=choice, reason=decision.reason)
            if retrain:
                act.request("retrain", f"Retrain for case {case.number}", {"case_id": case_id})
            return decision

    def dataset_from_log(self, project_id: str, checked: CheckedTable, *, name: str, key: str) -> DatasetVersion:
        """Record a dataset made from logged predictions and their labels; it is accepted with its origin."""
        artifact = self._desk.storage.artifacts.put_file(checked.table)
        with self._desk.act(project_id, key=key) as act:
            if done := act.done(DatasetVersion):
                return done
            version = replace(
                new_version(act, name, origin="log"),
                state=DatasetState.ACCEPTED,
                source=artifact,
                artifact=artifact,
                rows=checked.rows,
                columns=checked.columns,
                findings=checked.findings,
                profile=checked.profile,
                starts=checked.starts,
                ends=checked.ends,
                note="Made from logged predictions and the labels known on that day.",
                decided_by=act.actor.id,
                decided_at=act.at,
                decided_on=act.on,
            )
            act.leave(version)
            act.enter("dataset.from_log", version, rows=version.rows, artifact=artifact)
            return version

    def challenged(
        self, case_id: str, run_id: str, *, champion: Sequence[Evaluation], differences: Sequence[Evaluation]
    ) -> Case:
        """Record the challenger's run and how the champion did on the same held-out rows."""
        return self._change(
            case_id,
            challenger_run_id=run_id,
            champion_evaluations=tuple(champion),
            differences=tuple(differences),
        )

    def challenger_registered(self, case_id: str, version_id: str) -> Case:
        """Record which registered version is the case's challenger: promotion takes exactly this artifact."""
        return self._change(case_id, challenger_id=version_id)

    def retraining_failed(self, case_id: str) -> Case:
        """Let a case wait for a decision again, because its retraining could not be carried out."""
        return self._change(case_id, state=CaseState.REOPENED)

    def due(self, project_id: str, now: datetime) -> list[Decision]:
        """Return the decisions whose post-check is due and not done."""
        decisions = self._desk.all(Decision, project_id, order="at")
        checking = {case.id for case in self.cases(project_id) if case.state is CaseState.CHECKING}
        newest = {d.case_id: d for d in decisions}
        return [d for d in newest.values() if d.case_id in checking and d.check_due and d.check_due <= now]

    def criterion(self, case: Case) -> Criterion:
        """Return the criterion that a case is about."""
        return self._desk.one(Criterion, case.criterion_id)

    def post_checked(
        self,
        decision_id: str,
        *,
        version_id: str,
        estimate: Estimate | None,
        beside: tuple[str, Estimate | None] | None = None,
    ) -> PostCheck:
        """Record a post-check: met closes the case and its alerts, not met opens it again, undecided waits a week.

        ``beside`` is (version id, Estimate) of what was replaced, measured on the same rows.
        """
        decision = self._desk.one(Decision, decision_id)
        case = self.get(decision.case_id)
        verdict = judge(self.criterion(case), estimate, reason="nothing was logged").verdict
        with self._desk.act(decision.project_id) as act:
            ends = decision.check_due or act.on
            check = PostCheck(
                id=new_id(),
                project_id=act.project.id,
                case_id=case.id,
                decision_id=decision.id,
                starts=ends - timedelta(days=CHECK_AFTER_DAYS[decision.choice]),
                ends=ends,
                model_version_id=version_id,
                estimate=estimate,
                verdict=verdict,
                counterfactual_id=beside[0] if beside else None,
                counterfactual=beside[1] if beside else None,
                on=act.on,
                at=act.at,
            )
            act.records.add(check)
            act.enter("case.post_checked", check, case=case.number, verdict=verdict)
            _settle(act, case, decision, verdict)
            return check

    def accept_as_is(self, case_id: str, reason: str) -> Case:
        """Close a case although its criterion is not met, by an approver's word.

        Raises
        ------
        InvalidInput
            There is no reason.
        Conflict
            The case is closed.
        """
        if not reason.strip():
            raise InvalidInput("Say in a sentence why it is acceptable that the criterion is not met.")
        case = self.get(case_id)
        with self._desk.act(case.project_id, Permission.APPROVE) as act:
            case = act.records.get(Case, case_id)
            if case.state in CLOSED_CASES:
                raise Conflict(f"Case {case.number} is closed already.")
            closed = replace(case, state=CaseState.CLOSED_ACCEPTED, closed_on=act.on)
            act.records.replace(closed)
            act.enter("case.closed", closed, reason=reason)
            _close_alerts(act, case, "expected")
            return closed

    def _change(self, case_id: str, **changes: Any) -> Case:
        case = self.get(case_id)
        with self._desk.act(case.project_id) as act:
            changed = replace(act.records.get(Case, case_id), **changes)
            act.records.replace(changed)
            return changed


def _decided(case: Case, *, retrain: bool) -> Case:
    if not retrain:
        return replace(case, state=CaseState.CHECKING)
    # the challenger of an earlier retraining is not this one's
    return replace(
        case,
        state=CaseState.ACTING,
        challenger_id=None,
        challenger_run_id=None,
        champion_evaluations=(),
        differences=(),
    )


def _settle(act: Act, case: Case, decision: Decision, verdict: Verdict) -> None:
    state = state_after(verdict)
    closed = state is CaseState.CLOSED_MET
    changed = replace(case, state=state, closed_on=act.on if closed else None)
    act.records.replace(changed)
    if state is CaseState.CHECKING and decision.check_due:
        act.records.replace(replace(decision, check_due=decision.check_due + timedelta(days=MORE_DAYS)))
    if closed:
        act.enter("case.closed", changed, verdict=verdict)
        _close_alerts(act, case, "real")


def _close_alerts(act: Act, case: Case, reason: str) -> None:
    """Close a case's alerts; one whose own criterion the newest window does not meet stays open, without a case."""
    newest = act.records.first(Window, order="-ends", project_id=act.project.id)
    for alert in act.records.find(Alert, project_id=act.project.id, case_id=case.id):
        judged = newest.judgement(alert.criterion_id) if newest else None
        still = alert.criterion_id != case.criterion_id and judged and judged.verdict is Verdict.NOT_MET
        closed = replace(alert, state=AlertState.CLOSED, closed_reason=reason, closed_on=act.on)
        act.records.replace(replace(alert, state=AlertState.SEEN, case_id=None) if still else closed)
