"""A new word for missing."""

from core.drift.cause import Cause, Told
from core.drift.sides import Sides
from core.drift.words import in_rows
from core.frames.column_types import MISSING_MARKERS

# fmt: off
_WORDS = MISSING_MARKERS | {
    "unknown", "not available", "not applicable", "undefined", "unspecified", "not known", "no data", "empty",
    "n.a.", "n.d.", "nd", "tbd", "xxx", "(null)", "(none)", "(blank)",
}
# fmt: on


def _token(sides: Sides) -> Told | None:
    before, after = sides.levels
    new = {level: count for level, count in after.items() if level not in before}
    found = {level: count for level, count in new.items() if level.strip().lower() in _WORDS}
    if not found or (sides.kind == "mixed" and len(found) < len(_no_numbers(new))):
        return None
    share = sum(found.values()) / len(sides.current)
    words = " and ".join(repr(level) for level in sorted(found))
    return Told(sentence=f"A new word for missing: {words} {in_rows(share)}. Leave such cells empty.", share=share)


def _no_numbers(levels: dict[str, int]) -> list[str]:
    return [level for level in levels if not level.strip().lstrip("+-").replace(".", "", 1).isdigit()]


NULL_TOKEN = Cause(
    name="null_token",
    title="A new word for missing",
    help="A word that means missing, which the reference does not have.",
    misleads="“Unknown” can be an answer of its own.",
    kinds=("text", "mixed"),
    on_column=_token,
)
