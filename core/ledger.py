"""The ledger: a hash chain of events, so that a change to the past shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEvent:
    """One event of a chain. ``at`` is the wall's time, ``on`` the project's event time; both are in the hash."""

    id: str
    project_id: str
    sequence: int
    kind: str
    subject_kind: str
    subject_id: str
    body: Mapping[str, Any]
    actor: str
    at: datetime
    on: datetime | None = None
    previous_hash: str
    hash: str = ""


def event_hash(event: LedgerEvent) -> str:
    """Return the SHA-256 of the event and of the hash before it.

    Times are hashed in UTC at microseconds, bodies as JSON with sorted keys, so that every database gives the same.
    """
    content = {
        "project": event.project_id,
        "sequence": event.sequence,
        "kind": event.kind,
        "subject": [event.subject_kind, event.subject_id],
        "body": event.body,
        "actor": event.actor,
        "at": event.at.timestamp(),
        "on": event.on.timestamp() if event.on else None,
        "previous": event.previous_hash,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def first_break(events: Iterable[LedgerEvent], *, end: tuple[int, str] | None = None) -> int | None:
    """Return the sequence number of the first event that does not follow from the one before, or ``None``.

    ``end`` is the number and the hash that the last event had when it was written: a chain cut short breaks there.
    """
    previous, expected = GENESIS, 1
    for event in events:
        if event.sequence != expected or event.previous_hash != previous or event.hash != event_hash(event):
            return event.sequence
        previous, expected = event.hash, expected + 1
    return expected if end is not None and end != (expected - 1, previous) else None
