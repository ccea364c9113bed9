"""Errors tag by tag: how common, how often wrong, what mending all would bring; and the data task of one."""

import polars as pl
import streamlit as st

from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.metrics import METRICS
from core.modelling.run import Run
from core.modelling.tagging.error_review import ErrorReview
from core.modelling.tagging.tag_table import TagFigure, TagTable
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate
from dashboard import formats, session
from dashboard.charts.agreement import unit_of
from dashboard.components.chart import behind
from dashboard.components.choice import choose, newly_picked
from dashboard.components.data_task import show_task, task_text
from dashboard.components.empty import problem
from dashboard.components.error_card import error_card
from dashboard.components.run_words import run_title
from dashboard.components.table import table
from dashboard.formats import escape

_METHOD = """
The errors are a simple random sample of the wrong rows of the hold-out: {wrong}. The draw repeats: everybody sees the
same rows, and twenty more go on with it. **Share** is that of the errors with a tag so far, with Wilson's 95 %
interval. **Error rate within** counts all rows of the hold-out where the tag names rows (“origin is LGA”), else there
is none.

**Would bring** is the ceiling: the share of a tag times what all errors take from the {metric}, as if every one of them
were mended. Only errors that cost the {metric} count in it, {costing} of the {looked} looked at. An error may have
several tags, so rows do not add up; a sample of twenty is rough.{stands}
"""
_WRONG = {
    "mae": "the tenth of the rows with the largest absolute error",
    "correct_share": "another class than was said",
}


def tag_figures(life: Life, review: ErrorReview, criterion: Criterion) -> TagTable:
    """Return what the tags say, kept until the project's next act."""
    return session.load(
        "error-tags",
        life.project,
        lambda: session.workspace().tagging.table(review, criterion),
        review.id,
        criterion.id,
    )


def error_tags(life: Life, run: Run, review: ErrorReview, criterion: Criterion) -> None:
    """Show the error at hand, the table of tags, and the one that is chosen."""
    error_card(life, run, review)
    found = tag_figures(life, review, criterion)
    if not found.tags:
        return
    named = next((one for one in found.tags if one.tag == st.query_params.get("tag")), found.tags[0])
    _table(life, review, criterion, found)
    _chosen(life, run, review, found, named)


def _table(life: Life, review: ErrorReview, criterion: Criterion, found: TagTable) -> None:
    people = life.human_level(criterion) if criterion.metric == found.metric else None
    row = table(
        _rows(review, found, people),
        key="tags",
        alt="Tags, the one that would bring most first",
        columns={
            "tag": st.column_config.TextColumn("Tag", width=210, help="Choose a row to make a task of it"),
            "share": st.column_config.TextColumn("Share of the errors", width=230),
            "within": st.column_config.TextColumn("Error rate within", width=170),
            "gain": st.column_config.TextColumn("Would bring", width=170),
            "gap": st.column_config.TextColumn("Of the gap to people", width=130),
            "effort": st.column_config.TextColumn("Effort", width=140),
        },
        selectable=True,
    )
    name = METRICS[found.metric].title.lower()
    stands = (
        ""
        if found.metric == criterion.metric
        else f" {criterion.key} is no sum over rows at this cut: {name} stands for it."
    )
    behind(
        "tags",
        "",
        None,
        _METHOD.format(
            wrong=_WRONG.get(found.metric, "missed and falsely flagged ones at the run's cut"),
            metric=name,
            costing=found.costing,
            looked=found.looked_at,
            stands=stands,
        ),
    )
    picked = newly_picked([] if row is None else [found.tags[row].tag], "tags")
    if picked and picked != st.query_params.get("tag"):
        choose(tag=str(picked))
        st.rerun()


def _rows(review: ErrorReview, found: TagTable, people: Estimate | None) -> pl.DataFrame:
    gaps = [_of_gap(one, found, people) for one in found.tags]
    return pl.DataFrame(
        {
            "tag": [one.tag for one in found.tags],
            "share": [_share(one, found) for one in found.tags],
            "within": [_within(one) for one in found.tags],
            "gain": [_gain(one, found) for one in found.tags],
        }
        | ({"gap": gaps} if people else {})
        | {"effort": [review.efforts.get(one.tag, "") for one in found.tags]}
    )


def _share(one: TagFigure, found: TagTable) -> str:
    bounds = formats.interval(one.interval, "share")
    return f"{one.errors} of {found.looked_at}: {formats.share(one.share, 0)} {bounds}"


def _within(one: TagFigure) -> str:
    if not one.rows or one.wrong is None:
        return formats.NOTHING
    return f"{formats.share(one.wrong / one.rows)} of {formats.plural(one.rows, 'row')}"


def _gain(one: TagFigure, found: TagTable) -> str:
    if one.gain is None:
        return formats.NOTHING
    unit = unit_of(found.metric)
    sign = 1 if METRICS[found.metric].greater_is_better else -1
    return f"{formats.metric(found.value, unit)} to {formats.metric(found.value + sign * one.gain, unit)}"


def _of_gap(one: TagFigure, found: TagTable, people: Estimate | None) -> str:
    gap = abs(people.value - found.value) if people else 0.0
    return formats.share(one.gain / gap, 0) if gap and one.gain is not None else formats.NOTHING


def _chosen(life: Life, run: Run, review: ErrorReview, found: TagTable, one: TagFigure) -> None:
    may = session.workspace().actor.may(Permission.WRITE)
    with st.container(horizontal=True, vertical_alignment="bottom", key="tag-chosen"):
        st.markdown(f"**{escape(one.tag)}**", width=260)
        effort = st.text_input(
            "Effort",
            value=review.efforts.get(one.tag, ""),
            key=f"tag-effort-{review.id}-{one.tag}",
            placeholder="two days",
            width=200,
            disabled=not may,
        )
        made = st.button("Make a data task", icon=":material/assignment_add:", key="tag-task", disabled=not may)
    try:
        if effort.strip() != review.efforts.get(one.tag, ""):
            session.workspace().tagging.effort(review.id, one.tag, effort)
            st.rerun()
        if made:
            _make(life, run, review, found, one)
            st.rerun()
    except FullcircleError as refusal:
        problem(str(refusal))
    if task := life.task(review.id, one.tag):
        show_task(life, task)


def _make(life: Life, run: Run, review: ErrorReview, found: TagTable, one: TagFigure) -> None:
    rows = session.load("error-rows", life.project, lambda: session.workspace().tagging.rows(review), review.id)
    figures = {"Share of the errors": _share(one, found), "Error rate within": _within(one)}
    figures[f"Mending all of them: {METRICS[found.metric].title.lower()}"] = f"{_gain(one, found)} at most"
    figures["Effort"] = review.efforts.get(one.tag, "")
    marked = rows.filter(pl.Series([one.tag in drawn.tags for drawn in review.drawn]))
    text = task_text(one.tag, run_title(life, run), figures, marked)
    session.workspace().tasks.make(review.id, one.tag, text, figures)
