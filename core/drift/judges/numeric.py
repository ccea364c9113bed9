"""Numbers: the largest distance between the two cumulative distributions (Kolmogorov-Smirnov)."""

import numpy as np

from core.drift.judge import Judge, Shift, Side, beyond_chance, smallest_shown
from core.frames.counts import BlockCounts, bucket_counts
from core.statistics.blocks import Codes, Floats
from core.statistics.categories import enough_rows
from core.statistics.contrast import Contrast, contrast
from core.statistics.evidence import Evidence
from core.statistics.row_tests import location_and_shape, merged

BINS = 128


def _compare(reference: Side, current: Side) -> Shift:
    before, after = (np.sort(side.values.to_numpy()) for side in (reference, current))
    both, starts = merged(before, after)
    edges = _edges(both, starts)
    del both  # as long as both sides together
    tables = [_counted(*side, edges) for side in ((reference, before), (current, after))]
    independent = tables[0].independent
    found = contrast(tables[0].table, tables[1].table, independent=independent, cumulative=True)
    ranked = location_and_shape(before, after, starts=starts)
    by_blocks = None if independent else _evidence(found, *(table.bins for table in tables))
    by_chance = np.abs(found.noise).max(axis=1)
    return Shift(
        statistic=ranked.distance,
        effect=by_blocks.effect if by_blocks else beyond_chance(ranked.distance, by_chance),
        upper=min(1.0, max(ranked.distance, float((np.abs(found.difference) + found.half_width).max()))),
        at_least=by_blocks or ranked,
        smallest=smallest_shown(by_chance),
        note=f"Median {_middle(before):,.6g} in the reference, {_middle(after):,.6g} in the current data.",
    )


def _middle(ordered: Floats) -> float:
    return float(ordered[(ordered.size - 1) // 2] / 2 + ordered[ordered.size // 2] / 2)


def _edges(ordered: Floats, starts: Codes) -> Floats:
    # every value where there are few; else quantiles, with an edge below the values that fill bins of their own
    values = ordered[starts[: BINS + 1]]
    if values.size > BINS:
        ranks = np.linspace(0, ordered.size - 1, BINS).astype(np.intp)
        values, times = np.unique(ordered[ranks], return_counts=True)
        values = np.concatenate([values, np.nextafter(values[times > 1], -np.inf)])
    return np.unique(np.append(values, np.nextafter(ordered[0], -np.inf)))


def _counted(side: Side, ordered: Floats, edges: Floats) -> BlockCounts:
    if side.blocks is not None:
        return bucket_counts(side.values.to_numpy(), side.blocks, edges)
    ends = np.concatenate([[0], np.searchsorted(ordered, edges, side="right"), [ordered.size]])
    return BlockCounts(table=np.diff(ends)[None].astype(np.float64), independent=True)


def _evidence(found: Contrast, first: Floats, second: Floats) -> Evidence:
    # shape: the difference at each edge that enough rows lie beyond; location: the difference of mean ranks, which is
    # a mean of all of those
    told = enough_rows(np.cumsum(first), np.cumsum(second), of=(first.sum(), second.sum()))[:-1]
    bins = first + second
    steps = np.diff((np.cumsum(bins) - bins / 2) / bins.sum())
    moved = found.noise @ steps
    errors = np.append(found.error[told], moved.std())
    return Evidence(
        estimates=np.abs(np.append(found.difference[told], found.difference @ steps)),
        errors=errors,
        chance=(np.abs(np.column_stack([found.noise[:, told], moved])) / errors).max(axis=1),
        degrees=found.degrees,
        open_share=found.open_share,
    )


NUMERIC = Judge(name="ks", title="Kolmogorov-Smirnov distance", kinds=("number",), margin=0.05, compare=_compare)
