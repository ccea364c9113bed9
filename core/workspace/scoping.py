"""Scoping acts: write documents, agree on criteria, sign both."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from core.errors import Conflict, InvalidInput
from core.ids import new_id
from core.metrics import METRICS
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Stage, agreed
from core.scoping.document import Document, DocumentState
from core.scoping.documents import DOCUMENT_KINDS
from core.workspace.act import Act, Desk


class Scoping:
    """Documents and criteria of projects."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def documents(self, project_id: str) -> list[Document]:
        """Return all versions of all documents, oldest first."""
        return self._desk.all(Document, project_id)

    def write(
        self, project_id: str, kind: str, answers: Mapping[str, str], *, seen_edit: int | None = None
    ) -> Document:
        """Save the answers of a document; writing over a signed version begins the next one.

        ``seen_edit`` is the edit that the writer had before their eyes.

        Raises
        ------
        InvalidInput
            There is no such kind of document.
        Conflict
            Somebody else has saved meanwhile.
        """
        if kind not in DOCUMENT_KINDS:
            raise InvalidInput(f"There is no document {kind!r}. Choose one of: {', '.join(DOCUMENT_KINDS)}.")
        with self._desk.act(project_id) as act:
            current = act.records.first(Document, order="-version", project_id=project_id, kind=kind)
            if current and seen_edit is not None and current.edit != seen_edit:
                raise Conflict(
                    "Somebody saved this document while you wrote. Copy your text, reload, and join the two."
                )
            if current and current.state is not DocumentState.SIGNED:
                changed = replace(current, answers=dict(answers), edit=current.edit + 1)
                act.records.replace(changed)
                return changed
            return _next_version(act, current, kind, answers)

    def sign(self, project_id: str, kind: str) -> Document:
        """Sign the newest version of a document. Signing the goals signs every criterion in force.

        Raises
        ------
        Conflict
            There is nothing to sign, or it is signed already.
        """
        with self._desk.act(project_id, Permission.APPROVE) as act:
            document = act.records.first(Document, order="-version", project_id=project_id, kind=kind)
            if document is None or document.state is DocumentState.SIGNED:
                raise Conflict("There is nothing new to sign here. Change the document first.")
            signed = replace(
                document,
                state=DocumentState.SIGNED,
                content_hash=_hash(document.answers),
                signed_by=act.actor.id,
                signed_at=act.at,
                signed_on=act.on,
            )
            act.records.replace(signed)
            act.enter("document.signed", signed, document=kind, version=signed.version, content=signed.content_hash)
            if kind == "goals":
                _sign_criteria(act)
            return signed

    def criteria(self, project_id: str) -> list[Criterion]:
        """Return the criteria in force (the newest version of each key), in the order of their keys."""
        found = self._desk.all(Criterion, project_id, superseded=False)
        return sorted(found, key=lambda criterion: criterion.place)

    def agreed(self, project_id: str) -> tuple[Criterion, ...]:
        """Return the criteria that judge, in the order of their keys: see ``core.scoping.criterion.agreed``."""
        return agreed(self._desk.all(Criterion, project_id))

    def agree(self, project_id: str, proposals: Iterable[Criterion]) -> list[Criterion]:
        """Add criteria, unsigned, numbered on from the last key.

        Raises
        ------
        InvalidInput
            A criterion names a metric that is not in the catalogue.
        """
        with self._desk.act(project_id) as act:
            taken = len({c.key for c in act.records.find(Criterion, project_id=project_id)})
            added: list[Criterion] = []
            for offset, proposal in enumerate(proposals, start=1):
                _check(proposal)
                added.append(
                    replace(
                        proposal,
                        id=new_id(),
                        project_id=project_id,
                        key=f"K{taken + offset}",
                        created_at=act.at,
                    )
                )
                act.records.add(added[-1])
            return added

    def change(self, criterion_id: str, changed: Criterion) -> Criterion:
        """Change a criterion: an unsigned one in place, a signed one as its next, unsigned version.

        A threshold that is live stays what was approved until a version is approved under the new one.

        Raises
        ------
        Conflict
            The criterion has a newer version.
        """
        _check(changed)
        old = self._desk.one(Criterion, criterion_id)
        with self._desk.act(old.project_id) as act:
            old = act.records.get(Criterion, criterion_id)
            if old.superseded:
                raise Conflict(f"{old.key} has a newer version. Open that one and change it.")
            if old.signed_at is None:
                kept = replace(changed, id=old.id, key=old.key, version=old.version)
                act.records.replace(kept)
                return kept
            act.records.replace(replace(old, superseded=True))
            newer = replace(
                changed,
                id=new_id(),
                key=old.key,
                version=old.version + 1,
                signed_at=None,
                signed_by=None,
                signed_on=None,
                superseded=False,
                created_at=act.at,
            )
            act.records.add(newer)
            act.enter("criterion.changed", newer, key=newer.key, version=newer.version, threshold=newer.threshold)
            return newer

    def sign_criterion(self, criterion_id: str) -> Criterion:
        """Sign one criterion.

        Raises
        ------
        Conflict
            It is signed already.
        """
        criterion = self._desk.one(Criterion, criterion_id)
        with self._desk.act(criterion.project_id, Permission.APPROVE) as act:
            criterion = act.records.get(Criterion, criterion_id)
            if criterion.signed_at is not None:
                raise Conflict(f"{criterion.key}, version {criterion.version} is signed already.")
            return _sign(act, criterion)


def _check(criterion: Criterion) -> None:
    if criterion.metric not in METRICS:
        raise InvalidInput(f"There is no metric {criterion.metric!r}. Choose one of: {', '.join(METRICS)}.")
    metric = METRICS[criterion.metric]
    if any(default == "" and not criterion.parameters.get(name) for name, default in metric.parameters.items()):
        raise InvalidInput(f"{metric.title} holds groups against one another. Choose the column that names them.")
    if not criterion.stages:
        raise InvalidInput("A criterion needs a stage: judge it on the hold-out, in production, or in both.")
    if metric.needs == "requests" and (criterion.slice.conditions or criterion.stages != (Stage.LIVE,)):
        raise InvalidInput(
            f"{metric.title} are counted in production, on all requests: what failed has no columns. "
            "Judge it live alone, on all rows."
        )
    if criterion.window_days < 1 or criterion.every_days < 1:
        raise InvalidInput("A window is at least one day long and ends at least every day. Raise the number to 1.")
    size, every = criterion.window_rows, criterion.every_rows
    if (size is None) != (every is None):
        raise InvalidInput("Windows by count need both numbers: how many predictions, and after how many more.")
    if size is not None and every is not None and not 1 <= every <= size:
        raise InvalidInput(
            f"A window of {size:,} predictions cannot end every {every:,}: predictions between two windows would be "
            f"in none. Choose 1 to {max(size, 1):,}."
        )


def _next_version(act: Act, current: Document | None, kind: str, answers: Mapping[str, str]) -> Document:
    if current:
        act.records.replace(replace(current, state=DocumentState.SUPERSEDED))
    document = Document(
        id=new_id(),
        project_id=act.project.id,
        kind=kind,
        version=current.version + 1 if current else 1,
        # counted on over versions: who has the signed one before their eyes has not seen the next
        edit=current.edit + 1 if current else 0,
        state=DocumentState.CHANGED if current else DocumentState.DRAFT,
        answers=dict(answers),
        created_at=act.at,
    )
    act.records.add(document)
    return document


def _hash(answers: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(dict(answers), sort_keys=True).encode()).hexdigest()


def _sign_criteria(act: Act) -> None:
    for criterion in act.records.find(Criterion, order="key", project_id=act.project.id, superseded=False):
        if criterion.signed_at is None:
            _sign(act, criterion)


def _sign(act: Act, criterion: Criterion) -> Criterion:
    signed = replace(criterion, signed_by=act.actor.id, signed_at=act.at, signed_on=act.on)
    act.records.replace(signed)
    act.enter("criterion.signed", signed, key=signed.key, version=signed.version, content=signed.content_hash)
    return signed
