"""Performance: is it still true to what we approved?"""

from dataclasses import replace

import polars as pl
import streamlit as st

from core.lifecycle.life import Life
from core.lifecycle.standing import NextStep, next_step, waiting
from core.lifecycle.verdicts import LiveVerdict, gate_line, histories, live_verdict, live_verdicts
from core.metrics import METRICS
from core.monitoring.calendar import add_days
from core.monitoring.loss_changes import LossChanges
from core.monitoring.window import Alert
from core.scoping.criterion import Criterion, Stage, Verdict
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, constants, figure, resampled, says, shown, title, unit, windows_of
from dashboard.charts.human import human_aside, human_method
from dashboard.charts.performance import Agreed, Course, Line, Mark, criterion_over_windows
from dashboard.components.beside_fresh import beside_fresh
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import select
from dashboard.components.empty import empty
from dashboard.components.expected import EXPECTED_METHOD, expected_cell, expected_newest
from dashboard.components.figures import Figure, figures
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.live_production import bring_batch, bring_labels, go_live, next_measurement
from dashboard.components.loss_changes import DETECTORS_METHOD, detected, detected_words
from dashboard.components.no_case import no_case_needed
from dashboard.components.service import service
from dashboard.components.table import table
from dashboard.components.verdicts import verdict_column
from dashboard.components.windows_judged import windows_table
from dashboard.components.working import at_work, failure, progress

FOUR_WEEKS = 28
BESIDE = {
    "expected": ("Estimate without labels", "Without labels"),
    "fresh": ("Beside a fresher model", "Fresher model"),
    "service": ("Service", "Service"),
    "detectors": ("Change detectors on the loss", "Change detectors"),
}
"""What is shown beside a criterion where it is asked for: its words, and the term that explains it."""
OTHER_REPLAYS = {"Replay one week": 7, "Replay all that is left": 3650}


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    job = at_work(project, "replay", "measure", "learn_labels", "take_batch")
    step = _step(life)
    if page_header("Performance", _sentence(life), project=project, primary=_primary(step, busy=job is not None)):
        _take(project, life, step)
    if job is not None:
        progress(job.id)
    failure(project, "replay", "measure", "learn_labels", "take_batch")
    if not life.windows:
        _nothing_yet(life, offer=step is None)
        return
    with st.container(horizontal=True, vertical_alignment="center", key="performance-bar"):
        criterion = _criterion(life)
        _where(life, criterion)
        asked = _other_acts(project, life, step, busy=job is not None)
    _figures(life, criterion)
    changes = detected(life) if "detectors" in asked else None
    _chart(life, criterion, without_labels="expected" in asked, changes=changes)
    if changes is not None:
        st.markdown(detected_words(changes))
    if "service" in asked:
        service(life, criterion)
    if "expected" in asked:
        st.markdown(expected_newest(life, criterion))
    if "fresh" in asked:
        beside_fresh(life, criterion)
    _newer(life, criterion)
    _windows(life, criterion)
    next_measurement(project)


def _sentence(life: Life) -> str:
    standing, step = live_verdicts(life), next_step(life)
    if not standing:
        return "Each window of production is judged by the criteria that were agreed."
    worst, zone = standing[0], life.project.zone
    act = "" if step.title == "Look at performance" else f" {formats.escape(step.title)}."
    if worst.verdict in {Verdict.NOT_MET, Verdict.UNDECIDED}:
        return f"{says(worst, zone)}.{act}"
    met = sum(v.verdict is Verdict.MET for v in standing)
    ends = formats.last_day(worst.window.ends, zone)
    return f"**{met} of {formats.plural(len(standing), 'criterion', 'criteria')} met** in the window to {ends}.{act}"


def _unhandled(life: Life) -> Alert | None:
    return next((a for a in life.open_alerts if a.waits_for_a_case), None)


def _step(life: Life) -> Alert | NextStep | None:
    """Return what the primary button does: open a case, go where something waits, or replay on."""
    return _unhandled(life) or next((step for step in waiting(life) if step.view in {"cases", "release"}), None)


def _can_replay(life: Life) -> bool:
    return life.deployment is not None and life.replay is not None and life.replay.position < life.replay.ends


def _primary(step: Alert | NextStep | None, *, busy: bool) -> Primary | None:
    life = session.life(session.project())
    if isinstance(step, Alert):
        return Primary(label="Open case", icon="create_new_folder", key="performance-open", help=term("Case"))
    if step is not None:
        return Primary(label=step.title, icon="arrow_forward", key="performance-next")
    if _can_replay(life):
        label = "Replay the next four weeks"
        return Primary(label=label, icon="play_arrow", key="performance-replay", disabled=busy, help=term("Replay"))
    return None


def _take(project: Project, life: Life, step: Alert | NextStep | None) -> None:
    if isinstance(step, Alert):
        case = session.workspace().iteration.open_case(step.id)
        session.workspace().iteration.ask_backtest(case.id)
        session.go("cases", id=case.id)
    if step is not None:
        session.go(step.view, **step.address)
    _replay(project, life, FOUR_WEEKS)
    st.rerun()


def _replay(project: Project, life: Life, days: int) -> None:
    clock = project.clock or (life.replay.position if life.replay else session.now(project))
    session.workspace().replays.ask(project.id, until=add_days(clock, days, project.zone))


def _nothing_yet(life: Life, *, offer: bool) -> None:
    if life.deployment is None:
        text = "Windows appear here once a model version serves and answers are logged."
        if empty("monitoring", "Nothing serves yet", text, action="Go to Release" if offer else ""):
            session.go("release")
        return
    text = "A window appears when its last day is over, or its predictions are complete, and its labels are known."
    empty(
        "monitoring",
        "No window yet",
        text + (" Replay later data to fill the first ones." if _can_replay(life) else ""),
    )
    next_measurement(life.project)
    if life.project.clock is None:
        bring_labels(life.project, key="performance-first")
    bring_batch(life.project, key="performance-first")
    go_live(life.project, key="performance-first", busy=at_work(life.project, "replay") is not None)


def _criterion(life: Life) -> Criterion:
    now = {v.criterion.id: v for v in live_verdicts(life)}
    criteria = {c.id: c for c in (*(v.criterion for v in now.values()), *_unjudged(life))}
    named = life.criterion(st.query_params.get("criterion", ""))
    if named is not None and named.id not in criteria:  # another version of one that is shown
        st.query_params["criterion"] = next((c.id for c in criteria.values() if c.key == named.key), named.id)

    def words(criterion_id: str) -> str:
        criterion, standing = criteria[criterion_id], now.get(criterion_id)
        state = f"  {shown(criterion, standing.verdict).cell}" if standing else ""
        return f"{criterion.key}  {title(criterion)}{state}"

    default = next(iter(now), next(iter(criteria)))
    picked = select(
        "Criterion",
        list(criteria),
        parameter="criterion",
        default=default,
        key="performance-criterion",
        words=words,
        hidden=True,
        width=380,
    )
    return criteria[picked]


def _unjudged(life: Life) -> list[Criterion]:
    judged = {v.criterion.key for v in live_verdicts(life)}
    return [c for c in life.criteria_at(Stage.LIVE) if c.key not in judged]


def _where(life: Life, criterion: Criterion) -> None:
    """Lead to the slices of the newest window that the criterion judged; only rows with a label have any."""
    judged = [(w, j) for w, j in life.judgements(criterion) if j.estimate]
    if judged and METRICS[criterion.metric].needs == "labels":
        window, judgement = judged[-1]
        where = {"id": window.id, "criterion": judgement.criterion_id, "by": "hurts"}
        link("Where does it hurt?", "window", icon="troubleshoot", **where)


def _other_acts(project: Project, life: Life, step: Alert | NextStep | None, *, busy: bool) -> frozenset[str]:
    """Offer what is rarely needed; return what is asked to be shown beside the criterion."""
    link("What moved?", "drift", icon="change_history")
    if isinstance(step, Alert):
        no_case_needed(step, key="performance")
    with st.popover("Options", icon=":material/tune:", type="tertiary", key="performance-options"):
        asked = frozenset(
            name
            for name, (words, meaning) in BESIDE.items()
            if st.toggle(words, key=f"performance-{name}", help=term(meaning))
        )
        choices = ({"Replay the next four weeks": FOUR_WEEKS} if step else {}) | OTHER_REPLAYS
        for words, days in choices.items() if _can_replay(life) else ():
            st.button(
                words,
                type="tertiary",
                icon=":material/play_arrow:",
                key=f"performance-replay-{days}",
                disabled=busy,
                on_click=_replay,
                args=(project, life, days),
            )
        if life.deployment is not None:
            bring_batch(project, key="performance")
            go_live(project, key="performance", busy=busy)
    if project.clock is None and life.deployment is not None:
        bring_labels(project, key="performance")
    return asked


def _figures(life: Life, criterion: Criterion) -> None:
    now = live_verdict(life, criterion)
    if now is None:
        return
    zone, share = life.project.zone, now.window.labels / max(now.window.predictions, 1)
    figures(
        [
            _approved(life, criterion),
            _measured(f"Now, to {formats.last_day(now.window.ends, zone)}", now),
            Figure(
                label="Windows in a row",
                value=formats.count(now.windows),
                note=f"{shown(criterion, now.verdict).word} since {formats.last_day(now.since, zone)}",
                help=term("Window"),
            ),
            Figure(
                label="Labels known",
                value=formats.share(share),
                note=f"of {formats.plural(now.window.predictions, 'row')}",
                help=term("Label"),
            ),
        ]
    )


def _approved(life: Life, criterion: Criterion) -> Figure:
    line = gate_line(life, criterion)
    if line is None or line.estimate is None:
        return Figure(label="When approved", value=formats.NOTHING, note="judged in production only")
    return Figure(
        label="When approved",
        value=formats.metric(line.estimate.value, unit(criterion)),
        state=shown(criterion, line.verdict),
        note=formats.interval(line.estimate.interval, unit(criterion)),
        help=term("Hold-out"),
    )


def _measured(label: str, now: LiveVerdict) -> Figure:
    estimate = now.judgement.estimate
    return Figure(
        label=label,
        value=formats.metric(estimate.value if estimate else None, unit(now.criterion)),
        state=shown(now.criterion, now.verdict),
        note=formats.interval(estimate.interval, unit(now.criterion)) if estimate else "",
        help=f"Agreed {agreed(now.criterion)}.",
    )


def _chart(life: Life, criterion: Criterion, *, without_labels: bool, changes: LossChanges | None) -> None:
    numbers = {version.id: place for place, version in enumerate(life.versions)}
    found = histories(life, criterion)
    lines = [
        Line(
            name=version.title if (version := life.version(history.version_id)) else "a version",
            champion=history.champion,
            series=numbers.get(history.version_id, 0),
            points=history.points,
        )
        for history in found
    ]
    marks = [Mark(on=d.on, name=v.title) for d in life.deployments if (v := life.version(d.champion_id))]
    human = life.human_level(criterion)
    course = Course(
        criterion=criterion,
        zone=life.project.zone,
        lines=lines,
        marks=marks,
        spans=_spans(life, criterion),
        human=human,
        without_labels=without_labels,
        detected=changes.by_detector if changes else None,
    )
    beside = [method for method, there in ((EXPECTED_METHOD, without_labels), (DETECTORS_METHOD, changes)) if there]
    alt = f"{title(criterion)} over the windows of production, agreed {agreed(criterion)}"
    chart(
        criterion_over_windows(course, session.theme()),
        key="performance-chart",
        alt=f"{alt}{human_aside(criterion, human)}",
        rows=_all_points(life, criterion, lines),
        method="".join((_method(criterion), human_method(human), *beside)),
        height=270,
        legend=True,
    )


def _spans(life: Life, criterion: Criterion) -> list[Agreed]:
    """Return over which windows each version of a criterion judged, oldest first."""
    spans: list[Agreed] = []
    for window, judgement in life.judgements(criterion):
        version = life.criterion(judgement.criterion_id) or criterion
        if spans and spans[-1].criterion.threshold == version.threshold:
            spans[-1] = replace(spans[-1], ends=window.ends)
        else:
            spans.append(Agreed(criterion=version, starts=window.starts, ends=window.ends))
    return spans


def _newer(life: Life, criterion: Criterion) -> None:
    """Say that a newer version is signed which judges no window yet."""
    signed = next((c for c in life.criteria_at(Stage.LIVE) if c.key == criterion.key), criterion)
    if signed.version > criterion.version:
        st.markdown(
            f":orange[:material/history:] {signed.key} version {signed.version}, agreed {agreed(signed)}, is signed. "
            f"It judges windows once a model version is approved under it; till then version {criterion.version} does."
        )


def _all_points(life: Life, criterion: Criterion, lines: list[Line]) -> pl.DataFrame:
    zone = life.project.zone
    return pl.DataFrame(
        [
            {
                "window": formats.window(window, zone),
                "version": line.name,
                "role": "champion" if line.champion else "shadow",
                title(criterion): figure(criterion, judgement.estimate),
                "verdict": shown(criterion, judgement.verdict).word,
                "estimated without labels": expected_cell(criterion, judgement.without_labels),
            }
            for line in lines
            for window, judgement in line.points
        ]
    )


def _method(criterion: Criterion) -> str:
    metric = METRICS[criterion.metric]
    said = constants(criterion)
    return (
        f"**{metric.title}.** {metric.description}{f' Constants: {said}.' if said else ''}\n\n"
        f"Measured on {formats.escape(criterion.slice.text)} of each window. {windows_of(criterion)} Labels count as "
        "they were known when the window ended.\n\n"
        f"The band is the 95 % interval: {resampled(criterion.block)}. The verdict is "
        "**met** or **not met** only where the whole interval lies on one side of what was agreed "
        f"({agreed(criterion)})."
    )


def _windows(life: Life, criterion: Criterion) -> None:
    judged = life.judgements(criterion)[::-1]
    if not judged:
        empty(
            "date_range",
            "Not judged yet",
            f"{criterion.key} is judged from the next window on.",
            key="performance-none",
        )
        return
    columns = {
        "window": st.column_config.TextColumn("Window", help="Choose a row to open the window"),
        "verdict": verdict_column("Verdict"),
        "blocks": f"{criterion.block.capitalize()}s",
        "rows": st.column_config.NumberColumn("Rows", format="localized"),
        "labels": st.column_config.NumberColumn("Labels", format="localized"),
    }
    row = table(
        windows_table(judged, criterion, zone=life.project.zone),
        key="performance-windows",
        alt=f"Windows, newest first: {title(criterion)}",
        columns=columns,
        selectable=True,
    )
    if row is not None:
        session.go("window", id=judged[row][0].id)
