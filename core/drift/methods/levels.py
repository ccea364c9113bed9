"""Categories that are new, and categories that are lost."""

import numpy as np

from core.drift.counts import Counts
from core.drift.method import Measured, Method
from core.drift.words import listed
from core.statistics.blocks import Floats


def _new(counts: Counts) -> Measured:
    expected = float((counts.reference == 1).sum() / counts.n)
    found = _only_in(counts.current, counts.reference, counts)
    return Measured(
        value=found[0],
        note=f"{found[1]} By chance, {expected:.1%} of new rows hold a level unseen before.",
    )


def _lost(counts: Counts) -> Measured:
    share, names = _only_in(counts.reference, counts.current, counts)
    missed = (counts.reference > 0) & (counts.current == 0)
    # so many levels would be missed if the current rows were drawn from the reference
    chance = float(((1 - counts.reference / counts.n) ** counts.m)[counts.reference > 0].sum())
    return Measured(value=share, note=f"{names} {int(missed.sum()):,} levels, {chance:,.1f} expected by chance.")


def _only_in(one: Floats, other: Floats, counts: Counts) -> tuple[float, str]:
    only = np.flatnonzero((one > 0) & (other == 0))
    only = only[np.argsort(-one[only], kind="stable")]
    named = listed((f"{counts.levels[i]!r} ({one[i] / one.sum():.1%})" for i in only), most=3)
    return float(one[only].sum() / one.sum()), f"{named}." if named else "None."


NEW_LEVELS = Method(
    name="new_levels",
    title="New categories",
    formula="share of current rows in levels that the reference has not",
    constants="none; what chance brings is the share of levels seen once in the reference (Good 1953)",
    misleads="One row of a new level is no drift, whatever a test of expected counts says.",
    source="set difference",
    kinds=("category",),
    of_counts=_new,
)

LOST_LEVELS = Method(
    name="lost_levels",
    title="Lost categories",
    formula="share of reference rows in levels that the current data have not",
    constants="none; what chance brings is sum (1 - p)^m",
    misleads="Few current rows miss rare levels by chance.",
    source="set difference",
    kinds=("category",),
    of_counts=_lost,
)
