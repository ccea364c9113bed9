"""Scoping documents: versions of answers to a template's questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DocumentState(StrEnum):
    """Where a version of a document stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SIGNED = "signed"
    CHANGED = "changed_since_signed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of a document. ``edit`` counts saves: who saves over an edit they have not seen is told so."""

    id: str
    project_id: str
    kind: str
    version: int
    edit: int = 0
    state: DocumentState = DocumentState.DRAFT
    answers: Mapping[str, str]
    content_hash: str = ""
    created_at: datetime
    signed_by: str | None = None
    signed_at: datetime | None = None
    signed_on: datetime | None = None
