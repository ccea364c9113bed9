"""Accented letters broken by reading one encoding as another."""

from collections.abc import Iterator

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, listed

_OF_ROWS = 0.95
_ENCODINGS = ("cp1252", "latin-1", "cp437", "mac-roman")


def _broken(sides: Sides) -> Told | None:
    before, after = sides.levels
    new = {level: count for level, count in after.items() if level not in before}
    whole = {level: next((w for w in _mended(level) if w in before), None) for level in new}
    found = {level: count for level, count in new.items() if whole[level]}
    if not found or sum(found.values()) < _OF_ROWS * sum(new.values()):
        return None
    share = sum(found.values()) / len(sides.current)
    pairs = listed(f"{level!r} for {whole[level]!r}" for level in found)
    return Told(
        sentence=f"Letters are broken {in_rows(share)}: {pairs}. Read the file in its own encoding.", share=share
    )


def _mended(level: str) -> Iterator[str]:
    for encoding in _ENCODINGS:
        for first, second in ((encoding, "utf-8"), ("utf-8", encoding)):
            try:
                yield level.encode(first).decode(second)
            except UnicodeError:
                continue


MOJIBAKE = Cause(
    name="mojibake",
    title="Broken letters",
    help="Levels that are new are old ones whose bytes were read in another encoding.",
    misleads="Letters that were replaced by question marks cannot be recognised.",
    kinds=("text",),
    on_column=_broken,
)
