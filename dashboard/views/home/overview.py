"""Overview: where are we, what is next, what waits on me?"""

import polars as pl
import streamlit as st

from core.lifecycle.latest import LatestWord, latest_word, latest_words, worst_criterion
from core.lifecycle.life import Life
from core.lifecycle.standing import NextStep, PhaseState, next_step, standings
from core.lifecycle.verdicts import live_verdicts
from core.scoping.criterion import Verdict
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts import criteria
from dashboard.charts.agreement import agreed, figure, says, shown, strip_row, title, unit
from dashboard.charts.circle import Centre
from dashboard.components import tour
from dashboard.components.activity import activity
from dashboard.components.building import building, demo_at_work, demo_failure, is_demo
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.header import Primary, page_header
from dashboard.components.standing import standing_circle
from dashboard.formats import escape
from dashboard.vocabulary import PHASES, state_of

_NEWEST = 12


def render() -> None:
    """Show the view."""
    project = session.project()
    job = demo_at_work() if is_demo(project) else None
    if job is not None:
        building("Overview", job)
        return
    life = session.life(project)
    step = next_step(life)
    if page_header("Overview", _sentence(life, step), project=project, primary=_primary(step)):
        session.go(step.view, **step.address)
    if is_demo(project):
        demo_failure()
        _ways_on()
    standing_circle(life, _centre(life))
    _criteria(life)
    _waits(project)
    _activity(project, life)


def _sentence(life: Life, step: NextStep) -> str:
    ahead = f"Next: {escape(step.title[:1].lower() + step.title[1:])}."
    live, champion, zone = live_verdicts(life), life.champion, life.project.zone
    if champion is None:
        begun = sum(standing.state is not PhaseState.EMPTY for standing in standings(life))
        return f"Nothing serves yet: **{begun} of 6 phases** begun. {ahead}"
    serving = f"Serving *{escape(champion.title)}*"
    if not live:
        return f"{serving}; **nothing measured yet** in production. {ahead}"
    worst = live[0]
    if (judged := life.version(worst.judgement.model_version_id)) and judged.id != champion.id:
        serving = f"{serving}, **not measured yet**; before it *{escape(judged.title)}* served"
    if worst.verdict in {Verdict.NOT_MET, Verdict.UNDECIDED}:
        said = says(worst, zone)
        return f"{serving}; {said[:1].lower() + said[1:]}. {ahead}"
    met = sum(one.verdict is Verdict.MET for one in live)
    ends = formats.last_day(worst.window.ends, zone)
    return f"{serving}; **{met} of {formats.plural(len(live), 'criterion', 'criteria')} met** up to {ends}. {ahead}"


def _primary(step: NextStep) -> Primary:
    return Primary(label=step.title, icon="arrow_forward", key="overview-next")


def _ways_on() -> None:
    with st.container(horizontal=True, gap="small", key="overview-ways"):
        if st.button("Walk me round (5 min)", icon=":material/explore:", key="overview-tour"):
            tour.begin()
        if st.button("Use my own file", icon=":material/upload_file:", key="overview-file"):
            session.go("check")


def _centre(life: Life) -> Centre:
    worst = worst_criterion(life)
    word = latest_word(life, worst) if worst else None
    if word is None or word.estimate is None:
        return Centre(label=life.project.name, note="nothing measured yet")
    state = shown(word.criterion, word.verdict)
    return Centre(
        label=title(word.criterion),
        figure=formats.metric(word.estimate.value, unit(word.criterion)),
        note=f"agreed {agreed(word.criterion)}",
        colour=state.colour,
    )


def _criteria(life: Life) -> None:
    words = latest_words(life)
    if not words:
        st.markdown(":gray[:material/flag: What was agreed shows here once criteria are written.]")
        return
    rows = [strip_row(word.criterion, word.estimate, word.verdict) for word in words]
    chart(
        criteria.criteria_strip(rows, session.theme()),
        key="overview-criteria",
        alt="Criteria: " + "; ".join(_in_words(word) for word in words) + ".",
        rows=_table(life, words),
        method=_METHOD,
        height=criteria.height(rows),
    )


def _in_words(word: LatestWord) -> str:
    state = state_of(word.verdict).word
    return f"{word.criterion.key} {title(word.criterion)} {figure(word.criterion, word.estimate)}, {state}"


def _table(life: Life, words: tuple[LatestWord, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "Criterion": f"{word.criterion.key} {title(word.criterion)}",
                "Agreed": agreed(word.criterion),
                "Now": figure(word.criterion, word.estimate),
                "Verdict": shown(word.criterion, word.verdict).cell,
                "Measured in": PHASES[word.phase][0] if word.phase else formats.NOTHING,
                "On": formats.last_day(word.on, life.project.zone),
                "Rows": formats.count(word.estimate.n if word.estimate else None),
            }
            for word in words
        ]
    )


_METHOD = """
Each line is one criterion. The dotted line is what was agreed; right of it the criterion is met.
The dot is the newest estimate: of the newest window in production, before that of the gate's hold-out, before that of
the newest run. The bar is its 95 % interval.

The verdict follows from the interval alone: **met** where all of it is on the right side, **not met** where all of it
is on the wrong side, **undecided** where it holds the agreed value. Days are resampled, not rows, because rows of one
day resemble one another; where the data have no times, rows are. Each criterion has its own scale.
"""


def _waits(project: Project) -> None:
    items = session.load("waiting", project, lambda: list(session.workspace().thread.waiting(project)))
    st.markdown("### Waits on you")
    if not items:
        st.markdown(":green[:material/check_circle:] Nothing waits on you.")
    for item in items:
        link(item.title, item.view, icon="arrow_forward", **item.address)


def _activity(project: Project, life: Life) -> None:
    box = st.expander("What happened", icon=":material/history:", key="overview-activity", on_change="rerun")
    if not box.open:
        return
    with box:
        events = session.load("ledger", project, lambda: session.workspace().thread.ledger(project.id))
        activity(list(reversed(events[-_NEWEST:])), life)
        link("All of it is in the thread", "thread", icon="timeline")
