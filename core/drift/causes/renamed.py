"""A column under another name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

import polars as pl

from core.drift.cause import Cause, Told
from core.drift.sides import Tables
from core.frames.summary import kind_of

_ALIKE, _SHARED = 0.75, 0.8
_LEVELS = 1_000
_SAME_VALUES = 0.95


def new_names(reference: pl.DataFrame, current: pl.DataFrame) -> Mapping[str, str]:
    """Return which new column a lost one may be: by its values in the same rows, its name, or its texts."""
    lost = [name for name in reference.columns if name not in current.columns]
    new = [name for name in current.columns if name not in reference.columns]
    found: dict[str, str] = {}
    for old in lost:
        free = [current[name] for name in new if name not in found.values()]
        if name := _same_as(reference[old], free):
            found[old] = name
    return found


def _renamed(tables: Tables) -> Iterable[Told]:
    for old, new in new_names(tables.reference, tables.current).items():
        yield Told(sentence=f"The column is called {new!r} now, as it seems. Give it its old name.", column=old)


def _same_as(old: pl.Series, new: Sequence[pl.Series]) -> str | None:
    scored = [(_likeness(old, other), other.name) for other in new if kind_of(old.dtype) == kind_of(other.dtype)]
    best, name = max(scored, default=(0.0, ""))
    return name if best else None


def _likeness(old: pl.Series, new: pl.Series) -> float:
    """Return how surely two columns are one under two names."""
    if _same_values(old, new):
        return 2.0
    first, second = (re.sub(r"[\W_]+", "", name.lower()) for name in (old.name, new.name))
    by_name = SequenceMatcher(None, first, second).ratio()
    if by_name >= _ALIKE:
        return by_name
    if kind_of(old.dtype) != "text":
        return 0.0
    before, after = set(old.drop_nulls().unique().head(_LEVELS)), set(new.drop_nulls().unique().head(_LEVELS))
    shared = len(before & after) / max(len(before | after), 1)
    return shared if shared >= _SHARED and len(before) > 2 else 0.0


def _same_values(old: pl.Series, new: pl.Series) -> bool:
    if len(old) != len(new) or not len(old) or old.n_unique() < 3:
        return False
    if old.dtype != new.dtype and not (old.dtype.is_numeric() and new.dtype.is_numeric()):
        return False
    return float(old.eq_missing(new).mean() or 0.0) >= _SAME_VALUES  # pyright: ignore[reportArgumentType]


RENAMED = Cause(
    name="renamed",
    title="A column under another name",
    help="A column is gone and another has come that holds its values, or is named nearly the same.",
    misleads="Two columns of similar names can be two things.",
    on_tables=_renamed,
)
