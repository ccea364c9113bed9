"""Which run leads: by what was agreed, and the simplest of those that no difference tells apart."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.metrics import METRICS
from core.modelling.comparison import Comparison, Word
from core.modelling.recipes import RECIPES
from core.modelling.run import Run
from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate

MANY_JUDGED = 20
"""The best of so many on the same rows owes enough to luck that fresh rows should decide."""


def estimate_for(run: Run, criterion: Criterion) -> Estimate | None:
    """Return what a run measured for what a criterion demands, whichever version of it asked."""
    return next((e.estimate for e in run.evaluations if e.answers(criterion)), None)


def held_out(run: Run) -> tuple[str, datetime | None, int] | str:
    """Return what tells one hold-out from another: the fingerprint of its rows.

    Where nobody has taken it, the dataset version, the day from which on, and the number of rows.
    """
    return run.holdout_hash or (run.dataset_id, run.holdout_from, run.holdout_rows)


def judged_on(runs: Sequence[Run], run: Run) -> int:
    """Return how many of ``runs`` were judged on the rows that ``run`` held out; those that predict the same, once."""
    return len({other.predictions for other in runs if other.predictions and held_out(other) == held_out(run)})


def rivals(order: Sequence[Run]) -> int:
    """Return how many others the best of ``order`` is compared with, at least 1; a baseline is no choice."""
    return max(1, sum(registrable(run) for run in order) - 1)


def simpler(run: Run, other: Run) -> bool:
    """Tell whether a run is known to be simpler than another: by its recipe; of other code nothing is known."""
    order = list(RECIPES)
    return run.origin is None and other.origin is None and order.index(run.recipe) < order.index(other.recipe)


def registrable(run: Run) -> bool:
    """Tell whether a run may be registered: it has a model and is no baseline."""
    return run.model is not None and RECIPES[run.recipe].registrable


def ranked(runs: Sequence[Run], criterion: Criterion) -> tuple[Run, ...]:
    """Return the runs that measured a criterion's metric, the best value first, whether the difference is real or not.

    Among equals the older one stands first.
    """
    measured = [(run, estimate) for run in runs if (estimate := estimate_for(run, criterion)) is not None]
    better = METRICS[criterion.metric].greater_is_better

    def cost(pair: tuple[Run, Estimate]) -> float:
        value = pair[1].value
        return abs(value) if better is None else -value if better else value

    return tuple(run for run, _ in sorted(measured, key=cost))


def leading(runs: Sequence[Run], compare: Callable[[Run, Run], Comparison | None]) -> Run | None:
    """Return the run to go on with, of ``runs`` in order of rank: the first, or a simpler one that is not told apart.

    Only runs that may be registered lead. ``compare`` takes a left and a right run of the same hold-out.
    """
    candidates = [run for run in runs if registrable(run)]
    if not candidates:
        return None
    first = candidates[0]
    order = list(RECIPES)
    plainer = [run for run in candidates[1:] if simpler(run, first)]
    for run in sorted(plainer, key=lambda run: order.index(run.recipe)):
        found = compare(first, run)
        if found is not None and found.word is Word.NO_DIFFERENCE:
            return run
    return first
