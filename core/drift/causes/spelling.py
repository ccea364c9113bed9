"""The same words in another spelling: case, blanks, hyphens."""

import re
import unicodedata

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows, listed

_OF_ROWS = 0.95


def _spelling(sides: Sides) -> Told | None:
    before, after = sides.levels
    plain = {_plain(level): level for level in before}
    new = {level: count for level, count in after.items() if level not in before}
    found = {level: count for level, count in new.items() if _plain(level) in plain}
    if not found or sum(found.values()) < _OF_ROWS * sum(new.values()) or len(plain) < 0.9 * len(before):
        return None
    share = sum(found.values()) / len(sides.current)
    pairs = listed(f"{level!r} for {plain[_plain(level)]!r}" for level in found)
    blanks = all(level.strip() in before for level in found)
    what = "Blanks stand around words" if blanks else "Words are spelled in another way"
    return Told(sentence=f"{what} {in_rows(share)}: {pairs}. Write them as before.", share=share)


def _plain(level: str) -> str:
    return re.sub(r"[\s_\-\u200b\ufeff]+", " ", unicodedata.normalize("NFKC", level)).strip().casefold()


SPELLING = Cause(
    name="spelling",
    title="Another spelling",
    help="Levels that are new differ from old ones in case, blanks, hyphens or Unicode form only.",
    misleads="Codes in which case matters (b and B) are two things.",
    kinds=("text",),
    on_column=_spelling,
)
