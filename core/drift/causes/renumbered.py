"""A code table numbered anew: the same codes stand for other things."""

from itertools import pairwise

import numpy as np

from core.drift.cause import Cause, Told
from core.drift.level_change import LevelChange, level_change
from core.drift.sides import Sides
from core.drift.words import in_rows, listed

_LEVELS, _MOVED = 4, 3
_APART = 0.2


def _renumbered(sides: Sides) -> Told | None:
    change = level_change(sides)
    if change is None or change.new or change.gone:
        return None
    turned = _by_shares(change) if change.turned is None else change.turned
    places = set(turned) == set(turned.values())
    if len(turned) < 2 or not places:
        return None
    pairs = listed(f"{new!r} was {old!r}" for old, new in sorted(turned.items()))
    return Told(
        sentence=f"Codes have changed places {in_rows(change.share)}: {pairs}. Use one code table for both.",
        share=change.share,
    )


def _by_shares(change: LevelChange) -> dict[str, str]:
    """Return which code took the place of which, where each share is found again under one code only."""
    if set(change.before) != set(change.after) or not _LEVELS <= len(change.before) <= 30:
        return {}
    old, new = (sorted(counts, key=lambda level: counts[level]) for counts in (change.before, change.after))
    was = [change.shares([level])[0] for level in old]
    now = [change.shares([level])[1] for level in new]
    told_apart = not any(change.alike(a, b) for a, b in pairwise(was))
    again = all(change.alike(a, b) for a, b in zip(was, now, strict=True))
    moved = {a: b for a, b in zip(old, new, strict=True) if a != b}
    apart = 0.5 * float(np.sum([abs(np.subtract(*change.shares([level]))) for level in old]))
    return moved if told_apart and again and len(moved) >= _MOVED and apart >= _APART else {}


RENUMBERED = Cause(
    name="renumbered",
    title="A code table numbered anew",
    help="The same codes stand in the rows where others stood; each share is found again under another code.",
    misleads="Of other rows, it is named only where at least four shares can be told apart. On the same rows, labels "
    "that were flipped look the same.",
    kinds=("text", "boolean", "number"),
    on_column=_renumbered,
)
