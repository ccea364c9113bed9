"""Cases: what do we do about it, and did that help?"""

from datetime import timedelta

import polars as pl
import streamlit as st

from core.deployment.model_version import GateState
from core.errors import InvalidInput
from core.iteration.case import Case, CaseState, Choice, may_decide
from core.lifecycle.case_story import (
    CaseEvent,
    Happening,
    best_option,
    case_events,
    due_check,
    judged_options,
    last_check,
)
from core.lifecycle.false_alarms import false_alarms
from core.lifecycle.life import CLOSED_CASES, Life
from core.lifecycle.verdicts import live_verdict
from core.monitoring.calendar import add_days
from core.monitoring.window import Alert, AlertState
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, says, shown, title, unit
from dashboard.charts.case import HEIGHT, Story, case_timeline
from dashboard.components.alert_routes import alert_routes, leads
from dashboard.components.case_challenger import challenger
from dashboard.components.case_options import options
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import select
from dashboard.components.empty import empty, problem
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.people import who
from dashboard.components.table import listing, state_cell, state_column, table
from dashboard.components.working import at_work, failure, progress
from dashboard.vocabulary import ALERT_KINDS, State, state_of


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    case = _case(life)
    unhandled = next((a for a in life.open_alerts if a.waits_for_a_case), None)
    primary = Primary(label="Open case", icon="create_new_folder", key="cases-open", help=term("Case"))
    chips = (_state(case),) if case else ()
    sentence = _sentence(life, case, unhandled)
    if (
        page_header("Cases", sentence, project=project, primary=primary if unhandled else None, chips=chips)
        and unhandled
    ):
        _open(unhandled)
    alerts, cases = st.tabs(
        ["Alerts", "Cases"], default="Cases" if case else "Alerts", key="cases-tab", on_change="rerun"
    )
    if alerts.open:
        with alerts:
            _alerts(life)
    if cases.open:
        with cases:
            if case is None:
                text = "A case is opened from an alert; it closes when production meets its criterion again."
                empty("cases", "No case yet", text)
            else:
                _shown(project, life, case)


def _case(life: Life) -> Case | None:
    """Return the case that the address names, else the newest open one, else the newest."""
    named = life.case(st.query_params.get("id"))
    return named or next(reversed(life.open_cases), None) or next(reversed(life.cases), None)


def _state(case: Case) -> State:
    return state_of(case.state)


def _open(alert: Alert) -> None:
    case = session.workspace().iteration.open_case(alert.id)
    session.workspace().iteration.ask_backtest(case.id)
    session.go("cases", id=case.id)


def _sentence(life: Life, case: Case | None, unhandled: Alert | None) -> str:
    alert = _alerted(life, unhandled) if unhandled else ""
    criterion = life.criterion(case.criterion_id) if case else None
    if case is None or criterion is None:
        return alert or "**Nothing to deal with**: no alert so far."
    if case.state in CLOSED_CASES:
        # what a case came to is not lost when the next alert waits already
        but = f" But {alert[:1].lower()}{alert[1:]}" if alert else ""
        return f"{_outcome(life, case, criterion)}{but}"
    if alert:
        return alert
    now = live_verdict(life, criterion)
    said = f"{says(now, life.project.zone)}." if now else f"Case {case.number} is open."
    return f"{said} {_next(life, case, criterion)}"


def _alerted(life: Life, unhandled: Alert) -> str:
    criterion = life.criterion(unhandled.criterion_id)
    now = live_verdict(life, criterion) if criterion else None
    return f"{says(now, life.project.zone)}. Open a case about it." if now else "An alert waits for a case."


def _outcome(life: Life, case: Case, criterion: Criterion) -> str:
    check, zone = last_check(life, case), life.project.zone
    name = formats.escape(title(criterion))
    if case.state is CaseState.CLOSED_ACCEPTED or check is None:
        return f"Case {case.number} was closed by hand: {name} is accepted as it is."
    days = formats.span(check.starts, check.ends, zone)
    beside = life.version(check.counterfactual_id)
    would = ""
    if beside is not None and check.counterfactual is not None:
        would = (
            f", beside **{figure(criterion, check.counterfactual)}** of {formats.escape(beside.title)} on the same rows"
        )
    met = f"**{figure(criterion, check.estimate)}**, agreed {agreed(criterion)}: **met again** on {days}"
    return f"{name} {met}{would}. Case {case.number} is closed."


def _next(life: Life, case: Case, criterion: Criterion) -> str:
    if case.state is CaseState.CHECKING and (due := due_check(life, case)):
        return f"The post-check is due {formats.last_day(due.check_due, life.project.zone)}."
    if case.state is CaseState.ACTING:
        if case.challenger_id is None:
            return "A challenger is being trained."
        return "Promote the challenger." if life.approved(case.challenger_id) else "Approve the challenger."
    if case.backtest is None:
        return f"Decide case {case.number}."
    best = best_option(judged_options(life, case.backtest), criterion)
    result = best.result(criterion.key) if best else None
    if best is None or result is None:
        return f"Decide case {case.number}."
    word = shown(criterion, result[2].verdict).word
    value = formats.metric(result[1].value, unit(criterion))
    return f"To **{state_of(best.choice).word}** would give {value}: {word}. Decide."


def _alerts(life: Life) -> None:
    if not life.alerts:
        text = "An alert is raised when a window does not meet a criterion that is a gate: one at each onset of it."
        empty("notifications", "No alert yet", text, key="cases-no-alert")
        alert_routes(life)
        return
    zone, alerts = life.project.zone, life.alerts[::-1]
    criteria = [life.criterion(alert.criterion_id) for alert in alerts]
    numbers = {case.id: case.number for case in life.cases}
    rows = pl.DataFrame(
        {
            "alert": [_about(alert, c) for c, alert in zip(criteria, alerts, strict=True)],
            "onset": [formats.last_day(alert.onset, zone) for alert in alerts],
            "figure": [figure(c, a.estimate) if c else formats.NOTHING for c, a in zip(criteria, alerts, strict=True)],
            "agreed": [agreed(c) if c else formats.NOTHING for c in criteria],
            "state": [state_cell(alert.state) for alert in alerts],
            "owner": [who(alert.owner) if alert.owner else formats.NOTHING for alert in alerts],
            "case": [
                f"Case {numbers[alert.case_id]}" if alert.case_id in numbers else alert.closed_reason or formats.NOTHING
                for alert in alerts
            ],
        }
    )
    columns = {
        "alert": st.column_config.TextColumn("Alert", help="Choose a row to open the alert"),
        "onset": "Onset",
        "figure": "Figure then",
        "agreed": "Agreed",
        "state": state_column("State", AlertState),
        "owner": "Owner",
        "case": "Case",
    }
    row = table(rows, key="cases-alerts", alt="Alerts, newest first", columns=columns, selectable=True)
    if row is not None:
        session.go("alert", id=alerts[row].id)
    with st.container(horizontal=True, vertical_alignment="center", key="cases-routes"):
        st.markdown(f":gray[{_false_alarms(life)} {leads(life.routes)}]")
        alert_routes(life)


def _about(alert: Alert, criterion: Criterion | None) -> str:
    if criterion is None or alert.kind in ALERT_KINDS:
        return ALERT_KINDS.get(alert.kind, formats.NOTHING)
    return f"{criterion.key} {title(criterion)}"


def _false_alarms(life: Life) -> str:
    counted = false_alarms(life)
    return (
        f"False alarms: chance explains at most {counted.expected:.1f} in "
        f"{formats.plural(counted.verdicts, 'verdict')} of gates so far; closed as false {counted.closed} of "
        f"{formats.plural(counted.alerts, 'alert')}."
    )


def _shown(project: Project, life: Life, case: Case) -> None:
    criterion = life.criterion(case.criterion_id)
    if criterion is None:
        return
    _switch(life, case)
    _figures(life, case, criterion)
    events = case_events(life, case)
    chart(
        case_timeline(Story(events=events, now=session.now(project), zone=project.zone), session.theme()),
        key="cases-timeline",
        alt=f"Case {case.number} in event time: alerts, decisions, models, post-checks",
        height=HEIGHT,
    )
    _act(project, life, case, criterion)
    _bar(case, criterion)
    with st.expander("What happened, and why", icon=":material/history:", expanded=case.state in CLOSED_CASES):
        _history(life, events)


def _switch(life: Life, case: Case) -> None:
    if len(life.cases) > 1:
        names = {c.id: f"Case {c.number}: {_state(c).word}" for c in reversed(life.cases)}
        words = names.__getitem__
        select(
            "Case", list(names), parameter="id", default=case.id, key="cases-case", words=words, hidden=True, width=240
        )


def _bar(case: Case, criterion: Criterion) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="cases-bar"):
        link(f"{criterion.key} {title(criterion)}", "performance", icon="monitoring", criterion=criterion.id)
        link("What moved?", "drift", icon="change_history")
        link("Thread", "thread", icon="timeline", criterion=criterion.id)
        if case.state not in CLOSED_CASES:
            with st.popover("Options", icon=":material/tune:", type="tertiary", key="cases-options"):
                _close_by_hand(case)


def _close_by_hand(case: Case) -> None:
    reason = st.text_input("Accept as it is, because", key=f"cases-accept-{case.id}")
    if st.button("Close the case by hand", icon=":material/check:", key="cases-close"):
        try:
            session.workspace().iteration.accept_as_is(case.id, reason or "")
        except InvalidInput as missing:
            problem(str(missing))
        else:
            st.rerun()


def _figures(life: Life, case: Case, criterion: Criterion) -> None:
    zone, now, check = life.project.zone, live_verdict(life, criterion), last_check(life, case)
    cells = [
        Figure(label="Agreed", value=agreed(criterion), note=formats.escape(title(criterion)), help=term("Criterion"))
    ]
    if now is not None:
        estimate = now.judgement.estimate
        cells.append(
            Figure(
                label=f"Now, to {formats.last_day(now.window.ends, zone)}",
                value=formats.metric(estimate.value if estimate else None, unit(criterion)),
                state=shown(criterion, now.verdict),
                note=formats.interval(estimate.interval, unit(criterion)) if estimate else "",
                help=term("Window"),
            )
        )
    if check is not None:
        cells.append(
            Figure(
                label=f"Post-check, to {formats.last_day(check.ends, zone)}",
                value=formats.metric(check.estimate.value if check.estimate else None, unit(criterion)),
                state=shown(criterion, check.verdict),
                note=formats.interval(check.estimate.interval, unit(criterion)) if check.estimate else "",
                help=term("Post-check"),
            )
        )
    opened = f"opened {formats.last_day(case.opened_on, zone)}"
    alerts = sum(alert.case_id == case.id for alert in life.alerts)
    cells.append(Figure(label="Alerts in it", value=formats.count(alerts), note=opened, help=term("Alert")))
    figures(cells)


def _act(project: Project, life: Life, case: Case, criterion: Criterion) -> None:
    """Show what the case waits for: a decision, a job, an approval, a promotion, or its post-check."""
    job = at_work(project, "retrain")
    if job is not None:
        progress(job.id)
    elif may_decide(case) and case.challenger_id is None:
        failure(project, "retrain")
    if case.state is CaseState.CHECKING:
        _await_check(project, life, case)
    if case.challenger_id is None:
        options(life, case, criterion, primary=True)
        return
    gate = life.gate(case.challenger_id)
    closed = gate is not None and life.gate_state(gate) is GateState.CLOSED
    challenger(project, life, case)
    with st.expander(
        "The options as they were weighed", icon=":material/balance:", expanded=closed and may_decide(case)
    ):
        options(life, case, criterion, primary=closed)


def _await_check(project: Project, life: Life, case: Case) -> None:
    decision = due_check(life, case)
    if decision is None or decision.check_due is None:
        return
    job, clock = at_work(project, "replay"), session.now(project)
    weeks = max(1, -((clock - decision.check_due) // timedelta(days=7)))
    can = life.replay is not None and life.replay.position < life.replay.ends
    with st.container(border=True, horizontal=True, wrap=False, vertical_alignment="center", key="cases-check"):
        due = formats.last_day(decision.check_due, project.zone)
        st.markdown(
            f":blue[:material/event_upcoming:] Post-check **due {due}**: {_CHECKED[decision.choice]}", width="stretch"
        )
        if can and job is None:
            label = f"Replay the next {_WEEKS.get(weeks, f'{weeks} weeks')}"
            if st.button(label, type="primary", icon=":material/play_arrow:", key="cases-replay", help=term("Replay")):
                until = add_days(clock, 7 * weeks, project.zone)
                session.workspace().replays.ask(project.id, until=until)
                st.rerun()
    if job is not None:
        progress(job.id)
    else:
        failure(project, "replay")


_WEEKS = {1: "week", 2: "two weeks", 3: "three weeks", 4: "four weeks"}
_CHECKED = {
    Choice.WAIT: "the criterion on the rows after the decision.",
    Choice.THRESHOLD: "the criterion on the rows after the decision.",
    Choice.RECALIBRATE: "the criterion on the rows after the decision.",
    Choice.RETRAIN: "the new champion on the rows after its promotion, beside the old one on the same rows.",
}


def _history(life: Life, events: tuple[CaseEvent, ...]) -> None:
    zone = life.project.zone
    listing(
        [
            {"Day": formats.last_day(e.on, zone), "What": _what(e), "Why, and who": _why(e)}
            for e in events
            if e.happening is not Happening.DUE
        ],
        alt="What happened in the case, oldest first",
    )


def _what(event: CaseEvent) -> str:
    title_ = formats.escape(event.title)
    value = figure(event.criterion, event.estimate) if event.criterion else ""
    match event.happening:
        case Happening.ALERT:
            about = formats.escape(title(event.criterion)) if event.criterion else ""
            return f"Alert on {title_} {about} **{value}**"
        case Happening.DECISION:
            return f"Decided: **{state_of(event.state).word if event.state else ''}**"
        case Happening.POST_CHECK:
            verdict = state_of(event.verdict).badge if event.verdict else ""
            beside = f", beside {figure(event.criterion, event.beside)}" if event.criterion and event.beside else ""
            return f"Post-check **{value}** {verdict}{beside}"
        case Happening.APPROVAL:
            return f"{title_} {state_of(event.state).badge if event.state else ''}"
        case Happening.CLOSED:
            return f"{title_} {state_of(event.state).badge if event.state else ''}"
        case _:
            return f"{title_} {_DONE.get(event.happening, '')}"


_DONE = {
    Happening.OPENED: "opened",
    Happening.TRAINED: "trained and registered",
    Happening.PROMOTION: "promoted: it answers from now on",
}


def _why(event: CaseEvent) -> str:
    by = f":gray[{who(event.by)}]" if event.by else ""
    return " ".join(part for part in (formats.escape(event.text), by) if part)
