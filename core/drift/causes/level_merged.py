"""Two levels made one."""

from core.drift.cause import Cause, Told
from core.drift.level_change import LevelChange, level_change
from core.drift.sides import Sides
from core.drift.words import in_rows, listed


def _merged(sides: Sides) -> Told | None:
    change = level_change(sides)
    if change is None or change.new or (change.turned is None and sides.kind == "number"):
        return None
    into, parts = _by_shares(change) if change.turned is None else _by_cells(change)
    if not parts:
        return None
    where = "" if change.turned is None or set(parts) <= set(change.gone) else f" {in_rows(change.share)}"
    names = listed(repr(part) for part in parts)
    return Told(sentence=f"{names} has become part of {into!r}{where}. Keep them apart.", share=change.share)


def _by_cells(change: LevelChange) -> tuple[str, list[str]]:
    turned = dict(change.turned or {})
    into = set(turned.values())
    return (into.pop(), list(turned)) if len(into) == 1 and not into & set(turned) else ("", [])


def _by_shares(change: LevelChange) -> tuple[str, list[str]]:
    gone = list(change.gone)
    lost = change.shares(gone)[0]
    if len(gone) != 1 or not change.matters(lost):
        return "", []
    for level in change.after:
        was, now = change.shares([level])
        if now > was and not change.alike(was, now) and change.alike(was + lost, now) and change.still([level, *gone]):
            return level, gone
    return "", []


LEVEL_MERGED = Cause(
    name="level_merged",
    title="Two levels made one",
    help="A level is gone, and another has grown by just its share, or stands in its rows.",
    misleads="Of other rows, customers that moved from one to the other look the same.",
    kinds=("text", "boolean", "number"),
    on_column=_merged,
)
