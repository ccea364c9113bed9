"""The grammar, by recursive descent.

::

filter     = [ condition { AND condition } [ AND ] ]
condition  = subject ( IS [ NOT ] NULL | [ NOT ] IN list | comparison value )
subject    = [ section "." ] name
list       = "(" text { "," text } [ "," ] ")"
ordering   = subject [ ASC | DESC ]
"""

from collections.abc import Sequence

from core.errors import InvalidInput
from core.modelling.tracking.search.condition import Condition, Entity, Operator, Ordering, Wanted
from core.modelling.tracking.search.tokens import Piece, Token, pieces
from core.modelling.tracking.search.vocabulary import LISTED, Field, Reads, Section, Vocabulary

MOST_CONDITIONS = 100
MOST_LISTED = 10_000
_LARGEST = 2**63 - 1


def parse_filter(text: str, vocabulary: Vocabulary) -> tuple[Condition, ...]:
    """Return the conditions of a filter, all of which must hold; an empty text has none.

    Raises
    ------
    InvalidInput
        The text is not of MLflow's grammar, asks for what there is not, or compares what cannot be compared.
    """
    return _Parser(text, vocabulary, "filter").filter()


def parse_orderings(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[Ordering, ...]:
    """Return an order of several keys.

    Raises
    ------
    InvalidInput
        A text names nothing that can be ordered by, or one key comes twice.
    """
    found = tuple(_Parser(text, vocabulary, "order").ordering() for text in texts)
    keys = [(ordering.entity, ordering.key) for ordering in found]
    if len(set(keys)) < len(keys):
        raise InvalidInput("The order names one key twice. Name each once.")
    if len(keys) > MOST_CONDITIONS // 10:
        raise InvalidInput(f"The order has {len(keys)} keys; name at most {MOST_CONDITIONS // 10}.")
    return found


class _Parser:
    def __init__(self, text: str, vocabulary: Vocabulary, what: str) -> None:
        self._vocabulary = vocabulary
        self._what = what
        self._pieces = pieces(text, what)
        self._at = 0
        self._listed = 0

    def filter(self) -> tuple[Condition, ...]:
        if self._next().token is Token.END:
            return ()
        found = [self._condition()]
        while self._word("AND") and self._next().token is not Token.END:
            found.append(self._condition())
            if len(found) > MOST_CONDITIONS:
                raise InvalidInput(f"The filter has more than {MOST_CONDITIONS} conditions. Ask for fewer at a time.")
        if self._next().token is not Token.END:
            raise self._wrong(
                "AND or the end", "Only AND joins conditions: there is no OR, and there are no parentheses."
            )
        return tuple(found)

    def ordering(self) -> Ordering:
        entity, key, _ = self._subject(ordering=True)
        descending = self._word("DESC")
        if not descending:
            self._word("ASC")
        if self._next().token is not Token.END:
            raise self._wrong("ASC, DESC or the end", "Put names with blanks in backticks.")
        return Ordering(entity=entity, key=key, ascending=not descending)

    def _condition(self) -> Condition:
        began = self._next().start
        entity, key, field = self._subject()
        subject = f"{entity} {key!r}"
        operator = self._operator(field, subject, began)
        return Condition(entity=entity, key=key, operator=operator, wanted=self._wanted(operator, field, subject))

    def _subject(self, *, ordering: bool = False) -> tuple[Entity, str, Field]:
        first = self._take()
        if first.token not in {Token.WORD, Token.DOUBLE, Token.BACKTICK}:
            raise self._wrong("a name", f"Write for example: {self._vocabulary.example}.", first)
        section, name = self._named(first)
        if ordering and not section.ordered:
            raise self._wrong("something that has an order", f"A {section.entity} has none; choose another.", first)
        if section.fields is not None:
            field = section.fields.get(name)
            if field is None:
                known = ", ".join(sorted(section.fields))
                raise self._wrong(f"a known {section.entity}, and {name[:60]!r} is none", f"There are: {known}.", first)
            return section.entity, field.name, field
        assert section.free is not None
        return section.entity, name, section.free

    def _named(self, first: Piece) -> tuple[Section, str]:
        word, dot, name = first.text.partition(".")
        if first.token is not Token.WORD:
            word, dot, name = first.text, "", ""
        if not dot and self._next().start == first.end and self._next().text.startswith("."):
            dot, name = ".", self._take().text[1:]
        if not dot:
            return self._vocabulary.attributes, word
        section = self._vocabulary.sections.get(word)
        if section is None:
            known = ", ".join(sorted(self._vocabulary.sections))
            raise self._wrong(f"a known kind of thing, and {word[:60]!r} is none", f"There are: {known}.", first)
        if not name:
            quoted = self._take()
            if quoted.token not in {Token.TEXT, Token.DOUBLE, Token.BACKTICK} or not quoted.text:
                raise self._wrong(f"a name behind {word}.", f"Write for example: {self._vocabulary.example}.", quoted)
            name = quoted.text
        return section, name

    def _operator(self, field: Field, subject: str, began: int) -> Operator:
        operator = self._any_operator()
        if operator not in field.operators:
            known = " ".join(sorted(field.operators))
            raise InvalidInput(
                f"The {self._what} compares the {subject} by {operator} at character {began + 1}, which it does not "
                f"allow. Use one of: {known}."
            )
        return operator

    def _any_operator(self) -> Operator:
        if self._next().token is Token.COMPARISON:
            return Operator(self._take().text)
        for word in (Operator.LIKE, Operator.ILIKE, Operator.IN):
            if self._word(word):
                return word
        if self._word("IS"):
            negated = self._word("NOT")
            if not self._word("NULL"):
                raise self._wrong("NULL", "Write IS NULL or IS NOT NULL.")
            return Operator.IS_NOT_NULL if negated else Operator.IS_NULL
        if self._word("NOT"):
            if not self._word("IN"):
                raise self._wrong("IN", "Write NOT IN ('a', 'b'); there is no NOT before other comparisons.")
            return Operator.NOT_IN
        raise self._wrong("a comparison", f"Write for example: {self._vocabulary.example}.")

    def _wanted(self, operator: Operator, field: Field, subject: str) -> Wanted:
        if operator in {Operator.IS_NULL, Operator.IS_NOT_NULL}:
            return None
        if operator in LISTED:
            return self._list()
        if field.reads is Reads.TEXT:
            return self._text(subject)
        piece = self._take()
        quoted = field.reads is Reads.INTEGER and piece.token in {Token.TEXT, Token.DOUBLE}
        if piece.token is not Token.NUMBER and not (quoted and piece.text.isdecimal() and piece.text.isascii()):
            raise self._wrong("a number", f"The {subject} is compared with numbers, without quotes.", piece)
        return float(piece.text) if field.reads is Reads.NUMBER else self._whole(piece)

    def _whole(self, piece: Piece) -> int | float:
        value = float(piece.text)
        if abs(value) <= 2.0**63 and piece.text.lstrip("+-").isdigit():
            value = int(piece.text)
        if abs(value) > _LARGEST:
            raise self._wrong("a smaller number", f"Times end at {_LARGEST:,}.", piece)
        return value

    def _text(self, subject: str) -> str:
        piece = self._take()
        if piece.token not in {Token.TEXT, Token.DOUBLE}:
            raise self._wrong("text in quotes", f"The {subject} is compared with text: write 'value'.", piece)
        return piece.text

    def _list(self) -> tuple[str, ...]:
        if self._take().token is not Token.OPEN:
            raise self._wrong("a list", "Write IN ('a', 'b').", self._pieces[self._at - 1])
        found = [self._text("list")]
        while self._comma() and self._next().token is not Token.CLOSE:
            found.append(self._text("list"))
        if self._take().token is not Token.CLOSE:
            raise self._wrong("a comma or the end of the list", "Write IN ('a', 'b').", self._pieces[self._at - 1])
        self._listed += len(found)
        if self._listed > MOST_LISTED:
            raise InvalidInput(f"The filter lists more than {MOST_LISTED:,} values. Ask for fewer at a time.")
        return tuple(found)

    def _comma(self) -> bool:
        if self._next().token is not Token.COMMA:
            return False
        self._take()
        return True

    def _word(self, word: str) -> bool:
        if self._next().token is not Token.WORD or self._next().text.upper() != word:
            return False
        self._take()
        return True

    def _next(self) -> Piece:
        return self._pieces[self._at]

    def _take(self) -> Piece:
        piece = self._pieces[self._at]
        self._at = min(self._at + 1, len(self._pieces) - 1)
        return piece

    def _wrong(self, expected: str, advice: str, piece: Piece | None = None) -> InvalidInput:
        piece = piece or self._next()
        found = "it ends" if piece.token is Token.END else f"there is {piece.text[:40]!r}"
        return InvalidInput(
            f"The {self._what} needs {expected} at character {piece.start + 1}, where {found}. {advice}"
        )
