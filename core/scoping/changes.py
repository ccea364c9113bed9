"""What changed between two versions of a document, answer by answer and word by word."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from core.scoping.document_kind import DocumentKind

_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of text and what became of it."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerChange:
    """An answer that reads differently now: its question, and its text in pieces, the removed ones among them."""

    question: str
    pieces: tuple[Piece, ...]


def changed_answers(
    kind: DocumentKind, before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[AnswerChange, ...]:
    """Return the answers that differ, in the order of the questions; one that merely has other blanks does not."""
    texts = [(q.text, before.get(q.key, "").strip(), after.get(q.key, "").strip()) for q in kind.questions]
    return tuple(
        AnswerChange(question=question, pieces=changed_words(old, new)) for question, old, new in texts if old != new
    )


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return ``after`` in pieces, with what ``before`` had in their place."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    for tag, start, end, begin, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        removed, added = "".join(old[start:end]), "".join(new[begin:until])
        if tag == "equal":
            pieces.append(Piece(change=Change.SAME, text=added))
            continue
        pieces += [Piece(change=c, text=t) for c, t in ((Change.REMOVED, removed), (Change.ADDED, added)) if t]
    return tuple(pieces)
