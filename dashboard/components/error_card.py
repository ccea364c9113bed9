"""One wrong row to look at: what was said, what happened, its inputs, and the tags that a person gives it."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.modelling.run import Run
from core.modelling.tagging.error_review import LONGEST_TAG, MOST_TAGS, ErrorReview
from core.people.actor import Permission
from core.scoping.project import TaskKind
from dashboard import formats, session
from dashboard.charts.slices import slice_words
from dashboard.components.choice import choose, chosen
from dashboard.components.empty import problem
from dashboard.formats import escape

_ABREAST = 4
_OWN = ("entity_id", "event_time", "label", "predicted", "score")


def place_of(review: ErrorReview) -> int:
    """Return which drawn error is looked at: the one that the address names, else the first without a tag."""
    places = [str(place) for place in range(1, len(review.drawn) + 1)]
    first = next((place for place, one in enumerate(review.drawn, start=1) if not one.tags), 1)
    return int(chosen("error", places, str(first)))


def error_card(life: Life, run: Run, review: ErrorReview) -> None:
    """Show one error, and store the tags that it is given."""
    place = place_of(review)
    drawn = review.drawn[place - 1]
    rows = session.load("error-rows", life.project, lambda: session.workspace().tagging.rows(review), review.id)
    row = rows.row(place - 1, named=True)
    with st.container(border=True, gap="small", key="error-card"):
        words, back, on = st.columns([8, 1.2, 0.8], vertical_alignment="center", gap="small")
        words.markdown(f"**Error {place} of {len(review.drawn)}** · {_wrong(life, run, row)}")
        with back:
            _step("Previous", "chevron_left", place - 1, review)
        with on:
            _step("Next", "chevron_right", place + 1, review)
        _inputs(row)
        with st.container(horizontal=True, vertical_alignment="bottom", key="error-tags"):
            tags = st.multiselect(
                "Why is it wrong? One tag or several",
                _offered(life, review),
                default=list(drawn.tags),
                key=f"error-tags-{review.id}-{drawn.row}",
                accept_new_options=True,
                max_selections=MOST_TAGS,
                placeholder="Type a tag, or choose one given before",
                help=f"In your own words, up to {LONGEST_TAG} characters. A tag such as “origin is LGA” or “temp above "
                "64” names rows that can be counted.",
            )
            pressed = st.button(
                "Save, next error",
                type="primary" if len(review.tagged) < len(review.drawn) else "secondary",
                key="error-save",
                disabled=tuple(tags) == drawn.tags or not session.workspace().actor.may(Permission.WRITE),
            )
    if pressed:
        _save(review, place, tags)


def _save(review: ErrorReview, place: int, tags: Sequence[str]) -> None:
    try:
        changed = session.workspace().tagging.tag(review.id, review.drawn[place - 1].row, tags)
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    after = [*range(place, len(changed.drawn)), *range(place)]
    choose(error=str(next((i + 1 for i in after if not changed.drawn[i].tags), place)))
    st.rerun()


def _step(label: str, icon: str, place: int, review: ErrorReview) -> None:
    st.button(
        label,
        icon=f":material/{icon}:",
        type="tertiary",
        key=f"error-{label.lower()}",
        disabled=not 1 <= place <= len(review.drawn),
        on_click=lambda: choose(error=str(place)),
    )


def _offered(life: Life, review: ErrorReview) -> list[str]:
    """Return the tags given before, then the slices that criteria were agreed on."""
    agreed = [slice_words(c.slice) for c in life.criteria_in_force if c.slice.conditions]
    return list(dict.fromkeys([*review.tags, *agreed]))


def _wrong(life: Life, run: Run, row: Mapping[str, Any]) -> str:
    """Say what is wrong with a row, as Markdown."""
    kind = life.project.task.kind if life.project.task else TaskKind.BINARY
    moment = row.get("event_time")
    who = escape(row.get("entity_id") or formats.time(moment, life.project.zone))
    named = f" · :gray[{who}]" if who else ""
    if kind is TaskKind.MULTICLASS:
        return f"it was **{escape(row['label'])}**, said was **{escape(row['predicted'])}**{named}"
    label, score = float(row["label"]), float(row["score"])
    if kind is TaskKind.REGRESSION:
        return f"it was **{escape(formats.value(label))}**, said was **{escape(formats.value(score))}**{named}"
    cut = float(run.parameters.get("cut", 0.5))
    target = escape(life.project.task.target if life.project.task else "it")
    if label == 1:
        return f"**missed**: {target} happened, score **{score:.3f}**, cut {cut:g}{named}"
    return f"**falsely flagged**: {target} did not happen, score **{score:.3f}**, cut {cut:g}{named}"


def _inputs(row: Mapping[str, Any]) -> None:
    inputs = [(name, value) for name, value in row.items() if name not in _OWN]
    for column, start in zip(st.columns(_ABREAST), range(_ABREAST), strict=True):
        lines = [f":gray[{escape(name)}] {escape(formats.value(value))}" for name, value in inputs[start::_ABREAST]]
        column.markdown("  \n".join(lines))
