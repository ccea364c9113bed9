"""A kind of scoping document: a template of questions."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a template; ``hint`` says what a good answer looks like."""

    key: str
    text: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """A template: its questions in the order in which people answer them."""

    key: str
    title: str
    purpose: str
    questions: tuple[Question, ...]

    def answered(self, answers: dict[str, str]) -> int:
        """Return how many questions have an answer."""
        return sum(bool(answers.get(question.key, "").strip()) for question in self.questions)
