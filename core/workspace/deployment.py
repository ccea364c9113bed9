"""Deployment acts: register, pass the gate, approve, deploy, promote, roll back; ship what the scorer logged."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.deployment.deployment import Deployment
from core.deployment.endpoint import EndpointHealth
from core.deployment.gate import evaluate_gate, gate_state
from core.deployment.model_version import (
    Approval,
    ApprovalState,
    GateResult,
    GateState,
    ModelVersion,
    Parity,
    VersionState,
)
from core.deployment.same_inputs import refuse_other_kinds
from core.deployment.traffic import Traffic
from core.errors import Conflict, FullcircleError, InvalidInput
from core.ids import new_id
from core.iteration.case import Case, CaseState, Choice, Decision
from core.iteration.post_check import due_after
from core.job import Job
from core.lifecycle.life import APPROVING
from core.modelling.recipes import RECIPES
from core.modelling.run import Run, RunState
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Verdict, agreed
from core.scoping.project import Project
from core.spool import SpoolRecord
from core.unanswered import Count
from core.workspace import arriving, endpoint
from core.workspace.act import Act, Desk
from core.workspace.endpoint import Tried


class Deployments:
    """Model versions, their gate, and what serves."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def versions(self, project_id: str) -> list[ModelVersion]:
        """Return a project's model versions, oldest first."""
        return self._desk.all(ModelVersion, project_id)

    def get(self, version_id: str) -> ModelVersion:
        """Return a model version.

        Raises
        ------
        NotFound
            There is no such version.
        """
        return self._desk.one(ModelVersion, version_id)

    def register(self, run_id: str, name: str) -> Job:
        """Ask for a run to be registered; a job checks that the file to serve repeats the trained model.

        Raises
        ------
        InvalidInput
            The run is a baseline, has not finished, or the name is empty.
        """
        run = self._desk.one(Run, run_id)
        if run.state is not RunState.FINISHED or not RECIPES[run.recipe].registrable or run.model is None:
            raise InvalidInput(
                f"{run.name} cannot be registered: it has no model to serve, or has not finished. Choose another run."
            )
        if not name.strip():
            raise InvalidInput("A registered model needs a name. Type what it predicts, for example late-flights.")
        with self._desk.act(run.project_id) as act:
            return act.request("register", f"Register {run.name}", {"run_id": run_id, "name": name.strip()})

    def registered(self, run_id: str, name: str, parity: Parity, *, key: str | None = None) -> ModelVersion:
        """Record a registered version and judge its gate.

        Raises
        ------
        InvalidInput
            The served file does not repeat the trained model.
        """
        run = self._desk.one(Run, run_id)
        if not parity.holds:
            raise InvalidInput(
                f"The file to serve differs from the trained {run.name} by up to {parity.largest_difference:.2g} "
                f"({parity.mismatches} decisions of {parity.rows} change). It is not registered; train it anew."
            )
        with self._desk.act(run.project_id, key=key) as act:
            if done := act.done(ModelVersion):
                return done
            version = _new_version(act, run, name, parity, len(self._desk.storage.artifacts.read(run.model or "")))
            act.leave(version)
            act.enter("model.registered", version, name=version.title, artifact=version.artifact, run=run.id)
            _judge_gate(act, version, run)
            return version

    def judge_gate(self, version_id: str) -> GateResult:
        """Judge a version's gate anew, by the criteria as they are today."""
        version = self.get(version_id)
        run = self._desk.one(Run, version.run_id)
        with self._desk.act(version.project_id) as act:
            return _judge_gate(act, version, run)

    def approve(self, version_id: str, reason: str = "") -> Approval:
        """Let a version in. Who approves what they registered themselves is recorded as self-approved.

        Raises
        ------
        Conflict
            The gate is closed, or is undecided and no reason is given.
        """
        version = self.get(version_id)
        with self._desk.act(version.project_id, Permission.APPROVE) as act:
            gate = act.records.first(GateResult, order="-created_at", model_version_id=version_id)
            if gate is None or gate.state is GateState.CLOSED:
                raise Conflict(f"The gate of {version.title} is closed: a criterion is not met. Train another run.")
            _check_agreement(act, gate)
            if gate.count(Verdict.UNDECIDED) and not reason.strip():
                raise Conflict("A criterion is undecided. Say in a sentence why the version may go live all the same.")
            own = version.registered_by == act.actor.id
            state = ApprovalState.SELF_APPROVED if own else ApprovalState.APPROVED
            return _approval(act, version, gate, state, reason)

    def refuse(self, version_id: str, reason: str) -> Approval:
        """Keep a version out.

        Raises
        ------
        Conflict
            The version has no gate yet.
        """
        version = self.get(version_id)
        with self._desk.act(version.project_id, Permission.APPROVE) as act:
            gate = act.records.first(GateResult, order="-created_at", model_version_id=version_id)
            if gate is None:
                raise Conflict(f"{version.title} has not passed its gate yet. Wait for its registration to end.")
            return _approval(act, version, gate, ApprovalState.REFUSED, reason)

    def deploy(self, version_id: str, *, shadows: Sequence[str] = (), reason: str = "") -> Deployment:
        """Put an approved version into service, others beside it as shadows.

        Raises
        ------
        Conflict
            The version is not approved.
        """
        return self._deploy(version_id, "deploy", shadows=shadows, reason=reason)

    def promote(self, version_id: str, *, reason: str = "") -> Deployment:
        """Put an approved challenger in the champion's place; the old champion listens on as a shadow.

        The case that asked for the challenger waits for its post-check from now on.

        Raises
        ------
        Conflict
            The version is not approved, or nothing is in service.
        """
        version = self.get(version_id)
        current = self.current(version.project_id)
        if current is None:
            raise Conflict("Nothing is in service yet. Deploy the version instead of promoting it.")
        return self._deploy(version_id, "promote", shadows=_listening(current, version_id), reason=reason)

    def roll_back(self, project_id: str, reason: str) -> Deployment:
        """Put the champion before the present one back into service: the counter-act of a promotion.

        Raises
        ------
        Conflict
            There is no earlier champion.
        """
        history = self._desk.all(Deployment, project_id, order="revision")
        earlier = [d for d in history if d.champion_id != history[-1].champion_id]
        if not earlier:
            raise Conflict("There is no earlier champion to go back to.")
        return self._deploy(
            earlier[-1].champion_id,
            "roll_back",
            shadows=_listening(history[-1], earlier[-1].champion_id),
            reason=reason,
        )

    def current(self, project_id: str) -> Deployment | None:
        """Return the deployment in force."""
        return endpoint.deployment_in_force(self._desk, project_id)

    def publish(self, project_id: str) -> None:
        """Write what the scorer shall serve, or withdraw it where the project is archived."""
        endpoint.publish(self._desk, project_id)

    def publish_all(self) -> None:
        """Do so for every project: repeated at a worker's start, so that no commit stays unpublished."""
        with self._desk.storage.read() as records:
            projects = records.find(Project)
        for project in projects:
            with contextlib.suppress(FullcircleError):  # one damaged file stops no other project
                endpoint.publish(self._desk, project.id)

    def ship(self, records: Sequence[SpoolRecord], *, source: str) -> None:
        """Move logged answers into the prediction tables, exactly once a (source, sequence)."""
        arriving.ship(self._desk, records, source)

    def ship_unanswered(self, counts: Sequence[Count], *, source: str) -> None:
        """Move counts of refused and failed requests into the tables, exactly once a (source, sequence)."""
        arriving.ship_unanswered(self._desk, counts, source)

    def scorer_status(self) -> dict[str, Any]:
        """Return what the scorer says of itself.

        Raises
        ------
        Unavailable
            The scorer does not answer.
        """
        return endpoint.scorer_status(self._desk)

    def health(self, project_id: str) -> EndpointHealth:
        """Return how a project's endpoint is."""
        return endpoint.health(self._desk, project_id)

    def commits(self, project_id: str) -> int:
        """Return the number of the prediction log's newest commit: what a cached reading of the log is keyed by."""
        return self._desk.storage.predictions.commits(project_id)

    def traffic(self, project_id: str) -> Traffic:
        """Return what a project's endpoint logged on the last days that have rows."""
        return endpoint.traffic_of(self._desk, project_id)

    def example_request(self, project_id: str) -> dict[str, Any]:
        """Return an infer request with one row that the champion was trained on.

        Raises
        ------
        Conflict
            Nothing serves yet.
        """
        return endpoint.example_request(self._desk, project_id)

    def try_out(self, project_id: str, request: Mapping[str, Any]) -> Tried:
        """Send one request to a project's endpoint, marked so that monitoring never counts it.

        Raises
        ------
        Unavailable
            The scorer does not answer, or does not serve this endpoint yet.
        """
        return endpoint.try_out(self._desk, project_id, request)

    def _deploy(self, version_id: str, act_name: str, *, shadows: Sequence[str], reason: str) -> Deployment:
        version = self.get(version_id)
        with self._desk.act(version.project_id, Permission.APPROVE) as act:
            approval = act.records.first(Approval, order="-at", model_version_id=version_id)
            if approval is None or approval.state not in APPROVING:
                raise Conflict(f"{version.title} is not approved. Approve it first; then put it into service.")
            served = {d.champion_id for d in act.records.find(Deployment, project_id=act.project.id)}
            refuse_other_kinds(version, [act.records.get(ModelVersion, champion_id) for champion_id in served])
            before = act.records.first(Deployment, order="-revision", project_id=act.project.id)
            deployment = Deployment(
                id=new_id(),
                project_id=act.project.id,
                endpoint=act.project.slug,
                revision=before.revision + 1 if before else 1,
                act=act_name,
                champion_id=version_id,
                shadow_ids=tuple(shadows),
                approval_id=approval.id,
                reason=reason,
                by=act.actor.id,
                at=act.at,
                on=act.on,
            )
            act.records.add(deployment)
            _move_states(act, before, deployment)
            _await_post_check(act, version_id)
            act.enter(f"deployment.{act_name}", deployment, champion=version.title, revision=deployment.revision)
        self.publish(version.project_id)
        return deployment


def _listening(before: Deployment, champion_id: str) -> tuple[str, ...]:
    """Return who listens in after a change of champion: the old one first, then who listened already."""
    return tuple(v for v in (before.champion_id, *before.shadow_ids) if v != champion_id)


def _new_version(act: Act, run: Run, name: str, parity: Parity, size: int) -> ModelVersion:
    slug = "-".join(name.lower().split())
    cut = run.parameters.get("cut")
    return ModelVersion(
        id=new_id(),
        project_id=run.project_id,
        run_id=run.id,
        name=name,
        slug=slug,
        number=act.records.count(ModelVersion, project_id=run.project_id, slug=slug) + 1,
        artifact=run.model or "",
        size=size,
        features=run.features,
        classes=run.classes,
        cut=float(cut) if cut is not None else None,
        parity=parity,
        registered_by=act.actor.id,
        created_at=act.at,
        created_on=act.on,
    )


def _judge_gate(act: Act, version: ModelVersion, run: Run) -> GateResult:
    criteria = agreed(act.records.find(Criterion, project_id=act.project.id))
    lines = evaluate_gate(run.evaluations, version.parity, criteria)
    gate = GateResult(
        id=new_id(),
        project_id=act.project.id,
        model_version_id=version.id,
        state=gate_state(lines),
        lines=lines,
        created_at=act.at,
        created_on=act.on,
    )
    act.records.add(gate)
    act.enter("gate.judged", gate, version=version.title, state=gate.state)
    return gate


def _check_agreement(act: Act, gate: GateResult) -> None:
    """Refuse a gate that judged by what nobody has signed, or by what has been signed anew since."""
    judged = {line.criterion_id: line.criterion_hash for line in gate.lines}
    criteria = agreed(act.records.find(Criterion, project_id=act.project.id))
    if unsigned := next((c for c in criteria if c.signed_at is None), None):
        raise Conflict(f"{unsigned.key} is not signed yet. Sign the criteria in Documents; then approve.")
    for criterion in act.records.find(Criterion, id=list(judged)):
        now = next(c for c in criteria if c.key == criterion.key)
        if now.content_hash != judged[criterion.id]:
            raise Conflict(f"{now.key} was signed anew since this gate was judged. Judge it again; then approve.")


def _approval(act: Act, version: ModelVersion, gate: GateResult, state: ApprovalState, reason: str) -> Approval:
    criteria = agreed(act.records.find(Criterion, project_id=act.project.id))
    approval = Approval(
        id=new_id(),
        project_id=act.project.id,
        model_version_id=version.id,
        gate_id=gate.id,
        state=state,
        reason=reason,
        criteria=tuple((c.id, c.content_hash) for c in criteria),
        by=act.actor.id,
        at=act.at,
        on=act.on,
    )
    act.records.add(approval)
    act.enter(f"approval.{state}", approval, version=version.title, reason=reason)
    return approval


def _move_states(act: Act, before: Deployment | None, after: Deployment) -> None:
    for version in act.records.find(ModelVersion, project_id=act.project.id):
        was_serving = before is not None and version.id in {before.champion_id, *before.shadow_ids}
        if version.id == after.champion_id:
            act.records.replace(replace(version, state=VersionState.CHAMPION))
        elif version.id in after.shadow_ids and before is None:
            act.records.replace(replace(version, state=VersionState.CHALLENGER))
        elif was_serving or version.id in after.shadow_ids:
            act.records.replace(replace(version, state=VersionState.RETIRED))


def _await_post_check(act: Act, version_id: str) -> None:
    """Let the case that asked for this version wait for its post-check, counted from now."""
    case = act.records.first(Case, challenger_id=version_id)
    if case is None or case.state is not CaseState.ACTING:
        return
    act.records.replace(replace(case, state=CaseState.CHECKING))
    decision = act.records.first(Decision, order="-at", case_id=case.id, choice=Choice.RETRAIN)
    if decision:
        act.records.replace(replace(decision, check_due=due_after(Choice.RETRAIN, act.on)))
