"""A level under another name."""

from itertools import pairwise

from core.drift.cause import Cause, Told
from core.drift.level_change import LevelChange, level_change
from core.drift.sides import Sides
from core.drift.words import in_rows, listed

_MOST_PAIRS, _ALL = 50, 4


def _renamed(sides: Sides) -> Told | None:
    change = level_change(sides)
    if change is None or not change.new:
        return None
    names = _by_shares(change) if change.turned is None else _by_cells(change)
    if not names:
        return None
    pairs = listed(f"{old!r} is {new!r} now" for old, new in names.items())
    whole = change.turned is None or not set(names) & set(change.after)
    where = "" if whole else f" {in_rows(change.share)}"
    return Told(sentence=f"Another name{where}: {pairs}. Use one name for both.", share=change.share)


def _by_cells(change: LevelChange) -> dict[str, str]:
    turned = dict(change.turned or {})
    new = set(turned.values())
    return turned if new <= set(change.new) and len(new) == len(turned) else {}


def _by_shares(change: LevelChange) -> dict[str, str]:
    gone = sorted(change.gone, key=lambda level: -change.before[level])
    new = sorted(change.new, key=lambda level: -change.after[level])
    if not gone or len(gone) != len(new) or len(gone) > _MOST_PAIRS or not change.matters(change.shares(gone)[0]):
        return {}
    was, now = [change.shares([a])[0] for a in gone], [change.shares([b])[1] for b in new]
    alike = all(change.alike(a, b) for a, b in zip(was, now, strict=True))
    # one that is gone is known by its share; of several, only those whose shares can be told apart
    apart = not any(change.alike(a, b) for a, b in pairwise(was))
    still = change.still([*gone, *new]) or (len(gone) >= _ALL and len(gone) == len(change.before))
    return dict(zip(gone, new, strict=True)) if alike and apart and still else {}


LEVEL_RENAMED = Cause(
    name="level_renamed",
    title="A level under another name",
    help="A level is gone and a new one stands in its rows, or has its share.",
    misleads="Of other rows, a thing that truly ended while another of the same size began looks the same.",
    kinds=("text", "boolean", "number"),
    on_column=_renamed,
)
