"""Where does it hurt: the slices in which a metric got worse by more than it did elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from core.frames.slice import Slice
from core.modelling.run import Feature
from core.modelling.slices.change import Bools, Changes, Sums, apart, changed, changed_more
from core.modelling.slices.conditions import single_slices
from core.modelling.slices.groups import (
    FALSE_SHARE,
    LEAST_ROWS,
    MOST_PAIRED,
    Side,
    each_once,
    enough,
    paired,
    some_at_once,
    too_few,
)
from core.modelling.slices.sides import brought, measured_as, plain_rows, worse
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.blocks import Floats
from core.statistics.estimate import Interval
from core.statistics.multiplicity import benjamini_hochberg

_NEW = 10
"""A slice with hardly a row in the reference is new where its share has grown by such a factor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurt:
    """A slice that got worse by more than the other rows did.

    ``rows`` and ``rows_then`` are those that the metric is measured on; ``now`` and ``then`` its values there (``then``
    is ``None`` where the slice is new: ``change`` is then from all rows of the reference). ``share`` is what part of
    the whole change the slice brought: negative where it lies against it, ``None`` where the whole did not get worse.
    """

    slice: Slice
    rows: int
    rows_then: int
    now: float
    then: float | None
    change: float
    interval: Interval
    share: float | None
    q_value: float
    also: tuple[Slice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hurting:
    """What was found among ``looked_at`` slices, the largest part of the change first.

    ``stand_out`` slices got worse than elsewhere; ``found`` holds the first ten, those of nearly the same rows as one.
    ``measured_as`` names the metric (or ``log_loss``), ``then`` and ``now`` its values on all rows and ``interval``
    that of their difference. ``reason`` says why nothing could be looked at.
    """

    measured_as: str
    looked_at: int = 0
    stand_out: int = 0
    then: float = float("nan")
    now: float = float("nan")
    interval: Interval | None = None
    found: tuple[Hurt, ...] = ()
    reason: str = ""

    @property
    def change(self) -> float:
        """Return how much the metric changed on all rows."""
        return self.now - self.then


def where_it_hurts(
    criterion: Criterion, reference: pl.DataFrame, current: pl.DataFrame, features: Sequence[Feature], kind: TaskKind
) -> Hurting:
    """Return where the metric of a criterion got worse from ``reference`` to ``current`` by more than elsewhere.

    Parameters
    ----------
    reference, current
        Rows with the inputs, ``label``, ``score``, ``predicted`` and ``block``; without a label they do not count.

    Notes
    -----
    Single slices first, then pairs (SliceLine's lattice, Sagadeeva and Boehm 2021, two levels deep). A slice stands out
    if its change is worse than that of the other rows, and worse than none; a pair has to stand out from the rest of
    either of its slices too, so it takes the largest of the three p-values. Benjamini-Hochberg at 0.05 over all slices
    that were looked at. A slice that the reference hardly knows (new levels, beyond training) is held against the other
    rows of the current side; where it is nearly all of them, against the reference.

    What a slice brought to the change is ``p (m - M) - p0 (m0 - M)`` over the whole change: with its share of rows
    ``p`` and mean ``m`` now, ``p0`` and ``m0`` then, and the reference's mean ``M``. Over slices that part the rows
    these add up to one, so a slice that became frequent counts too.
    """
    then, now = (brought(criterion, plain_rows(rows, features), kind) for rows in (reference, current))
    nothing = Hurting(measured_as=measured_as(criterion))
    if reason := too_few(then, "reference") or too_few(now, "window"):
        return replace(nothing, reason=reason)
    search = _Search(then=Side(then), now=Side(now), worse=worse(criterion, now.values))
    singles = single_slices(then.frame, now.frame, features)
    looked = search.singles(singles)
    looked += search.pairs(_worst(looked))
    return search.result(nothing, looked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Looked:
    """A slice that was looked at."""

    slice: Slice
    rows: int
    rows_then: int
    now: float
    then: float | None
    change: float
    interval: Interval
    brought: float
    p_value: float
    stands_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """Which slices have enough rows, how each changed, and whether by more than what it was held against."""

    looked: Bools
    change: Changes
    p_values: Floats
    worst: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    then: Side
    now: Side
    worse: int

    def singles(self, slices: Sequence[Slice]) -> list[_Looked]:
        """Look at slices one by one, each against all other rows."""
        found: list[_Looked] = []
        for some in some_at_once(slices):
            then, now = (side.sums(side.members(some)) for side in (self.then, self.now))
            found += self._look(some, then, now, [(self.then.all, self.now.all)])
            found += self.new(some)
        return found

    def pairs(self, slices: Sequence[Slice]) -> list[_Looked]:
        """Look at pairs of slices of two columns, each against all others and the rest of either slice."""
        if len(slices) < 2:
            return []
        members = [side.members(slices) for side in (self.then, self.now)]
        wholes = [side.sums(inside) for side, inside in zip((self.then, self.now), members, strict=True)]
        found: list[_Looked] = []
        for place, later, both in paired(slices):
            sums = [
                side.sums(inside[rows := np.flatnonzero(inside[:, place])][:, later], rows)
                for side, inside in zip((self.then, self.now), members, strict=True)
            ]
            own, other = ([whole.of(which) for whole in wholes] for which in (np.array([place]), later))
            against = [(self.then.all, self.now.all), (own[0], own[1]), (other[0], other[1])]
            found += self._look(both, sums[0], sums[1], against)
        return found

    def _look(
        self, slices: Sequence[Slice], then: Sums, now: Sums, against: Sequence[tuple[Sums, Sums]]
    ) -> list[_Looked]:
        """Return what is seen of the slices that have enough rows; ``against`` are what each is a part of."""
        change, p_values, worst = changed(then, now), np.zeros(len(slices)), np.ones(len(slices), dtype=np.bool_)
        looked = enough(then) & enough(now)
        for whole_then, whole_now in against:
            rest = whole_then.without(then), whole_now.without(now)
            more = changed_more((then, rest[0]), (now, rest[1]))
            looked &= enough(rest[0]) & enough(rest[1])
            p_values, worst = np.maximum(p_values, more.p_values), worst & (self.worse * more.values > 0)
        return self._listed(slices, then, now, _Compared(looked=looked, change=change, p_values=p_values, worst=worst))

    def new(self, slices: Sequence[Slice]) -> list[_Looked]:
        """Look at slices that the reference hardly knows: what they are is held against all that it knows."""
        then, now = (side.sums(side.members(slices)) for side in (self.then, self.now))
        grown = (then.n < LEAST_ROWS) & (then.n / self.then.n * _NEW < now.n / self.now.n)
        rest = self.now.all.without(now)
        change, more, compared = changed(self.then.all, now), apart(now, rest), enough(rest)
        found = _Compared(
            looked=grown & enough(now),
            change=change,
            p_values=np.where(compared, more.p_values, change.p_values),
            worst=~compared | (self.worse * more.values > 0),
        )
        return [replace(one, then=None) for one in self._listed(slices, then, now, found)]

    def _listed(self, slices: Sequence[Slice], then: Sums, now: Sums, found: "_Compared") -> list[_Looked]:
        change, brought = found.change, self._brought(then, now)
        out = found.worst & (self.worse * change.values > 0) & (change.p_values <= FALSE_SHARE)
        return [
            _Looked(
                slice=slices[j],
                rows=int(now.n[j]),
                rows_then=int(then.n[j]),
                now=float(now.mean[j]),
                then=float(then.mean[j]),
                change=float(change.values[j]),
                interval=change.interval(j),
                brought=float(brought[j]),
                p_value=float(found.p_values[j]),
                stands_out=bool(out[j]),
            )
            for j in np.flatnonzero(found.looked).tolist()
        ]

    def _brought(self, then: Sums, now: Sums) -> Floats:
        mean = self.then.all.mean[0]
        after, before = now.values.sum(axis=0) - mean * now.n, then.values.sum(axis=0) - mean * then.n
        return self.worse * (after / self.now.n - before / self.then.n)

    def result(self, nothing: Hurting, looked: Sequence[_Looked]) -> Hurting:
        """Return what stands out, slices of nearly the same rows as one."""
        whole = changed(self.then.all, self.now.all)
        q_values = benjamini_hochberg([one.p_value for one in looked])
        out = [(one, q) for one, q in zip(looked, q_values, strict=True) if one.stands_out and q <= FALSE_SHARE]
        out.sort(key=lambda pair: -pair[0].brought)
        got_worse = self.worse * float(whole.values[0])
        hurts = [self._hurt(one, q, got_worse if whole.p_values[0] <= FALSE_SHARE else 0.0) for one, q in out]
        return replace(
            nothing,
            looked_at=len(looked),
            stand_out=len(out),
            then=float(self.then.all.mean[0]),
            now=float(self.now.all.mean[0]),
            interval=whole.interval(0),
            found=tuple(
                replace(hurts[place], also=also) for place, also in each_once(self.now, [hurt.slice for hurt in hurts])
            ),
        )

    def _hurt(self, one: _Looked, q_value: float, got_worse: float) -> Hurt:
        return Hurt(
            slice=one.slice,
            rows=one.rows,
            rows_then=one.rows_then,
            now=one.now,
            then=one.then,
            change=one.change,
            interval=one.interval,
            share=one.brought / got_worse if got_worse > 0 else None,
            q_value=q_value,
        )


def _worst(looked: Sequence[_Looked]) -> list[Slice]:
    """Return the slices that the change owes most to, of those that the reference knows."""
    known = sorted((one for one in looked if one.then is not None), key=lambda one: -one.brought)
    return [one.slice for one in known[:MOST_PAIRED]]
