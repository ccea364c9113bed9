"""Errors: where does a run fail, and what would help most?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.metrics import METRICS
from core.modelling.ranking import estimate_for, held_out, leading, ranked
from core.modelling.run import Run
from core.modelling.slices.weak import WeakSlices
from core.modelling.tagging.error_review import ErrorReview
from core.people.actor import Permission
from core.scoping.criterion import Criterion, Stage
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import figure, title, unit_of
from dashboard.charts.slices import slice_words
from dashboard.components import choice
from dashboard.components.chip import link
from dashboard.components.empty import empty, problem
from dashboard.components.error_tags import error_tags, tag_figures
from dashboard.components.header import Primary, page_header
from dashboard.components.run_comparison import comparison, yardstick
from dashboard.components.run_words import run_title
from dashboard.components.segments import segments
from dashboard.components.weak_slices import weak_slices
from dashboard.formats import escape

_PARTS = ("slices", "tags")


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    criteria = [c for c in life.criteria_at(Stage.OFFLINE) if METRICS[c.metric].needs == "labels"]
    if not life.finished_runs or not criteria:
        _nothing_yet(life)
        return
    key = choice.chosen("by", [c.key for c in criteria], criteria[0].key)
    criterion = next(c for c in criteria if c.key == key)
    runs = {run.id: run for run in reversed(life.finished_runs)}
    usual = _usual(project, life, criterion)
    run = runs[choice.chosen("run", list(runs), usual.id)]
    review = session.workspace().tagging.review(run)
    shown = _Shown(life=life, run=run, criterion=criterion, review=review)
    try:
        _show(shown, lambda: _choices(life, runs, criteria, run, usual))
    except FullcircleError as refusal:
        problem(str(refusal))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the view is about: a run, a criterion, and the errors of the run that somebody drew."""

    life: Life
    run: Run
    criterion: Criterion
    review: ErrorReview | None


def _show(shown: _Shown, choices: Callable[[], None]) -> None:
    life, run, criterion, review = shown.life, shown.run, shown.criterion, shown.review
    tagging = review is not None and choice.chosen("show", _PARTS, _PARTS[0]) == "tags"
    if tagging and review is not None:
        _head(shown, _tags_say(life, review, criterion), tagging=True)
        choices()
        _parts(review)
        error_tags(life, run, review, criterion)
        return
    with st.spinner("Looking through the slices …"):
        found = session.load(
            "weak", life.project, lambda: session.workspace().errors.weak(run.id, criterion.id), run.id, criterion.id
        )
    _head(shown, _sentence(life, run, criterion, found), tagging=False)
    choices()
    if review is not None:
        _parts(review)
    weak_slices(life, run, criterion, found)


def _head(shown: _Shown, sentence: str, *, tagging: bool) -> None:
    """Show the head; its button draws errors, or goes to those that wait for a tag."""
    review = shown.review
    waiting = review is not None and len(review.tagged) < len(review.drawn)
    spent = review is not None and len(review.drawn) >= review.errors
    label = "Tag 20 errors" if review is None else "Go on tagging" if waiting else "Tag 20 more"
    offered = not (tagging and waiting) and not (spent and not waiting)
    may = session.workspace().actor.may(Permission.WRITE)
    primary = Primary(label=label, icon="label", key="errors-tag", disabled=not may) if offered else None
    if page_header("Errors", sentence, project=shown.life.project, primary=primary):
        if not waiting:
            session.workspace().tagging.draw(shown.run.id)
        st.query_params.pop("error", None)
        choice.choose(show="tags", run=shown.run.id)
        st.rerun()


def _parts(review: ErrorReview) -> None:
    words = {"slices": "Weak slices", "tags": f"Tagged errors ({len(review.tagged)} of {len(review.drawn)})"}
    segments("Show", words, parameter="show", default=_PARTS[0], key="errors-show")


def _tags_say(life: Life, review: ErrorReview, criterion: Criterion) -> str:
    found = tag_figures(life, review, criterion)
    drawn = f"{len(review.drawn)} of {formats.plural(review.errors, 'error')} of the hold-out, drawn at random"
    if not found.tags:
        return f"{drawn}. **Look at each and say why it is wrong.**"
    best, unit = found.tags[0], unit_of(found.metric)
    share = f"**{escape(best.tag)}** is in {best.errors} of {found.looked_at} errors looked at"
    if best.gain is None:
        return f"{share} ({drawn})."
    gain = f"{formats.moved(best.gain, None, unit)} {escape(METRICS[found.metric].title.lower())} at most"
    sign = "" if METRICS[found.metric].greater_is_better else " less"
    return f"{share}: mending them all would bring **{gain}**{sign} ({drawn})."


def _nothing_yet(life: Life) -> None:
    wanted = "a run" if not life.finished_runs else "a criterion of the hold-out that labels answer"
    page_header("Errors", f"Nothing to look through yet. Next: **{wanted}**.", project=life.project)
    if empty(
        "troubleshoot",
        "Nothing to look through yet",
        "Here is shown in which rows a run fails most, and what mending them would bring. It takes a finished run and "
        "a criterion that its hold-out can answer.",
        action="Go to the runs" if not life.finished_runs else "Go to the criteria",
    ):
        session.go("documents", part="criteria") if life.finished_runs else session.go("runs")


def _usual(project: Project, life: Life, criterion: Criterion) -> Run:
    """Return the champion's run, else the one that leads among those of the newest hold-out, else the newest."""
    finished, champion = life.finished_runs, life.champion
    serving = next((run for run in finished if champion and run.id == champion.run_id), None)
    if serving is not None:
        return serving
    by = yardstick(criterion)
    order = ranked([run for run in finished if held_out(run) == held_out(finished[-1])], criterion)
    return leading(order, lambda left, right: comparison(project, left, right, by)) or finished[-1]


def _choices(life: Life, runs: dict[str, Run], criteria: Sequence[Criterion], run: Run, usual: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="errors-choices"):
        if len(runs) > 1:
            words = {id_: run_title(life, one) for id_, one in runs.items()}
            choice.select(
                "Run",
                list(runs),
                parameter="run",
                default=usual.id,
                key="errors-run",
                words=lambda id_: words[id_],
                width=300,
            )
        if len(criteria) > 1:
            titles = {c.key: f"{c.key}  {title(c)}" for c in criteria}
            choice.select(
                "Criterion",
                list(titles),
                parameter="by",
                default=criteria[0].key,
                key="errors-by",
                words=lambda key: titles[key],
                width=300,
            )
        link("The run", "run", icon="science", id=run.id)


def _sentence(life: Life, run: Run, criterion: Criterion, found: WeakSlices) -> str:
    name = escape(METRICS[criterion.metric].title)
    overall = found.overall or estimate_for(run, criterion)
    whole = f"{figure(criterion, overall)} on all rows of {escape(run_title(life, run))}'s hold-out"
    if found.reason:
        return f"{name} {whole}. **Not looked at**: {escape(found.reason)}"
    looked = f"{formats.plural(found.looked_at, 'slice')} looked at"
    if not found.found:
        none = f"none is worse than the others by more than chance explains ({looked})"
        return f"**No slice stands out**: {none}. {name} {whole}."
    worst = found.found[0].figure
    words = escape(slice_words(worst.slice))
    here = f"{name.lower()} **{figure(criterion, worst.estimate)}**"
    stand = formats.plural(found.stand_out, "slice is weak", "slices are weak")
    return f"Worst slice: **{words}**, {here}; {whole}. {stand}, {looked}."
