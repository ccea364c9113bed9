"""A dataset version: its verdict in a sentence, what was found, its columns, its rows, and how it would be split."""

import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.data.finding import Severity
from core.errors import FullcircleError
from core.lifecycle.life import Life
from core.modelling.split_plan import SplitPlan, plan_split, split_of
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.dataset import can_draw, column_figure, column_rows
from dashboard.components.chart import chart
from dashboard.components.empty import problem
from dashboard.components.figures import Figure, figures
from dashboard.components.findings import columns_table, findings
from dashboard.components.glossary import term
from dashboard.components.segments import segments
from dashboard.components.signed import signature
from dashboard.formats import escape
from dashboard.vocabulary import KINDS

PARTS = {"findings": "Findings", "columns": "Columns", "rows": "Rows"}
OPENED = "open"  # the name of the finding that a file leaves which could not be opened


def name_of(version: DatasetVersion) -> str:
    """Return what a version goes by: ``flights v1``."""
    return f"{version.name} v{version.number}"


def dataset_sentence(version: DatasetVersion, project: Project) -> str:
    """Return a version in one sentence: its size, what was found, and who decided what on it."""
    name = escape(name_of(version))
    if version.state is DatasetState.CHECKING:
        return f"{name}: **{escape(version.file_name)} is being checked**. Its findings appear here."
    if unreadable(version):
        return f"{name}: **{escape(version.file_name)} could not be opened**. Drop another file."
    errors, warnings = len(version.found(Severity.ERROR)), len(version.found(Severity.WARNING))
    found = f"**{formats.plural(errors, 'error')}, {formats.plural(warnings, 'warning')}**"
    size = f"{formats.plural(version.rows, 'row')}, {formats.plural(len(version.columns), 'column')}"
    if version.state is DatasetState.WAITING:
        return f"{name}: {size}. {found}. Accept it to train on it, or reject it."
    did = "accepted" if version.state is DatasetState.ACCEPTED else "rejected"
    return f"{name}: {size}. {found}; {signature(did, version.decided_by, version.decided_on, project.zone)}."


def unreadable(version: DatasetVersion) -> bool:
    """Tell whether a version's file could not be opened as a table."""
    return any(finding.check == OPENED for finding in version.findings)


def dataset_detail(life: Life, version: DatasetVersion, *, key: str) -> None:
    """Show what is known of a version."""
    if version.state is DatasetState.CHECKING:
        return
    if unreadable(version):
        problem(version.note)
        return
    _figures(life, version)
    if version.note:
        st.markdown(f":gray[Note:] {escape(version.note)}")
    part = segments("Part", PARTS, parameter="show", default="findings", key=f"{key}-part")
    if part == "findings":
        findings(version.findings, key=key)
    elif part == "columns":
        _columns(version, key=key)
    else:
        _rows(life.project, version, key=key)


def _figures(life: Life, version: DatasetVersion) -> None:
    zone = life.project.zone
    span = formats.span(version.starts, version.ends, zone) if version.starts else "no column of times"
    shown = [
        Figure(label="Rows", value=formats.count(version.rows), note=span, help=term("Dataset version")),
        Figure(label="Columns", value=formats.count(len(version.columns)), note=_inputs(life)),
    ]
    planned = _plan(life, version)
    if isinstance(planned, SplitPlan):
        shown += _split_figures(life, planned)
    figures(shown)
    if isinstance(planned, str):
        st.markdown(f":orange[:material/help: {escape(planned)}]")


def _inputs(life: Life) -> str:
    task = life.project.task
    if task is None:
        return "nothing is predicted yet"
    return f"{escape(task.target)} from {formats.plural(len(task.inputs), 'input')}"


def _split_figures(life: Life, plan: SplitPlan) -> list[Figure]:
    task = life.project.task
    left_out = f"{formats.count(plan.unlabelled)} without a label" if plan.unlabelled else "every row has a label"
    when = f"from {formats.day(plan.holdout_from, life.project.zone)} on" if plan.holdout_from else "drawn at random"
    why = (
        "Split by time: trained on what came first, judged on what came later, because production comes later still."
        if plan.holdout_from
        else "The data have no time, so rows are drawn, class by class, always the same ones."
    )
    kind = f" It predicts {KINDS[task.kind]}." if task else ""
    return [
        Figure(label="To train on", value=formats.count(plan.train_rows), note=left_out, help=why + kind),
        Figure(label="Held out", value=formats.count(plan.holdout_rows), note=when, help=term("Hold-out")),
    ]


def _plan(life: Life, version: DatasetVersion) -> SplitPlan | str | None:
    """Return how the version is split, by its newest run or as training would do it; why not, in a sentence."""
    project, task = life.project, life.project.task
    runs = [run for run in life.finished_runs if run.dataset_id == version.id]
    if runs:
        return split_of(runs[-1], rows=version.rows)
    if task is None or version.artifact is None:
        return None

    def read() -> SplitPlan | str:
        try:
            return plan_split(session.workspace().data.frame(version), task, zone=project.zone)
        except FullcircleError as error:
            return str(error)

    return session.load("split-plan", project, read, version.id)


def _columns(version: DatasetVersion, *, key: str) -> None:
    profile = version.profile or {}
    if not profile:
        st.markdown(":gray[This version has no profile.]")
        return
    drawable = [name for name, figures in profile.items() if can_draw(figures)]
    chosen = columns_table(profile, key=key, selectable=True) or next(iter(drawable), "")
    if chosen not in drawable:
        st.markdown(f":gray[{escape(chosen)} is different in every row: there is nothing to count.]" if chosen else "")
        return
    figures_of = profile[chosen]
    st.markdown(f"**{escape(chosen)}** :gray[choose a row above for another column]")
    chart(
        column_figure(figures_of, session.theme()),
        key=f"{key}-column",
        alt=f"How the values of {chosen} are spread",
        rows=column_rows(figures_of),
        method="Numbers and times are counted in equal bins; values further out than three quartile distances are "
        "left out of the bins, not of the table. Texts show their commonest values.",
        height=240,
    )


def _rows(project: Project, version: DatasetVersion, *, key: str) -> None:
    frame = session.load("first-rows", project, lambda: session.workspace().data.first_rows(version), version.id)
    st.dataframe(
        frame,
        key=f"{key}-rows",
        hide_index=True,
        height=440,
        alt=f"The first {frame.height} rows of {name_of(version)}",
    )
    st.caption(f"The first {formats.plural(frame.height, 'row')} of {formats.count(version.rows)}.")
