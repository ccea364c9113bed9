"""How a run is called, and what it was trained and judged on, in words."""

from core.lifecycle.life import Life
from core.modelling.ranking import MANY_JUDGED, judged_on
from core.modelling.recipes.uploaded import UPLOADED
from core.modelling.run import Run
from dashboard import formats

DRAWN = (
    "The held-out rows were drawn from the same days as those that training saw. Production comes later: expect less "
    "there, and hold out the last rows by time instead."
)
"""What a hold-out is worth that was drawn at random although rows have a time."""


def run_title(life: Life, run: Run) -> str:
    """Return a run's name, with its number in the project where another one has the same name."""
    same = [other for other in life.runs if other.name == run.name]
    if len(same) < 2:
        return run.name
    number = next((place for place, other in enumerate(life.runs, start=1) if other.id == run.id), 0)
    return f"{run.name}, run {number}"


def trained_between(life: Life, run: Run) -> tuple[str, str]:
    """Return the days that a run was trained on and those that it was judged on; where there is no time, how drawn."""
    zone = life.project.zone
    dataset = life.dataset(run.dataset_id)
    if run.recipe == UPLOADED.name:
        since = f", from {formats.day(run.holdout_from, zone)} on" if run.holdout_from else ""
        return "no model", f"the rows that were predicted{since}"
    if run.origin is not None and run.holdout_from is None:
        return "the rows that its code did not hold out", "the rows that its code held out"
    if run.holdout_from is None:
        return "7 of 10 rows, drawn at random", "3 of 10 rows, drawn at random"
    ends = dataset.ends if dataset else None
    days = formats.days(run.holdout_from, ends, zone) if ends and ends >= run.holdout_from else ""
    return formats.span(
        run.train_from, run.holdout_from, zone
    ), days or f"from {formats.day(run.holdout_from, zone)} on"


def judged_words(life: Life, run: Run) -> str:
    """Return how often the rows that a run held out were used, and what that asks for; nothing for a single run."""
    count = judged_on(life.runs, run)
    if count < 2:
        return ""
    words = f"{formats.count(count)} runs were judged on these rows"
    if count < MANY_JUDGED:
        return f"{words}."
    return f"{words}: the best of so many owes part of its lead to luck. Hold out fresh rows before you rely on it."
