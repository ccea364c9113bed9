"""Data acts: drop a file, record what its checks found, accept or reject it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from core.data.all_rows import rows_of
from core.data.check import Beside
from core.data.contract.findings import is_of_contract
from core.data.dataset import DatasetState, DatasetVersion, HowRead, other_parts, split_in_name
from core.data.finding import CheckStatus, Finding, Severity
from core.errors import Conflict, InvalidInput
from core.frames.opened import Opened
from core.frames.reading import Reading
from core.ids import new_id
from core.job import Job
from core.people.actor import Permission
from core.scoping.project import Project
from core.workspace.act import Act, Desk, check_arrived

_COMPARE = "compare_versions"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedTable:
    """What checking a file gave: its table, its findings, its profile, its span of event time, how it was read."""

    table: Path
    rows: int
    columns: tuple[str, ...]
    findings: tuple[Finding, ...]
    profile: Mapping[str, Mapping[str, Any]]
    starts: datetime | None = None
    ends: datetime | None = None
    read: HowRead | None = None


class Data:
    """The dataset versions of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def versions(self, project_id: str) -> list[DatasetVersion]:
        """Return a project's dataset versions, oldest first."""
        return self._desk.all(DatasetVersion, project_id)

    def get(self, version_id: str) -> DatasetVersion:
        """Return a dataset version.

        Raises
        ------
        NotFound
            There is no such version.
        """
        return self._desk.one(DatasetVersion, version_id)

    def drop(self, project_id: str, path: Path, *, file_name: str) -> tuple[DatasetVersion, Job]:
        """Take a file that somebody dropped; a job checks it.

        Raises
        ------
        InvalidInput
            The file is no longer there.
        """
        check_arrived(path, file_name)
        with self._desk.act(project_id) as act:
            version = new_version(act, file_name)
            act.leave(version)
            arguments = {"version_id": version.id, "path": str(path), "file_name": file_name}
            return version, act.request("check_dataset", f"Check {file_name}", arguments)

    def read_again(self, version_id: str, reading: Reading) -> tuple[DatasetVersion, Job]:
        """Read a version's file another way: a new version, which a job checks; the old one stays as it is.

        Raises
        ------
        Conflict
            The file cannot be read another way, or is still being checked.
        """
        parent = self.get(version_id)
        if not parent.can_be_read_again:
            raise Conflict(
                f"{parent.name} v{parent.number} cannot be read another way: its file is not kept as it was dropped, "
                "or says itself how it is read. Drop the file again."
            )
        with self._desk.act(parent.project_id) as act:
            version = replace(
                new_version(act, parent.file_name),
                parent_id=parent.id,
                source=parent.source,
                split=parent.split,
                read=HowRead(reading=reading),
            )
            act.leave(version)
            arguments = {"version_id": version.id, "file_name": parent.file_name}
            return version, act.request("check_dataset", f"Read {parent.file_name} another way", arguments)

    def open_version(
        self, project_id: str, file_name: str, *, key: str | None = None, origin: str = "upload"
    ) -> DatasetVersion:
        """Begin a dataset version that a job fills."""
        with self._desk.act(project_id, key=key) as act:
            if done := act.done(DatasetVersion):
                return done
            version = new_version(act, file_name, origin)
            act.leave(version)
            return version

    def checked(
        self, version_id: str, source: Path, checked: CheckedTable, *, split: str | None = None
    ) -> DatasetVersion:
        """Record what the checks found; the version then waits for a decision.

        ``split`` says which part of the source its table is.
        """
        source_hash = self._desk.storage.artifacts.put_file(source)
        artifact = self._desk.storage.artifacts.put_file(checked.table)
        version = self.get(version_id)
        with self._desk.act(version.project_id) as act:
            changed = replace(
                version,
                state=DatasetState.WAITING,
                source=source_hash,
                artifact=artifact,
                rows=checked.rows,
                columns=checked.columns,
                findings=checked.findings,
                profile=checked.profile,
                starts=checked.starts,
                ends=checked.ends,
                read=checked.read,
                split=split or version.split,
            )
            act.records.replace(changed)
            return changed

    def refused(self, version_id: str, sentence: str, *, source: Path | None = None) -> DatasetVersion:
        """Record that a file could not be opened: the sentence becomes its one finding.

        The ``source`` is kept where another way of reading it may help.
        """
        version = self.get(version_id)
        kept = self._desk.storage.artifacts.put_file(source) if source else version.source
        finding = Finding(check="open", severity=Severity.ERROR, status=CheckStatus.FAILED, message=sentence)
        with self._desk.act(version.project_id) as act:
            changed = replace(version, state=DatasetState.REJECTED, findings=(finding,), note=sentence, source=kept)
            act.records.replace(changed)
            act.enter("dataset.refused", changed, reason=sentence)
            return changed

    def accept(self, version_id: str, note: str = "") -> DatasetVersion:
        """Accept a dataset version: it may be trained on.

        Raises
        ------
        Conflict
            It does not wait for a decision.
        InvalidInput
            It breaks the contract, and no note says why it is accepted all the same.
        """
        return self._decide(version_id, DatasetState.ACCEPTED, note)

    def reject(self, version_id: str, note: str = "") -> DatasetVersion:
        """Reject a dataset version.

        Raises
        ------
        Conflict
            It does not wait for a decision.
        """
        return self._decide(version_id, DatasetState.REJECTED, note)

    def source(self, version: DatasetVersion) -> Path:
        """Return the file of a version as it was dropped, its hash verified.

        Raises
        ------
        NotFound
            It is not kept.
        """
        return self._desk.storage.artifacts.path(version.source)

    def compare(self, reference_id: str, current_id: str) -> Job:
        """Ask for what moved between two versions of a project.

        Raises
        ------
        Conflict
            One of them has no table, or they are of two projects.
        """
        reference, current = self.get(reference_id), self.get(current_id)
        for version in (reference, current):
            self.table(version)
        if reference.project_id != current.project_id:
            raise Conflict("Only versions of one project are compared. Use Check files for others.")
        with self._desk.act(current.project_id, Permission.WRITE) as act:
            title = f"Compare v{current.number} with v{reference.number}"
            return act.request(_COMPARE, title, {"reference_id": reference_id, "current_id": current_id})

    def comparison(self, reference_id: str, current_id: str) -> Job | None:
        """Return the newest job that was asked to compare two versions, or ``None``."""
        project_id = self.get(current_id).project_id
        asked = {"reference_id": reference_id, "current_id": current_id}
        with self._desk.storage.read() as records:
            jobs = records.find(Job, order="-created_at", project_id=project_id, kind=_COMPARE)
        return next((job for job in jobs if job.arguments == asked), None)

    def table(self, version: DatasetVersion) -> Path:
        """Return the Parquet file of a version, its hash verified.

        Raises
        ------
        Conflict
            The version has no table: it is still being checked, or was refused.
        """
        if version.artifact is None:
            raise Conflict(f"{version.name} v{version.number} has no table yet. Wait for its checks to end.")
        return self._desk.storage.artifacts.path(version.artifact)

    def frame(self, version: DatasetVersion) -> pl.DataFrame:
        """Return the rows of a version."""
        return pl.read_parquet(self.table(version))

    def beside(self, version: DatasetVersion) -> Beside:
        """Return what a version is checked beside: the project's target, and the last version accepted before it came.

        Only a dropped file has such a reference: what a project makes itself is checked alone.
        """
        with self._desk.storage.read() as records:
            task = records.get(Project, version.project_id).task
        label = task.target if task else None
        before = [v for v in self.versions(version.project_id) if _accepted_before(v, version)]
        if version.origin != "upload" or not before:
            return Beside(label=label)
        parts = other_parts(before[-1].split, version.split)
        return Beside(label=label, reference=self.table(before[-1]), other_part=parts)

    def rows_of(self, version: DatasetVersion, finding: Finding) -> pl.DataFrame:
        """Return all rows of a version that a finding is about, with their numbers: its check is run once more.

        Raises
        ------
        InvalidInput
            The finding is about the whole table or column.
        Conflict
            The version has no table.
        """
        self._desk.actor.require(Permission.READ)
        read = version.read or HowRead()
        opened = Opened(rows=version.rows, columns=version.columns, dialect=read.dialect)
        return rows_of(self.table(version), opened, finding, now=version.created_at, beside=self.beside(version))

    def size(self, version: DatasetVersion) -> int:
        """Return the bytes of a version's table on disk.

        Raises
        ------
        Conflict
            It has none.
        """
        return self.table(version).stat().st_size

    def first_rows(self, version: DatasetVersion, columns: Sequence[str], *, rows: int = 100) -> pl.DataFrame:
        """Return the first rows of some columns of a version, without reading the others."""
        return pl.scan_parquet(self.table(version)).select(columns).head(rows).collect()

    def _decide(self, version_id: str, state: DatasetState, note: str) -> DatasetVersion:
        version = self.get(version_id)
        with self._desk.act(version.project_id, Permission.WRITE) as act:
            version = act.records.get(DatasetVersion, version_id)
            if version.state is not DatasetState.WAITING:
                raise Conflict(f"{version.name} v{version.number} does not wait for a decision: it is {version.state}.")
            broken = [finding for finding in version.found(Severity.ERROR) if is_of_contract(finding)]
            if broken and state is DatasetState.ACCEPTED and not note.strip():
                rules = "1 rule" if len(broken) == 1 else f"{len(broken)} rules"
                raise InvalidInput(
                    f"{version.name} v{version.number} breaks {rules} of the contract. Say in a note why it is "
                    "accepted all the same, or widen the contract."
                )
            decided = replace(
                version, state=state, note=note, decided_by=act.actor.id, decided_at=act.at, decided_on=act.on
            )
            act.records.replace(decided)
            act.enter(f"dataset.{state}", decided, number=decided.number, rows=decided.rows, artifact=decided.artifact)
            return decided


def _accepted_before(earlier: DatasetVersion, version: DatasetVersion) -> bool:
    decided = earlier.decided_at
    return earlier.state is DatasetState.ACCEPTED and decided is not None and decided <= version.created_at


def new_version(act: Act, file_name: str, origin: str = "upload") -> DatasetVersion:
    """Return the next version of an act's project, still to be filled and stored."""
    of_use = [state for state in DatasetState if state is not DatasetState.REJECTED]
    parent = act.records.first(DatasetVersion, order="-number", project_id=act.project.id, state=of_use)
    return DatasetVersion(
        id=new_id(),
        project_id=act.project.id,
        name=act.project.slug,
        number=act.records.count(DatasetVersion, project_id=act.project.id) + 1,
        state=DatasetState.CHECKING,
        origin=origin,
        file_name=file_name,
        source="",
        parent_id=parent.id if parent else None,
        split=split_in_name(file_name),
        created_at=act.at,
        created_by=act.actor.id,
    )
