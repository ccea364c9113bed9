"""Criterion: how will we know it worked?"""

import polars as pl
import streamlit as st

from core.errors import NotFound
from core.lifecycle.course import Word, course
from core.lifecycle.latest import LatestWord, latest_word
from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.lifecycle.verdicts import gate_line, live_verdict
from core.metrics import METRICS
from core.scoping.criterion import Criterion, Stage, Verdict, judge
from dashboard import formats, session
from dashboard.charts import criterion as drawing
from dashboard.charts.agreement import agreed, constants, figure, rests_on, says, shown, title, unit, windows_of
from dashboard.charts.criterion import Row, course_figure, demand
from dashboard.charts.human import human_aside, human_method
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import newly_picked
from dashboard.components.criterion_form import ask_for_criterion
from dashboard.components.empty import empty
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.signed import other_version, signature
from dashboard.components.table import listing
from dashboard.formats import escape
from dashboard.vocabulary import KINDS, PHASES, State

NEWEST = 16
_GROUPS = {Phase.MODELLING: "hold-out", Phase.DEPLOYMENT: "gate", Phase.MONITORING: "live"}
UNSIGNED, SIGNED = State("not signed", "edit", "gray"), State("signed", "verified", "green")


def render() -> None:
    """Show the view."""
    life = session.life(session.project())
    criterion = life.criterion(session.record_id())
    if criterion is None:
        raise NotFound("This project has no such criterion. Open one from Documents, Criteria.")
    word = latest_word(life, criterion)
    if page_header(
        f"{criterion.key} {title(criterion)}",
        _sentence(life, criterion, word),
        project=life.project,
        primary=_primary(criterion),
        chips=(shown(criterion, word.verdict), *(() if criterion.signed_at else (UNSIGNED,))),
    ):
        session.workspace().scoping.sign_criterion(criterion.id)
        st.rerun()
    _figures(life, criterion, word)
    words = course(life, criterion)
    if words:
        _course(life, criterion, words)
    else:
        empty(
            "flag",
            "Nothing measured yet",
            "Every run, every gate and every window of production that this criterion judges appears here.",
            key="criterion-none",
        )
    text, versions = st.columns([1.5, 1], gap="large")
    with text:
        _demands(life, criterion)
    with versions:
        _versions(life, criterion)


def _sentence(life: Life, criterion: Criterion, word: LatestWord) -> str:
    now = live_verdict(life, criterion)
    if now is not None:
        return f"{says(now, life.project.zone)}."
    asked = f"Agreed {agreed(criterion)}"
    if word.phase is None:
        signed = "" if criterion.signed_at else " Sign it before you train."
        return f"{escape(demand(criterion))}: **nothing measured yet**.{signed}"
    state, where = shown(criterion, word.verdict), PHASES[word.phase][0].lower()
    measured = f"{escape(title(criterion))} **{escape(figure(criterion, word.estimate))}**"
    return f"{measured}, {asked[:1].lower()}{asked[1:]}: **{state.word}** in {where}."


def _primary(criterion: Criterion) -> Primary | None:
    if criterion.signed_at is not None or criterion.superseded:
        return None
    return Primary(label=f"Sign {criterion.key}", icon="verified", key="criterion-sign", help=term("Criterion"))


def _figures(life: Life, criterion: Criterion, word: LatestWord) -> None:
    shown_figures = [
        Figure(
            label="Agreed",
            value=agreed(criterion),
            note=f"version {criterion.version}, {KINDS[criterion.role]}",
            help=escape(demand(criterion)),
        )
    ]
    line = gate_line(life, criterion)
    if line is not None and line.estimate is not None:
        value = formats.metric(line.estimate.value, unit(criterion))
        note = escape(formats.interval(line.estimate.interval, unit(criterion)))
        shown_figures.append(
            Figure(label="When approved", value=value, state=shown(criterion, line.verdict), note=note)
        )
    if word.estimate is not None:
        value = formats.metric(word.estimate.value, unit(criterion))
        note = escape(formats.interval(word.estimate.interval, unit(criterion)))
        shown_figures.append(Figure(label="Newest", value=value, state=shown(criterion, word.verdict), note=note))
        shown_figures.append(_rests_on(criterion, word))
    figures(shown_figures)


def _rests_on(criterion: Criterion, word: LatestWord) -> Figure:
    """Return what the newest word rests on; where it is undecided, how much more would decide it."""
    estimate = word.estimate
    more = judge(criterion, estimate).blocks_to_decide if estimate and word.verdict is Verdict.UNDECIDED else None
    if more:
        days = formats.plural(more, f"{criterion.block}")
        return Figure(label="Would decide it", value=f"about {days} more", note="at this value", help=term("Undecided"))
    rows = rests_on(criterion, estimate)
    if estimate is not None and not estimate.n_blocks:
        return Figure(label="Rests on", value=formats.plural(estimate.n, "row"), note="all of them, none sampled")
    blocks = formats.plural(estimate.n_blocks, criterion.block) if estimate else formats.NOTHING
    return Figure(label="Rests on", value=blocks, note=rows, help=term("Block"))


def _course(life: Life, criterion: Criterion, words: tuple[Word, ...]) -> None:
    recent = _recent(words)
    rows = [
        Row(
            id=f"{word.view}/{word.record_id}",
            group=_GROUPS[word.phase],
            name=_name(life, word),
            estimate=word.estimate,
            verdict=word.verdict,
        )
        for word in recent
    ]
    human = life.human_level(criterion)
    alt = f"{title(criterion)} on the hold-out, at the gate and in production, agreed {agreed(criterion)}"
    picked = chart(
        course_figure(criterion, rows, session.theme(), human),
        key="criterion-course",
        alt=f"{alt}{human_aside(criterion, human)}",
        rows=_behind(life, criterion, words),
        method=_method(criterion) + human_method(human),
        height=drawing.height(rows),
        selectable=True,
    )
    target = newly_picked(picked, "criterion-picked")
    if target:
        view, record_id = str(target).split("/")
        session.go(view, id=record_id)


def _recent(words: tuple[Word, ...]) -> list[Word]:
    """Return the newest words of each stage, so that the first two are not lost among the windows."""
    before = [w for w in words if w.phase is not Phase.MONITORING]
    live = [w for w in words if w.phase is Phase.MONITORING]
    return [*before[-4:], *live[-(NEWEST - len(before[-4:])) :]]


def _name(life: Life, word: Word) -> str:
    if word.counted and word.on:
        return formats.counted(word.counted, word.on, life.project.zone)
    return formats.span(word.starts, word.on, life.project.zone) if word.starts else word.name


def _behind(life: Life, criterion: Criterion, words: tuple[Word, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "stage": [_GROUPS[w.phase] for w in words],
            "record": [_name(life, w) for w in words],
            "version": [w.name for w in words],
            title(criterion): [figure(criterion, w.estimate) for w in words],
            "verdict": [shown(criterion, w.verdict).word for w in words],
            "rows": [w.estimate.n if w.estimate else None for w in words],
            f"{criterion.block}s": [w.estimate.n_blocks if w.estimate else None for w in words],
        }
    )


def _method(criterion: Criterion) -> str:
    metric = METRICS[criterion.metric]
    said = constants(criterion)
    return (
        f"**{metric.title}.** {metric.description}{f' Constants: {said}.' if said else ''} Measured on "
        f"{escape(criterion.slice.text)}.\n\nEach line is a record: its point the estimate, its bar the 95 % interval "
        f"with whole {criterion.block}s resampled, never rows of one {criterion.block}; the broken line is what was "
        f"agreed ({agreed(criterion)}). The verdict is **met** or **not met** only where the whole interval lies on "
        "one side of it. A measure of all rows, with none sampled, has no interval and is taken by its value.\n\n"
        "How many more would decide it: the width goes with one over the root of their number, and the value is "
        "taken to stay where it is."
    )


# What was agreed


def _demands(life: Life, criterion: Criterion) -> None:
    st.markdown("### What it demands")
    st.markdown(f"{escape(demand(criterion))}.")
    if criterion.rationale:
        st.markdown(f":gray[Why:] {escape(criterion.rationale)}")
    stages = formats.sentence(KINDS[stage] for stage in criterion.stages)
    does = "blocks the gate and raises alerts" if KINDS[criterion.role] == "gate" else "only shows, and blocks nothing"
    windows = f" {windows_of(criterion)}" if criterion.applies(Stage.LIVE) else ""
    st.markdown(f"Judged on: {stages}. It {does}.{windows}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not criterion.superseded and st.button("Change", icon=":material/edit:", key="criterion-change"):
            ask_for_criterion(life, criterion)
        link("Thread", "thread", icon="timeline", criterion=criterion.id)
        if life.windows and criterion.applies(Stage.LIVE):
            link("Performance", "performance", icon="monitoring", criterion=_in_force(life, criterion).id)
        goals = life.document("goals")
        if goals is not None:
            link("Goals", "document", icon="description", id=goals.id)
        link("All criteria", "documents", icon="flag", part="criteria")


def _in_force(life: Life, criterion: Criterion) -> Criterion:
    return next((c for c in life.criteria_in_force if c.key == criterion.key), criterion)


def _versions(life: Life, criterion: Criterion) -> None:
    versions = sorted((c for c in life.criteria if c.key == criterion.key), key=lambda c: -c.version)
    st.markdown("### Versions")
    if criterion.superseded:
        st.markdown(f":orange[:material/history: Version {versions[0].version} is in force now.]")
    listing(
        [
            {
                "Version": f"**{c.version}**" if c.id == criterion.id else str(c.version),
                "Demands": escape(f"{agreed(c)}{'' if c.slice == criterion.slice else f' on {c.slice.text}'}"),
                "State": (SIGNED if c.signed_at else UNSIGNED).badge,
                "When": signature("", c.signed_by, c.signed_on or c.signed_at, life.project.zone) or formats.NOTHING,
            }
            for c in versions
        ],
        alt=f"The versions of {criterion.key}",
    )
    st.markdown(
        f":gray[Content] `{criterion.content_hash[:12]}`",
        help=f"SHA-256 of what it demands: what an approval freezes. {criterion.content_hash}",
    )
    if len(versions) > 1:
        with st.container(horizontal=True, gap="small"):
            for other in (c for c in versions if c.id != criterion.id):
                other_version(other.version, other.id, key="criterion")
