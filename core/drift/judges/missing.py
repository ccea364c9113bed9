"""Missing values: the difference of their shares, tested on its own because other methods look at values only."""

from core.drift.judge import Judge, Shift, Side, smallest_shown
from core.frames.counts import flag_counts
from core.statistics.categories import total_variation


def _compare(reference: Side, current: Side) -> Shift:
    before, after = (flag_counts(side.values.is_null().to_numpy(), side.blocks) for side in (reference, current))
    found = total_variation(before.table, after.table, independent=before.independent)
    was, now = before.bins[1] / before.rows, after.bins[1] / after.rows
    return Shift(
        statistic=found.distance,
        effect=found.evidence.effect,
        upper=found.upper,
        at_least=found.evidence,
        smallest=smallest_shown(found.by_chance),
        note=f"Missing: {100 * was:.1f} % of the reference, {100 * now:.1f} % of the current data.",
    )


MISSING = Judge(
    name="missing",
    title="Difference of missing shares",
    kinds=("number", "category", "empty"),
    margin=0.01,
    compare=_compare,
)
