"""Model version: what is this version?"""

import polars as pl
import streamlit as st

from core.deployment.model_version import ModelVersion
from core.errors import NotFound
from core.lifecycle.life import Life
from core.lifecycle.release import ReleaseStep, release_step
from core.modelling.run import Feature
from dashboard import formats, session
from dashboard.components.chip import chip, link
from dashboard.components.figures import Figure, figures
from dashboard.components.gate import approvals_table, counted, gate_strip, judged_lines, parity_line, tiny
from dashboard.components.glossary import term
from dashboard.components.header import Primary, page_header
from dashboard.components.people import who
from dashboard.components.run_words import run_title
from dashboard.components.table import listing, table
from dashboard.formats import escape
from dashboard.vocabulary import ROLLOUTS, state_of

_ACTS = (ReleaseStep.JUDGE, ReleaseStep.APPROVE, ReleaseStep.DEPLOY, ReleaseStep.PROMOTE)
_MOST_LEVELS = 12


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    version = life.version(session.record_id())
    if version is None:
        raise NotFound.record("model version", session.record_id())
    primary = None
    if release_step(life, version) in _ACTS and not _listens(life, version):
        primary = Primary(label="Release", icon="lock_open", key="version-release")
    if page_header(
        version.title, _sentence(life, version), project=project, primary=primary, chips=(state_of(version.state),)
    ):
        session.go("release", id=version.id)
    _links(life, version)
    _key_figures(version)
    gate = life.gate(version.id)
    if gate is not None:
        gate_strip(life, gate, key="version-gate")
    st.markdown(parity_line(version.parity))
    _signature(version)
    st.markdown("#### Approvals")
    approvals_table(life, version)
    _rollouts(life, version)
    _file(version)


def _listens(life: Life, version: ModelVersion) -> bool:
    return life.deployment is not None and version.id in life.deployment.shadow_ids


def _sentence(life: Life, version: ModelVersion) -> str:
    gate, approval = life.gate(version.id), life.approval(version.id)
    zone = life.project.zone
    parts: list[str] = []
    if gate is not None:
        parts.append(f"Gate **{state_of(life.gate_state(gate)).word}**, {counted(gate)}")
    if approval is not None:
        said = state_of(approval.state).word
        parts.append(f"{said} by {who(approval.by)} on {formats.last_day(approval.on, zone)}")
    else:
        parts.append("approved by nobody")
    if life.champion is not None and life.champion.id == version.id:
        since = next(d for d in life.deployments if d.champion_id == version.id)
        parts.append(f"**answers** since {formats.day(since.on, zone)}")
    elif _listens(life, version):
        parts.append("**listens in** as a shadow")
    return "; ".join(parts) + "."


def _links(life: Life, version: ModelVersion) -> None:
    with st.container(horizontal=True, gap="medium", vertical_alignment="center", key="version-links"):
        run = life.run(version.run_id)
        if run is not None:
            chip(state_of(run.state), "run", label=run_title(life, run), id=run.id)
            dataset = life.dataset(run.dataset_id)
            if dataset is not None:
                chip(state_of(dataset.state), "dataset", label=f"{dataset.name} v{dataset.number}", id=dataset.id)
        link("Release", "release", icon="lock_open", id=version.id)
        link("Deployment status", "deployment", icon="rocket_launch")
        gate = life.gate(version.id)
        lines = judged_lines(life, gate) if gate else []
        if lines:
            link("Thread", "thread", icon="timeline", criterion=lines[0][0].id)


def _key_figures(version: ModelVersion) -> None:
    texts = sum(feature.kind != "number" for feature in version.features)
    shown = [
        Figure(label="Inputs", value=formats.count(len(version.features)), note=f"{texts} of them text"),
        Figure(label="File", value=formats.size(version.size), note="ONNX, holds no code"),
        Figure(
            label="Largest difference",
            value=tiny(version.parity.largest_difference),
            note="to the trained model",
            help=term("Parity"),
        ),
    ]
    if version.cut is not None:
        shown.append(Figure(label="Cut", value=f"{version.cut:g}", note="from there on it says yes", help=term("Cut")))
    figures(shown)


def _signature(version: ModelVersion) -> None:
    st.markdown("#### Signature")
    classes = formats.sentence(version.classes)
    st.markdown(f":gray[Answers {'one of ' + escape(classes) if classes else 'a number'}, with a score. It takes:]")
    table(
        pl.DataFrame(
            {
                "Input": [feature.name for feature in version.features],
                "Kind": ["number" if feature.kind == "number" else "text" for feature in version.features],
                "On the wire": ["FP64" if feature.kind == "number" else "BYTES" for feature in version.features],
                "Seen in training": [_seen(feature) for feature in version.features],
            }
        ),
        key="version-signature",
        alt=f"The inputs of {version.title} and what training saw of them",
        most_rows=16,
    )


def _seen(feature: Feature) -> str:
    if feature.kind == "number":
        if feature.lower is None or feature.upper is None:
            return "nothing"
        return f"{formats.metric(feature.lower, 'label')} to {formats.metric(feature.upper, 'label')}"
    levels = ", ".join(feature.levels[:_MOST_LEVELS])
    more = len(feature.levels) - _MOST_LEVELS
    return f"{levels} and {more} more" if more > 0 else levels or "nothing"


def _rollouts(life: Life, version: ModelVersion) -> None:
    zone = life.project.zone
    rows = [
        {
            "Revision": formats.count(d.revision),
            "On": formats.last_day(d.on, zone),
            "As": "champion" if d.champion_id == version.id else "shadow",
            "Act": ROLLOUTS.get(d.act, d.act),
            "By": who(d.by),
            "Why": escape(d.reason) or formats.NOTHING,
        }
        for d in reversed(life.deployments)
        if version.id in {d.champion_id, *d.shadow_ids}
    ]
    st.markdown("#### In service")
    if rows:
        listing(rows, alt=f"When {version.title} was in service")
    else:
        st.markdown(":gray[It has never been in service.]")


def _file(version: ModelVersion) -> None:
    st.markdown("#### File")
    st.markdown(
        f":gray[SHA-256] `{version.artifact}` :gray[of {formats.size(version.size)}, registered by "
        f"{who(version.registered_by)} on {formats.time(version.created_at)} UTC.]"
    )
