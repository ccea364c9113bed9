"""From the text of a filter to its tokens."""

import re
from dataclasses import dataclass
from enum import StrEnum

from core.errors import InvalidInput

LONGEST = 100_000
"""How many characters a filter may have."""


class Token(StrEnum):
    """What a piece of a filter is."""

    WORD = "word"
    NUMBER = "number"
    TEXT = "text in single quotes"
    DOUBLE = "text in double quotes"
    BACKTICK = "name in backticks"
    COMPARISON = "comparison"
    OPEN = "opening parenthesis"
    CLOSE = "closing parenthesis"
    COMMA = "comma"
    END = "end"


@dataclass(frozen=True, slots=True)
class Piece:
    """A token, its text without quotes, and the characters from ``start`` to ``end`` that it takes."""

    token: Token
    text: str
    start: int
    end: int


_RULES: tuple[tuple[Token, re.Pattern[str]], ...] = (
    (Token.NUMBER, re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.])")),
    (Token.WORD, re.compile(r"\.?[^\W\d][\w./:-]*|\.")),
    (Token.TEXT, re.compile(r"'(?:[^']|'')*'")),
    (Token.DOUBLE, re.compile(r'"[^"]*"')),
    (Token.BACKTICK, re.compile(r"`[^`]*`")),
    (Token.COMPARISON, re.compile(r"<=|>=|!=|=|<|>")),
    (Token.OPEN, re.compile(r"\(")),
    (Token.CLOSE, re.compile(r"\)")),
    (Token.COMMA, re.compile(",")),
)
_BLANKS = re.compile(r"\s*")


def pieces(text: str, what: str = "filter") -> list[Piece]:
    """Return the tokens of ``text``, the last of them its end.

    Raises
    ------
    InvalidInput
        The text is too long, a quote is left open, or a character begins no token.
    """
    if len(text) > LONGEST:
        raise InvalidInput(f"The {what} has {len(text):,} characters; write at most {LONGEST:,}.")
    found: list[Piece] = []
    position = _blanks(text, 0)
    while position < len(text):
        piece = _piece(text, position, what)
        found.append(piece)
        position = _blanks(text, piece.end)
    return [*found, Piece(Token.END, "", len(text), len(text))]


def _blanks(text: str, position: int) -> int:
    matched = _BLANKS.match(text, position)
    return matched.end() if matched else position


def _piece(text: str, position: int, what: str) -> Piece:
    for token, pattern in _RULES:
        if matched := pattern.match(text, position):
            return Piece(token, _plain(token, matched[0]), position, matched.end())
    character = text[position]
    if character in "'\"`":
        raise InvalidInput(f"The {what} opens a {character} at character {position + 1} and never closes it. Close it.")
    raise InvalidInput(
        f"The {what} cannot be read from {text[position : position + 20]!r} at character {position + 1}. Put names "
        "with unusual characters in backticks, and text in single quotes."
    )


def _plain(token: Token, text: str) -> str:
    if token is Token.TEXT:
        return text[1:-1].replace("''", "'")
    return text[1:-1] if token in {Token.DOUBLE, Token.BACKTICK} else text
