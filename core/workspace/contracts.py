"""Contract acts: draft what data look like, agree on it, hold files to it, widen it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from core.data.contract.change import changes, widened
from core.data.contract.contract import Contract, Rule
from core.data.contract.findings import contract_findings, is_of_contract, rule_of
from core.data.contract.infer import infer
from core.data.contract.judge import Judged, broken_rows, judge
from core.data.contract.odcs import to_odcs
from core.data.contract.reading import contract_of
from core.data.contract.version import ContractState, ContractVersion, draft_of, in_force
from core.data.dataset import DatasetState, DatasetVersion
from core.data.finding import Finding
from core.data.validation import in_order
from core.errors import Conflict, InvalidInput
from core.ids import new_id
from core.people.actor import Permission
from core.workspace import endpoint
from core.workspace.act import Act, Desk, wall_time


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedDraft:
    """A draft that was read from a file, and what could not be carried over, a sentence each."""

    draft: ContractVersion
    left_out: tuple[str, ...]


class Contracts:
    """The contracts of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def versions(self, project_id: str) -> list[ContractVersion]:
        """Return all versions of a project's contract, oldest first."""
        return self._desk.all(ContractVersion, project_id, order="number")

    def get(self, version_id: str) -> ContractVersion:
        """Return a version.

        Raises
        ------
        NotFound
            There is no such version.
        """
        return self._desk.one(ContractVersion, version_id)

    def in_force(self, project_id: str) -> ContractVersion | None:
        """Return the contract that judges a project's data, or ``None``."""
        return in_force(self.versions(project_id))

    def infer(self, dataset_id: str) -> ContractVersion:
        """Draft a contract from a dataset version as it is.

        Raises
        ------
        Conflict
            The version has no table yet, or a draft is being written.
        """
        dataset = self._desk.one(DatasetVersion, dataset_id)
        contract = infer(self._table(dataset), dataset.name)
        return self.propose(
            dataset.project_id, contract, origin=f"inferred from v{dataset.number}", dataset_id=dataset.id
        )

    def propose(
        self, project_id: str, contract: Contract, *, origin: str, dataset_id: str | None = None
    ) -> ContractVersion:
        """Begin a draft.

        Raises
        ------
        Conflict
            A draft is being written already.
        """
        with self._desk.act(project_id) as act:
            return _begin(act, contract, origin=origin, dataset_id=dataset_id)

    def revise(self, project_id: str) -> ContractVersion:
        """Begin a draft as the contract in force is.

        Raises
        ------
        Conflict
            There is no contract yet, or a draft is being written already.
        """
        current = self.in_force(project_id)
        if current is None:
            raise Conflict("There is no contract yet. Infer one from a dataset version, or import one.")
        return self.propose(
            project_id, current.contract, origin=f"revises v{current.number}", dataset_id=current.dataset_id
        )

    def write(self, draft_id: str, contract: Contract, *, seen_edit: int) -> ContractVersion:
        """Save a draft; ``seen_edit`` is the edit that the writer had before their eyes.

        Raises
        ------
        Conflict
            Somebody else has saved or decided meanwhile.
        """
        with self._desk.act(self.get(draft_id).project_id) as act:
            draft = _draft(act, draft_id, seen_edit)
            changed = replace(draft, contract=contract, edit=draft.edit + 1)
            act.records.replace(changed)
            return changed

    def discard(self, draft_id: str) -> None:
        """Put a draft away: it stays as a version that never was in force.

        Raises
        ------
        Conflict
            It is no draft any more.
        """
        with self._desk.act(self.get(draft_id).project_id) as act:
            draft = _draft(act, draft_id)
            act.records.replace(replace(draft, state=ContractState.SUPERSEDED, note="discarded"))

    def accept(self, draft_id: str, note: str = "", *, seen_edit: int | None = None) -> ContractVersion:
        """Agree on a draft: it judges from now on, the version before it no longer does, at the endpoint neither.

        Raises
        ------
        Conflict
            It is no draft, or somebody has saved it meanwhile.
        InvalidInput
            It holds no rule.
        """
        draft = self.get(draft_id)
        if not draft.contract.rules:
            raise InvalidInput("The contract holds no rule. Write one down before you accept it.")
        with self._desk.act(draft.project_id, Permission.APPROVE) as act:
            accepted = _enact(act, _draft(act, draft_id, seen_edit), note)
        self._take_effect(accepted)
        return accepted

    def widen(self, dataset_id: str, judged: Judged, *, seen: str) -> ContractVersion:
        """Widen one rule so far that a dataset version keeps it, as the next version of the contract.

        ``seen`` is the id of the version that the person had before their eyes.

        Raises
        ------
        Conflict
            Another contract is in force by now.
        InvalidInput
            The rule is kept, or is gone.
        """
        dataset = self._desk.one(DatasetVersion, dataset_id)
        with self._desk.act(dataset.project_id, Permission.APPROVE) as act:
            current = in_force(act.records.find(ContractVersion, order="number", project_id=dataset.project_id))
            if current is None or current.id != seen:
                raise Conflict("Another contract is in force by now. Look at the page anew.")
            wider = ContractVersion(
                id=new_id(),
                project_id=dataset.project_id,
                number=_next_number(act),
                contract=widened(current.contract, judged),
                origin=f"widened for v{dataset.number}: {judged.rule.key}",
                dataset_id=dataset.id,
                created_at=act.at,
                created_by=act.actor.id,
            )
            act.records.add(wider)
            accepted = _enact(act, wider, "")
        self._take_effect(accepted)
        return accepted

    def import_file(self, project_id: str, content: bytes, *, name: str) -> ImportedDraft:
        """Draft a contract from a file of another tool, or of ours.

        Raises
        ------
        UnreadableFile
            It is no contract of a known form.
        Conflict
            A draft is being written already.
        """
        found = contract_of(content, name=name)
        draft = self.propose(project_id, found.contract, origin=f"imported from {name} ({found.form})")
        return ImportedDraft(draft=draft, left_out=found.left_out)

    def export(self, version: ContractVersion) -> str:
        """Return a version in the Open Data Contract Standard."""
        status = {"draft": "draft", "accepted": "active", "superseded": "retired"}[version.state]
        return to_odcs(version.contract, identity=version.project_id, version=str(version.number), status=status)

    def judged(self, dataset: DatasetVersion, contract: Contract) -> tuple[Judged, ...]:
        """Judge a dataset version by a contract, as it is or as it would be."""
        return judge(self._table(dataset), contract, now=wall_time(), typed=dataset.typed)

    def broken_rows(self, dataset: DatasetVersion, contract: Contract, rule: Rule) -> pl.DataFrame:
        """Return the rows of a dataset version that break a rule, with their numbers; at most 100,000."""
        return broken_rows(self._table(dataset), contract, rule, now=wall_time(), typed=dataset.typed)

    def rows_of(self, dataset: DatasetVersion, finding: Finding) -> pl.DataFrame:
        """Return all rows that break the rule a finding is about, with their numbers; at most 100,000.

        Raises
        ------
        InvalidInput
            No version of the contract has such a rule.
        """
        for version in reversed(self.versions(dataset.project_id)):
            rule = rule_of(finding, version.contract)
            if rule is not None:
                return self.broken_rows(dataset, version.contract, rule)
        raise InvalidInput("No version of the contract has this rule any more. Hold the dataset to the contract again.")

    def _table(self, dataset: DatasetVersion) -> Any:
        self._desk.actor.require(Permission.READ)
        if dataset.artifact is None:
            raise Conflict(f"{dataset.name} v{dataset.number} has no table yet. Wait for its checks to end.")
        return self._desk.storage.artifacts.path(dataset.artifact)

    def _take_effect(self, accepted: ContractVersion) -> None:
        """Hold to it what waits for a decision, and what comes to the endpoint from now on."""
        self._judge_waiting(accepted)
        endpoint.publish(self._desk, accepted.project_id)

    def _judge_waiting(self, accepted: ContractVersion) -> None:
        """Judge the dataset versions anew that wait for a decision: they are decided on by the contract in force."""
        waiting = self._desk.all(DatasetVersion, accepted.project_id, state=DatasetState.WAITING)
        found = {version.id: contract_findings(self.judged(version, accepted.contract)) for version in waiting}
        if not found:
            return
        with self._desk.act(accepted.project_id) as act:
            for version_id, agreed in found.items():
                version = act.records.get(DatasetVersion, version_id)
                if version.state is DatasetState.WAITING:
                    others = [finding for finding in version.findings if not is_of_contract(finding)]
                    act.records.replace(replace(version, findings=in_order([*agreed, *others])))


def _begin(act: Act, contract: Contract, *, origin: str, dataset_id: str | None) -> ContractVersion:
    versions: Sequence[ContractVersion] = act.records.find(ContractVersion, order="number", project_id=act.project.id)
    if draft_of(versions):
        raise Conflict("A draft of the contract is being written already. Accept or discard it first.")
    draft = ContractVersion(
        id=new_id(),
        project_id=act.project.id,
        number=_next_number(act),
        contract=contract,
        origin=origin,
        dataset_id=dataset_id,
        created_at=act.at,
        created_by=act.actor.id,
    )
    act.records.add(draft)
    return draft


def _next_number(act: Act) -> int:
    return act.records.count(ContractVersion, project_id=act.project.id) + 1


def _draft(act: Act, draft_id: str, seen_edit: int | None = None) -> ContractVersion:
    draft = act.records.get(ContractVersion, draft_id)
    if draft.state is not ContractState.DRAFT:
        raise Conflict(f"{draft.title} is no draft any more: it is {draft.state}. Look at the page anew.")
    if seen_edit is not None and draft.edit != seen_edit:
        raise Conflict("Somebody saved this draft while you wrote. Reload the page and change it there.")
    return draft


def _enact(act: Act, version: ContractVersion, note: str) -> ContractVersion:
    """Let a version judge from now on, in the place of the one before."""
    before = in_force(act.records.find(ContractVersion, order="number", project_id=act.project.id))
    if before is not None:
        act.records.replace(replace(before, state=ContractState.SUPERSEDED))
    accepted = replace(
        version,
        state=ContractState.ACCEPTED,
        note=note,
        decided_by=act.actor.id,
        decided_at=act.at,
        decided_on=act.on,
    )
    act.records.replace(accepted)
    changed = changes(before.contract, accepted.contract) if before else ()
    act.enter(
        "contract.accepted",
        accepted,
        number=accepted.number,
        rules=len(accepted.contract.rules),
        changed=len(changed),
        breaking=sum(change.breaking for change in changed),
        origin=accepted.origin,
    )
    return accepted
