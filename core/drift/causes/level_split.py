"""One level made several."""

from core.drift.cause import Cause, Told
from core.drift.level_change import LevelChange, level_change
from core.drift.sides import Sides
from core.drift.words import listed


def _split(sides: Sides) -> Told | None:
    change = level_change(sides)
    if change is None or not change.new or (change.turned is None and sides.kind == "number"):
        return None
    whole = _by_shares(change) if change.turned is None else _by_cells(sides, change)
    if whole is None:
        return None
    parts = listed(repr(level) for level in change.new)
    also = " and itself" if whole in change.after else ""
    return Told(sentence=f"{whole!r} is divided into {parts}{also}. Join them again.", share=change.share)


def _by_cells(sides: Sides, change: LevelChange) -> str | None:
    if sides.changed is None or not len(sides.changed.before):
        return None
    old, new = set(sides.changed.before.cast(str)), set(sides.changed.after.cast(str))
    return old.pop() if len(old) == 1 and new <= set(change.new) else None


def _by_shares(change: LevelChange) -> str | None:
    gained = change.shares(change.new)[1]
    if len(change.gone) > 1 or not change.matters(gained):
        return None
    for level in change.gone or change.before:
        was, now = change.shares([level])
        shrank = was > now and not change.alike(was, now)
        if shrank and change.alike(was, now + gained) and change.still([level, *change.new]):
            return level
    return None


LEVEL_SPLIT = Cause(
    name="level_split",
    title="One level made several",
    help="New levels stand where one stood, or have together the share that it has lost.",
    misleads="Of other rows, a new thing that takes its share from one old thing only looks the same.",
    kinds=("text", "boolean", "number"),
    on_column=_split,
)
