"""A case's challenger beside its champion on the same held-out rows, its approval and its promotion."""

import streamlit as st

from core.deployment.model_version import GateResult, GateState, ModelVersion
from core.errors import Conflict
from core.iteration.case import Case, CaseState
from core.lifecycle.case_story import Result, judged, replaced_version
from core.lifecycle.life import Life
from core.modelling.run import Run
from core.scoping.criterion import Verdict
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import agreed, figure, resampled, shown, title, unit
from dashboard.components.chart import how_computed
from dashboard.components.chip import chip, link
from dashboard.components.empty import problem
from dashboard.components.glossary import term
from dashboard.components.table import listing
from dashboard.vocabulary import state_of


def challenger(project: Project, life: Life, case: Case) -> None:
    """Show the challenger of a case, and the one act that comes next: approve, then promote."""
    run, version = life.run(case.challenger_run_id), life.version(case.challenger_id)
    if run is None or version is None:
        return
    days = formats.plural(run.holdout_blocks, project.task.block if project.task else "row")
    old = replaced_version(life, case)
    champion = formats.escape(old.title) if old else "the champion"
    st.markdown(
        f"**{formats.escape(version.title)} beside {champion}**, on the same "
        f"{formats.plural(run.holdout_rows, 'held-out row')} of {days}"
    )
    before, after = _by_key(judged(life, case.champion_evaluations)), _by_key(judged(life, run.evaluations))
    differences = {c.key: e for e in case.differences if (c := life.criterion(e.criterion_id or ""))}
    rows = [
        {
            "Criterion": f"{key} {formats.escape(title(criterion))}  \n:small[:gray[agreed {agreed(criterion)}]]",
            f"{champion}, champion then" if old else "Champion": _cell(before.get(key)),
            f"{formats.escape(version.title)}, challenger": _cell((criterion, estimate, judgement)),
            "Difference": formats.difference(differences[key].estimate, unit(criterion)) if key in differences else "–",
        }
        for key, (criterion, estimate, judgement) in after.items()
    ]
    listing(rows, alt="Champion and challenger on the same held-out rows")
    _next(life, case, version)
    with st.container(horizontal=True, horizontal_alignment="right", key="case-challenger-foot"):
        how_computed(_method(run, project), key="case-challenger")


def _by_key(results: tuple[Result, ...]) -> dict[str, Result]:
    return {criterion.key: (criterion, estimate, judgement) for criterion, estimate, judgement in results}


def _cell(result: Result | None) -> str:
    if result is None:
        return formats.NOTHING
    criterion, estimate, judgement = result
    return f"{figure(criterion, estimate)} {shown(criterion, judgement.verdict).badge}"


def _next(life: Life, case: Case, version: ModelVersion) -> None:
    gate = life.gate(version.id)
    if gate is None:
        return
    state, approved = life.gate_state(gate), life.approved(version.id)
    asks = case.state is CaseState.ACTING and not approved and gate.count(Verdict.UNDECIDED) > 0
    with st.container(horizontal=True, vertical_alignment="bottom" if asks else "center", key="case-release"):
        chip(state_of(state), "release", label="Gate", id=version.id, help=term("Gate"))
        link(version.title, "model_version", icon="deployed_code", id=version.id)
        if case.state is not CaseState.ACTING:
            return
        if approved:
            _promote(life, version)
        elif state is not GateState.CLOSED:
            _approve(version, gate)
    if state is GateState.CLOSED:
        missed = [
            c.key for line in gate.lines if line.verdict is Verdict.NOT_MET and (c := life.criterion(line.criterion_id))
        ]
        st.markdown(
            f"The gate is closed: {formats.sentence(missed)} not met. Decide again below, or close case {case.number} "
            "by hand in Options."
        )


def _approve(version: ModelVersion, gate: GateResult) -> None:
    reason = ""
    if gate.count(Verdict.UNDECIDED):
        reason = st.text_input(
            "Why it may go live",
            key=f"case-approve-reason-{version.id}",
            placeholder="A criterion is undecided: one sentence",
            width="stretch",
        )
    if st.button("Approve", type="primary", icon=":material/how_to_reg:", key="case-approve", help=term("Approval")):
        try:
            session.workspace().deployment.approve(version.id, reason or "")
        except Conflict as refusal:
            problem(str(refusal))
        else:
            st.rerun()


def _promote(life: Life, version: ModelVersion) -> None:
    approval = life.approval(version.id)
    if approval is not None:
        chip(state_of(approval.state), label="Approval", help=formats.escape(approval.reason) or None)
    if st.button("Promote", type="primary", icon=":material/rocket_launch:", key="case-promote", help=_PROMOTE):
        session.workspace().deployment.promote(version.id)
        st.rerun()


_PROMOTE = "The challenger answers from now on; the champion listens on as a shadow. A roll-back is the counter-act."


def _method(run: Run, project: Project) -> str:
    block = project.task.block if project.task else "row"
    zone = project.zone
    return (
        f"The challenger was fitted on {formats.plural(run.train_rows, 'logged row')} from "
        f"{formats.day(run.train_from, zone)} to {formats.last_day(run.holdout_from, zone)}. Both are measured on the "
        f"{formats.plural(run.holdout_rows, 'row')} after that, which neither has seen.\n\nThe difference is "
        f"challenger minus champion on the same rows, both resampled at once, so that what they share cancels. "
        f"Intervals are 95 %: {resampled(block)}."
    )
