"""Which run leads: by what was agreed, and the simplest of those that no difference tells apart."""

from collections.abc import Callable, Sequence
from datetime import datetime

from core.metrics import METRICS
from core.modelling.comparison import Comparison, Word
from core.modelling.recipes import RECIPES
from core.modelling.run import Run
from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate


def estimate_for(run: Run, criterion: Criterion) -> Estimate | None:
    """Return what a run measured for what a criterion demands, whichever version of it asked."""
    return next((e.estimate for e in run.evaluations if e.answers(criterion)), None)


def held_out(run: Run) -> tuple[str, datetime | None, int] | str:
    """Return what tells one hold-out from another: the fingerprint of its rows.

    Where nobody has taken it, the dataset version, the day from which on, and the number of rows.
    """
    return run.holdout_hash or (run.dataset_id, run.holdout_from, run.holdout_rows)


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
    simpler = [run for run in candidates[1:] if order.index(run.recipe) < order.index(first.recipe)]
    for run in sorted(simpler, key=lambda run: order.index(run.recipe)):
        found = compare(first, run)
        if found is not None and found.word is Word.NO_DIFFERENCE:
            return run
    return first
