"""What reading a text table has changed or guessed, for the checks to report."""

from collections.abc import Mapping, Sequence

from core.frames.column_types import ColumnType
from core.frames.dialect import Dialect
from core.frames.opened import Note
from core.frames.text_source import TextSource


def text_notes(text: TextSource) -> list[Note]:
    """Say which encoding it is, where it is not the usual one or characters are broken."""
    if text.broken:
        return [
            Note(about="encoding", count=text.broken, text=f"{text.encoding}, with characters that could not be read")
        ]
    plain = text.encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
    return [] if plain else [Note(about="encoding", text=text.encoding)]


def name_notes(dialect: Dialect, names: Sequence[str]) -> list[Note]:
    """Say what stood above the header, that there is none, and which names were changed."""
    notes: list[Note] = []
    if not dialect.header:
        notes.append(Note(about="column_names", text="no header"))
    if dialect.preamble:
        notes.append(Note(about="parse", count=len(dialect.preamble), text=" / ".join(dialect.preamble)[:200]))
    for given, name in zip(dialect.names, names, strict=True):
        if given != name:
            notes.append(Note(about="column_names", column=name, text=given))
    return notes


def type_notes(names: Sequence[str], kinds: Sequence[ColumnType | None], missing: Mapping[int, int]) -> list[Note]:
    """Say which columns held markers of missing values, and which were read in a country's own way."""
    notes = [Note(about="disguised_nulls", column=names[i], count=count) for i, count in missing.items()]
    for name, kind in zip(names, kinds, strict=True):
        if kind is not None and kind.words:
            notes.append(Note(about="reading", column=name, text=kind.words))
    return notes
