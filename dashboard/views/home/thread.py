"""Thread: how did we get here? One criterion, and every record that it decided."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import streamlit as st

from core.ledger import LedgerEvent
from core.lifecycle.latest import latest_word, worst_criterion
from core.lifecycle.life import Life
from core.lifecycle.standing import Phase, next_step
from core.lifecycle.thread import StepKind, ThreadStep, thread
from core.lifecycle.verdicts import gate_line, live_verdict
from core.scoping.criterion import Criterion
from core.scoping.document import DocumentState
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, says, shown, title, unit
from dashboard.charts.thread import Node, height, path
from dashboard.components.activity import on, say, who
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import newly_picked, select
from dashboard.components.empty import empty
from dashboard.components.header import Primary, page_header
from dashboard.components.table import table
from dashboard.formats import escape
from dashboard.vocabulary import PHASES, LedgerState, State, state_of

_CRITERION = "criterion"
_VERIFIED = "thread-verified"
_NOTHING = State("", "radio_button_unchecked", "gray")


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    criterion = _chosen(life)
    # without a criterion the one thing to do is to agree on one
    primary = Primary(label="Verify", icon="verified_user", key="thread-verify", help=_VERIFY) if criterion else None
    sentence = _sentence(life, criterion) if criterion else "What was agreed leads through all six phases."
    if page_header("Thread", sentence, project=project, primary=primary):
        _verify(project)
    _verified(project)
    if criterion is None:
        text = "A thread begins with a criterion: what it judges, opens, raises and closes appears here."
        if empty("timeline", "Nothing agreed yet", text, action="Go to the documents"):
            session.go("documents")
    else:
        _choose(life, criterion)
        steps = thread(life, criterion)
        _steps(life, criterion, steps)
        _path(life, criterion, steps)
    _ledger(project, life)


_VERIFY = "Compute every hash of the ledger again: a change to the past shows as the record at which the chain breaks."


def _chosen(life: Life) -> Criterion | None:
    """Return the criterion of the address, in its newest version; else the one to look at first."""
    named = life.criterion(st.query_params.get(_CRITERION, ""))
    newest = next((c for c in life.criteria_in_force if named and c.key == named.key), None)
    return newest or worst_criterion(life)


def _choose(life: Life, criterion: Criterion) -> None:
    words = {c.id: f"{c.key} {title(c)}, {agreed(c)}" for c in life.criteria_in_force}
    if st.query_params.get(_CRITERION) not in {None, criterion.id}:
        st.query_params[_CRITERION] = criterion.id
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        select(
            "Criterion",
            list(words),
            parameter=_CRITERION,
            default=criterion.id,
            key="thread-criterion",
            words=lambda id: words[id],
            hidden=True,
        )
        link("Performance", "performance", icon="monitoring", criterion=criterion.id)


def _sentence(life: Life, criterion: Criterion) -> str:
    champion, line, now = life.champion, gate_line(life, criterion), live_verdict(life, criterion)
    key = f"{criterion.key} {escape(title(criterion))}"
    step = next_step(life)
    ahead = f"Next: {escape(step.title[:1].lower() + step.title[1:])}."
    if champion is None:
        word = latest_word(life, criterion)
        state = shown(criterion, word.verdict).word
        signed = (
            f"signed on {formats.last_day(criterion.signed_on, life.project.zone)}"
            if criterion.signed_at
            else "unsigned"
        )
        measured = f", **{figure(criterion, word.estimate)}: {state}**" if word.estimate else ""
        return f"Nothing serves yet. {key}, agreed {agreed(criterion)}, is {signed}{measured}. {ahead}"
    because = _because(life, criterion, approved=champion.id)
    head = f"Why is *{escape(champion.title)}* serving? {because}"
    if now is None:
        return f"{head}. {ahead}"
    said = says(now, life.project.zone)
    if (judged := life.version(now.judgement.model_version_id)) and judged.id != champion.id:
        return f"{head}; **not measured yet**. Before it *{escape(judged.title)}* served: {said}. {ahead}"
    turn = "Now" if line is None else "and now" if line.verdict is now.verdict else "but now"
    return f"{head}; {turn.lower()} {said[:1].lower() + said[1:]}. {ahead}"


def _because(life: Life, criterion: Criterion, *, approved: str) -> str:
    line, approval = gate_line(life, criterion), life.approval(approved)
    word = shown(criterion, line.verdict).word if line else ""
    at_gate = (
        f"{criterion.key} was **{word}** on the hold-out ({escape(figure(criterion, line.estimate))})"
        if line
        else f"{criterion.key} is judged in production alone"
    )
    if approval is None:
        return f"Because {at_gate}"
    by = "you" if approval.by == session.workspace().actor.id else escape(approval.by)
    day = formats.last_day(approval.on, life.project.zone)
    return f"Because {at_gate}, {state_of(approval.state).word} by {by} on {day}"


def _verify(project: Project) -> None:
    thread_door = session.workspace().thread
    st.session_state[_VERIFIED] = (project.id, thread_door.broken_at(project.id), len(thread_door.ledger(project.id)))


def _verified(project: Project) -> None:
    found = st.session_state.get(_VERIFIED)
    if not found or found[0] != project.id:
        return
    _, broken, records = found
    if broken is None:
        told = f"{formats.plural(records, 'record')} read again, each follows from the one before."
        st.markdown(f"{state_of(LedgerState.INTACT).badge} The ledger: {told}")
    else:
        state = state_of(LedgerState.BROKEN).saying(f"broken at record {broken}")
        told = "From there on the past was changed. Compare it with a backup of the workspace."
        st.markdown(f"{state.badge} The ledger: {told}")


def _steps(life: Life, criterion: Criterion, steps: Sequence[ThreadStep]) -> None:
    for column, phase in zip(st.columns(6, gap="small", border=False), Phase, strict=True):
        name, icon = PHASES[phase]
        with column.container(gap="small", key=f"flush-thread-{phase}"):
            st.markdown(f":gray[:material/{icon}: {name}]")
            mine = [step for step in steps if step.phase is phase]
            for step in mine:
                _step(life, criterion, step)
            if not mine:
                st.markdown(":gray[:small[nothing yet]]")


def _step(life: Life, criterion: Criterion, step: ThreadStep) -> None:
    state = _state(criterion, step)
    with st.container(gap=None):
        link(step.title, step.view, help=_hover(life, criterion, step), id=step.record_id)
        told = [state.badge] if state.word else []
        told += [f":small[{escape(formats.metric(step.estimate.value, unit(criterion)))}]"] if step.estimate else []
        if told:
            st.markdown(" ".join(told))
        st.markdown(f":small[:gray[{_when(life, step)}]]")


def _state(criterion: Criterion, step: ThreadStep) -> State:
    if step.verdict is not None:
        return shown(criterion, step.verdict)
    if step.kind is StepKind.CRITERION:
        return state_of(DocumentState.SIGNED if step.on else DocumentState.DRAFT)
    return state_of(step.state) if step.state is not None else _NOTHING


def _when(life: Life, step: ThreadStep) -> str:
    # a clock at midnight stands at the day that has ended; what is in service answers from that midnight on
    written = formats.day if step.kind is StepKind.DEPLOYMENT else formats.last_day
    return written(step.on, life.project.zone)


def _hover(life: Life, criterion: Criterion, step: ThreadStep) -> str:
    estimate = figure(criterion, step.estimate) if step.estimate else ""
    return ", ".join(part for part in (escape(estimate), _when(life, step)) if part)


def _path(life: Life, criterion: Criterion, steps: Sequence[ThreadStep]) -> None:
    nodes = [
        Node(
            phase=step.phase,
            title=step.title,
            said=figure(criterion, step.estimate) if step.estimate else "",
            when=_when(life, step),
            state=_state(criterion, step),
        )
        for step in steps
    ]
    picked = newly_picked(
        chart(
            path(nodes, session.theme()),
            key=f"thread-path-{criterion.id}",
            alt=f"The path of {criterion.key} through six phases, {len(nodes)} records; the list above names them.",
            rows=_table(life, criterion, steps),
            method=_METHOD,
            height=height(nodes),
            selectable=True,
        ),
        "thread-path",
    )
    if picked is not None:
        step = steps[int(picked)]
        session.go(step.view, id=step.record_id)


def _table(life: Life, criterion: Criterion, steps: Sequence[ThreadStep]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Phase": [PHASES[step.phase][0] for step in steps],
            "Record": [step.title for step in steps],
            "On": [_when(life, step) for step in steps],
            "State": [_state(criterion, step).cell for step in steps],
            "Figure": [figure(criterion, step.estimate) if step.estimate else formats.NOTHING for step in steps],
            "Rows": [formats.count(step.estimate.n if step.estimate else None) for step in steps],
            "Id": [step.record_id for step in steps],
        }
    )


_METHOD = """
The path is made of the records themselves: what the criterion was signed with, the data and runs it judged, the gate
it opened, the windows at which its verdict turned, the alerts it raised, the cases about it. Windows that only repeat
the verdict before them are left out; **Performance** shows them all. Days are event time.

Each figure is the record's own, with its 95 % interval: days are resampled, or rows where the data have no times.
"""


def _ledger(project: Project, life: Life) -> None:
    box = st.expander("Ledger", icon=":material/link:", key="thread-ledger", on_change="rerun")
    if not box.open:
        return
    with box:
        events = session.load("ledger", project, lambda: session.workspace().thread.ledger(project.id))
        table(
            _ledger_table(life, events),
            key="thread-ledger-table",
            alt="The ledger, newest record first",
            columns=_LEDGER,
        )


_LEDGER: Mapping[str, Any] = {
    "No.": st.column_config.NumberColumn("No.", width=50),
    "Event time": st.column_config.TextColumn("Event time", width=100),
    "What happened": st.column_config.TextColumn("What happened", width=310),
    "By": st.column_config.TextColumn("By", width=60),
    "Entered (UTC)": st.column_config.TextColumn("Entered (UTC)", width=135),
    "Hash": st.column_config.TextColumn("Hash", width=110),
    "Before": st.column_config.TextColumn("Before", width=110),
}


def _ledger_table(life: Life, events: Sequence[LedgerEvent]) -> pl.DataFrame:
    newest_first = list(reversed(events))
    return pl.DataFrame(
        {
            "No.": [event.sequence for event in newest_first],
            "Event time": [on(event, life) for event in newest_first],
            "What happened": [say(event, life).plain for event in newest_first],
            "By": [who(event) for event in newest_first],
            "Entered (UTC)": [formats.time(event.at) for event in newest_first],
            "Hash": [event.hash[:12] for event in newest_first],
            "Before": [event.previous_hash[:12] for event in newest_first],
        }
    )
