"""Two runs on the rows that both held out: is one better, and could a difference have shown?"""

from collections.abc import Sequence
from itertools import combinations

import streamlit as st

from core.errors import InvalidInput
from core.lifecycle.life import Life
from core.metrics import METRICS
from core.metrics.paired_tests import PAIRED_TESTS
from core.modelling.comparison import Comparison, Word, Yardstick, compare_runs
from core.modelling.ranking import held_out, registrable
from core.modelling.run import Run
from core.scoping.criterion import Criterion, Verdict
from core.scoping.project import Project, Task
from dashboard import formats, session
from dashboard.charts.agreement import constants, figure, title, unit
from dashboard.components import choice
from dashboard.components.chart import how_computed
from dashboard.components.chip import link
from dashboard.components.run_words import run_title, trained_between
from dashboard.components.table import listing
from dashboard.formats import escape
from dashboard.vocabulary import state_of


def yardstick(criterion: Criterion) -> Yardstick:
    """Return what a criterion measures two runs by."""
    return Yardstick(metric=criterion.metric, parameters=criterion.parameters, slice=criterion.slice)


def comparison(project: Project, left: Run, right: Run, by: Yardstick, *, looked: int = 1) -> Comparison | None:
    """Compare two runs on the rows that both held out, kept until the project's next act.

    ``looked`` is how many comparisons of the sort are shown together.

    Raises
    ------
    InvalidInput
        The runs share no hold-out row.
    """
    task = _task(project)
    modelling = session.workspace().modelling
    return session.load(
        "runs-comparison",
        project,
        lambda: compare_runs(modelling.holdout(left), modelling.holdout(right), by, kind=task.kind, looked=looked),
        left.id,
        right.id,
        by.metric,
        str(sorted(by.parameters.items())),
        by.slice.text,
        str(looked),
    )


def _task(project: Project) -> Task:
    if project.task is None:
        raise InvalidInput(f"{project.name} does not say yet what it predicts. Drop a dataset first.")
    return project.task


def method(criterion: Criterion, found: Comparison | None = None) -> str:
    """Return how runs are measured by a criterion, and two of them compared, as Markdown."""
    metric = METRICS[criterion.metric]
    said = constants(criterion)
    return (
        f"**{metric.title}.** {metric.description}"
        f"{f' Constants: {said}.' if said else ''} Rows: {escape(criterion.slice.text)} of the hold-out, "
        f"which training never saw. The interval is that of 95 of 100 repetitions: {criterion.block}s are drawn with "
        f"replacement, because rows of one {criterion.block} resemble one another.{_compared_how(criterion, found)}"
    )


def _compared_how(criterion: Criterion, found: Comparison | None) -> str:
    if found is None:
        return ""
    test, rows = PAIRED_TESTS[found.test], formats.basis(found.difference, criterion.block)
    return (
        f"\n\n**{test.title}** compares two runs on the same {rows}: {test.why.format(block=criterion.block)}. "
        "Where the interval of the difference holds zero, no difference is shown, and the simpler of the two leads."
        f"{_looked_words(found)}"
    )


def _looked_words(found: Comparison) -> str:
    if found.looked < 2:
        return ""
    return (
        f" The best is compared with {found.looked} others, so that one of them could seem different by chance: each "
        f"interval is at {formats.share(found.difference.level, 2)}, and all of them hold at once in 95 of 100 "
        "repetitions (Bonferroni). Baselines are not counted."
    )


def room(criterion: Criterion, found: Comparison) -> str:
    """Return in words, in brackets, how small a difference could have shown; or that the two do not differ at all."""
    if found.same:
        decided = "cut" in criterion.parameters or "multiclass" in METRICS[criterion.metric].task_kinds
        return f" (the same {'decision' if decided else 'score'} on every row)"
    if not found.could_show:
        return ""
    return f" (could have shown {formats.metric(found.could_show, unit(criterion)).lstrip('+')})"


def two_runs(project: Project, life: Life, criteria: Sequence[Criterion]) -> None:
    """Show two runs side by side, criterion by criterion; the address knows which two."""
    finished = {run.id: run for run in reversed(life.finished_runs)}
    ids = list(finished)
    first_left, first_right = _first_pair(list(finished.values()))
    st.markdown("#### Compare two runs")
    left_column, right_column = st.columns(2)
    with left_column:
        left = _pick("Left", ids, "left", first_left, life)
    with right_column:
        right = _pick("Right", ids, "right", first_right if first_right != left else ids[0], life)
    if left == right:
        st.markdown(":gray[Choose two different runs.]")
        return
    try:
        found = [comparison(project, finished[left], finished[right], yardstick(c)) for c in criteria]
    except InvalidInput as error:
        st.markdown(f":gray[{escape(str(error))}]")
        return
    rows = [told(criterion, one) for criterion, one in zip(criteria, found, strict=True)]
    listing(rows, alt="Two runs, criterion by criterion")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        link("Open the left run", "run", icon="science", id=left)
        link("Open the right run", "run", icon="science", id=right)
        how_computed(method(criteria[0], found[0]), key="runs-compare")


def _first_pair(newest_first: Sequence[Run]) -> tuple[str, str]:
    """Return the two newest models that held out the same rows, the older one left; without such, any two."""
    models = [run for run in newest_first if registrable(run)] or list(newest_first)
    pairs = ((older.id, newer.id) for newer, older in combinations(models, 2) if held_out(newer) == held_out(older))
    return next(pairs, (models[-1].id, models[0].id))


def _pick(label: str, ids: Sequence[str], parameter: str, default: str, life: Life) -> str:
    runs = {run.id: run for run in life.runs}
    return choice.select(
        label,
        ids,
        parameter=parameter,
        default=default,
        key=f"runs-{parameter}",
        words=lambda run_id: f"{run_title(life, runs[run_id])}, {trained_between(life, runs[run_id])[1]}",
    )


def told(criterion: Criterion, found: Comparison | None) -> dict[str, str]:
    """Return what a comparison says, as a row of Markdown cells."""
    name = f"**{criterion.key}** {escape(title(criterion))}"
    if found is None:
        nothing = formats.NOTHING
        return {
            "Criterion": name,
            "Left": nothing,
            "Right": nothing,
            "Right less left": nothing,
            "The right one is": state_of(Verdict.NOT_APPLICABLE).badge,
        }
    state = state_of(found.word)
    if found.word is Word.NO_DIFFERENCE:
        state = state.saying(f"{state.word}{room(criterion, found)}")
    return {
        "Criterion": name,
        "Left": figure(criterion, found.left),
        "Right": figure(criterion, found.right),
        "Right less left": formats.difference(found.difference, unit(criterion)),
        "The right one is": state.badge,
    }
