"""Release: may this model go live?"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.deployment.model_version import ApprovalState, GateResult, GateState, ModelVersion
from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.lifecycle.release import ReleaseStep, newest_waiting, release_step
from core.scoping.criterion import Verdict
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, title
from dashboard.components import choice, working
from dashboard.components.chip import chip, link
from dashboard.components.empty import empty, problem
from dashboard.components.gate import approvals_table, counted, gate_strip, gate_table, judged_lines, parity_line
from dashboard.components.header import Primary, page_header
from dashboard.components.people import who
from dashboard.formats import escape
from dashboard.vocabulary import state_of

_PRIMARY = {
    ReleaseStep.JUDGE: ("Judge again", "gavel"),
    ReleaseStep.APPROVE: ("Approve", "how_to_reg"),
    ReleaseStep.DEPLOY: ("Deploy", "rocket_launch"),
    ReleaseStep.PROMOTE: ("Promote", "rocket_launch"),
    ReleaseStep.TRAIN: ("Train another run", "science"),
}


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    job = working.at_work(project, "register", "retrain")
    if not life.versions:
        _nothing_yet(life)
        if job is not None:
            working.progress(job.id)
        return
    version = _version(life)
    gate = life.gate(version.id)
    if gate is None:
        page_header("Release", f"**{escape(version.title)}** has no gate yet.", project=project)
        return
    step = release_step(life, version)
    label, icon = _PRIMARY.get(step, ("", ""))
    primary = Primary(label=label, icon=icon, key="release-act") if label else None
    pressed = page_header(
        "Release",
        _sentence(life, version, gate, step),
        project=project,
        primary=primary,
        chips=(state_of(life.gate_state(gate)),),
    )
    if pressed:
        _act(life, version, gate, step)
    if job is not None:
        working.progress(job.id)
    _choices(life, version, gate, step)
    gate_strip(life, gate, key="release-gate")
    st.markdown(parity_line(version.parity))
    gate_table(life, gate, key="release-lines")
    st.markdown("#### Approvals")
    approvals_table(life, version)


def _nothing_yet(life: Life) -> None:
    page_header(
        "Release", "Nothing is registered yet, so nothing can go live. Next: **register a run**.", project=life.project
    )
    working.failure(life.project, "register")
    if empty(
        "lock_open",
        "No model version yet",
        "The gate of each version appears here: every criterion with its figure and verdict, and who let it in.",
        action="Choose a run to register",
    ):
        session.go("runs")


def _version(life: Life) -> ModelVersion:
    ids = [version.id for version in life.versions]
    return next(v for v in life.versions if v.id == choice.chosen("id", ids, newest_waiting(life).id))


# ---- sentence


def _sentence(life: Life, version: ModelVersion, gate: GateResult, step: ReleaseStep) -> str:
    state = life.gate_state(gate)
    name = escape(version.title)
    if state is GateState.VOID:
        return (
            f"{name}: the gate is **void**, because a criterion was signed anew since it was judged. "
            "Next: **judge it again**."
        )
    opening = f"{name}: gate **{state_of(state).word}**, {counted(gate)}."
    if state is GateState.CLOSED:
        return f"{opening} {_what_closes(life, gate)} Next: **train another run**, or agree on another threshold."
    return f"{opening} {_standing(life, version, step, needs_reason=gate.count(Verdict.UNDECIDED) > 0)}"


def _what_closes(life: Life, gate: GateResult) -> str:
    missed = [(c, line) for c, line in judged_lines(life, gate) if line.verdict is Verdict.NOT_MET]
    criterion, line = missed[0]
    more = f" and {formats.plural(len(missed) - 1, 'other')}" if len(missed) > 1 else ""
    found = f"{criterion.key} {escape(title(criterion))} **{figure(criterion, line.estimate)}**"
    return f"{found}, agreed {agreed(criterion)}{more}."


def _standing(life: Life, version: ModelVersion, step: ReleaseStep, *, needs_reason: bool) -> str:
    approval = life.approval(version.id)
    day = formats.last_day(approval.on, life.project.zone) if approval else ""
    said = f"{state_of(approval.state).word} by {who(approval.by)} on {day}" if approval else ""
    match step:
        case ReleaseStep.APPROVE if approval is not None and approval.state is ApprovalState.REFUSED:
            return f"**{said[:1].upper()}{said[1:]}**; it waits until somebody approves it."
        case ReleaseStep.APPROVE if approval is not None:
            return f"It was {said}, by criteria that changed since. Waits for **approval** by an approver."
        case ReleaseStep.APPROVE:
            return f"Waits for **approval** by an approver{', with a reason' if needs_reason else ''}."
        case ReleaseStep.DEPLOY:
            return f"{said[:1].upper()}{said[1:]}. Next: **deploy** it."
        case ReleaseStep.PROMOTE:
            champion = life.champion
            place = f" in the place of {escape(champion.title)}" if champion else ""
            return f"{said[:1].upper()}{said[1:]}. Next: **promote** it{place}."
        case _:
            return f"{said[:1].upper()}{said[1:]}; it is **serving**."


# ---- acts


def _act(life: Life, version: ModelVersion, gate: GateResult, step: ReleaseStep) -> None:
    match step:
        case ReleaseStep.JUDGE:
            session.workspace().deployment.judge_gate(version.id)
            st.rerun()
        case ReleaseStep.APPROVE:
            _approve(version, needs_reason=gate.count(Verdict.UNDECIDED) > 0)
        case ReleaseStep.DEPLOY:
            _deploy(version, _shadows(life, version))
        case ReleaseStep.PROMOTE:
            _promote(life, version)
        case _:
            session.go("runs")


@st.dialog("Approve")
def _approve(version: ModelVersion, *, needs_reason: bool) -> None:
    own = version.registered_by == session.workspace().actor.id
    st.markdown(
        f"**{escape(version.title)}** may go live from then on. The approval freezes the criteria that it was judged "
        "by; its counter-act is **Refuse**."
    )
    if own:
        st.markdown(":material/person: You registered it yourself: this is recorded as **self-approved**.")
    asked = "Why may it go live, though a criterion is undecided?" if needs_reason else "Why (optional)"
    reason = st.text_area(asked, key="release-reason", height=90)
    ready = bool(reason.strip()) or not needs_reason
    if _go("Approve", disabled=not ready):
        _do(lambda: session.workspace().deployment.approve(version.id, reason))


@st.dialog("Refuse")
def _refuse(version: ModelVersion) -> None:
    st.markdown(f"**{escape(version.title)}** stays out until somebody approves it.")
    reason = st.text_area("Why", key="release-refusal", height=90)
    if _go("Refuse", disabled=not reason.strip()):
        _do(lambda: session.workspace().deployment.refuse(version.id, reason))


@st.dialog("Deploy")
def _deploy(version: ModelVersion, shadows: Sequence[ModelVersion]) -> None:
    st.markdown(
        f"**{escape(version.title)}** answers at the endpoint from then on. The counter-act is **Roll back**, once "
        "another version was promoted."
    )
    if shadows:
        st.markdown(f"Listening in as shadows: {escape(formats.sentence(v.title for v in shadows))}.")
    reason = st.text_input("Why (optional)", key="release-why")
    if _go("Deploy"):
        _do(
            lambda: session.workspace().deployment.deploy(version.id, shadows=[v.id for v in shadows], reason=reason),
            then="deployment",
        )


@st.dialog("Promote")
def _promote(life: Life, version: ModelVersion) -> None:
    champion = life.champion
    name = escape(champion.title) if champion else "the champion"
    st.markdown(
        f"**{escape(version.title)}** takes the place of {name}, which listens on as a shadow. The counter-act is "
        "**Roll back**."
    )
    reason = st.text_input("Why (optional)", key="release-why")
    if _go("Promote"):
        _do(lambda: session.workspace().deployment.promote(version.id, reason=reason), then="deployment")


def _go(label: str, *, disabled: bool = False) -> bool:
    with st.container(horizontal=True, horizontal_alignment="right"):
        return st.button(label, type="primary", key="release-go", disabled=disabled)


def _do(act: Callable[[], Any], *, then: str = "") -> None:
    try:
        act()
    except FullcircleError as error:
        problem(str(error))
        return
    if then:
        session.go(then)
    st.rerun()


# ---- beside


def _choices(life: Life, version: ModelVersion, gate: GateResult, step: ReleaseStep) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="release-choices"):
        if len(life.versions) > 1:
            with st.container(width=260):
                _choose_version(life, version)
        chip(state_of(version.state), "model_version", label=version.title, id=version.id)
        run = life.run(version.run_id)
        if run is not None:
            link(run.name, "run", icon="science", id=run.id)
        lines = judged_lines(life, gate)
        if lines:
            link("Thread", "thread", icon="timeline", criterion=lines[0][0].id)
        _options(life, version, step)


def _choose_version(life: Life, version: ModelVersion) -> None:
    newest_first = list(reversed(life.versions))
    choice.select(
        "Version",
        [v.id for v in newest_first],
        parameter="id",
        default=version.id,
        key="release-version",
        words=lambda version_id: next(v.title for v in newest_first if v.id == version_id),
        hidden=True,
    )


def _options(life: Life, version: ModelVersion, step: ReleaseStep) -> None:
    listening = _could_listen(life, version) if step in {ReleaseStep.APPROVE, ReleaseStep.DEPLOY} else []
    may_refuse = step in {ReleaseStep.APPROVE, ReleaseStep.DEPLOY, ReleaseStep.PROMOTE}
    if not listening and not may_refuse:
        return
    with st.popover("Options", icon=":material/tune:", type="tertiary"):
        if listening:
            titles = {v.id: v.title for v in listening}
            st.multiselect(
                "Shadows: these score the same rows in silence",
                list(titles),
                format_func=lambda version_id: titles[version_id],
                key="release-shadows",
            )
        if may_refuse and st.button("Refuse this version", icon=":material/do_not_disturb_on:", key="release-refuse"):
            _refuse(version)


def _could_listen(life: Life, version: ModelVersion) -> list[ModelVersion]:
    return [] if life.deployment else [v for v in life.versions if v.id != version.id]


def _shadows(life: Life, version: ModelVersion) -> list[ModelVersion]:
    chosen = st.session_state.get("release-shadows") or []
    if life.deployment and life.deployment.champion_id == version.id:
        chosen = life.deployment.shadow_ids
    return [v for v in life.versions if v.id in chosen]
