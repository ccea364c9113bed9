"""A dataset version: its verdict in a sentence, what was found, its columns, its rows, and how it would be split."""

import polars as pl
import streamlit as st

from core.data.contract.findings import is_of_contract
from core.data.correlations import Correlations, correlations
from core.data.dataset import DatasetState, DatasetVersion, HowRead
from core.data.finding import Finding
from core.data.overview import overview
from core.errors import FullcircleError
from core.frames.reading import Reading
from core.frames.safe_csv import safe_csv
from core.lifecycle.life import Life
from core.modelling.split_plan import SplitPlan, plan_split, split_of
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.correlations import correlations_box
from dashboard.components.dataset_words import name_of, unreadable
from dashboard.components.empty import problem
from dashboard.components.figures import Figure, figures
from dashboard.components.find_column import find_column
from dashboard.components.finding_panel import AllRows
from dashboard.components.findings import findings
from dashboard.components.glossary import term
from dashboard.components.how_read import how_read
from dashboard.components.labels import labels
from dashboard.components.profile import profile
from dashboard.components.segments import segments
from dashboard.components.versions import versions
from dashboard.formats import escape
from dashboard.vocabulary import KINDS

_WIDE = 40
"""So many columns of the rows are shown at once; the others are found by their name."""
_INPUTS = "Which columns are inputs is said when a project starts from its file: Options leaves others out."
PARTS = {
    "findings": "Findings",
    "profile": "Profile",
    "labels": "Labels",
    "versions": "Versions",
    "rows": "Rows",
}


def dataset_detail(life: Life, version: DatasetVersion, *, key: str) -> None:
    """Show what is known of a version."""
    if version.state is DatasetState.CHECKING:
        return
    if unreadable(version):
        problem(version.note)
        _how_read(version, key=key)
        return
    _figures(life, version)
    _how_read(version, key=key)
    if version.note:
        st.markdown(f":gray[Note:] {escape(version.note)}")
    _part(life, version, key=key)


def _part(life: Life, version: DatasetVersion, *, key: str) -> None:
    part = segments("Part", PARTS, parameter="show", default="findings", key=f"{key}-part")
    if part == "findings":
        findings(version.findings, key=key, all_rows=_all_rows(version) if version.artifact else None)
    elif part == "profile":
        profile(version.profile or {}, key=key, found=version.findings, size=_size(version))
        if version.artifact:
            correlations_box(lambda: _correlations(life.project, version), key=key)
    elif part == "labels":
        labels(life, version, key=f"{key}-labels")
    elif part == "versions":
        versions(life, version, key=key)
    else:
        _rows(life.project, version, key=key)


def _how_read(version: DatasetVersion, *, key: str) -> None:
    def again(reading: Reading) -> None:
        new, _ = session.workspace().data.read_again(version.id, reading)
        session.go("dataset", id=new.id)

    if version.read is not None or version.can_be_read_again:
        how_read(version.read or HowRead(), key=key, again=again if version.can_be_read_again else None)


def _all_rows(version: DatasetVersion) -> AllRows:
    def csv(finding: Finding) -> bytes:
        door = session.workspace().contracts if is_of_contract(finding) else session.workspace().data
        return safe_csv(door.rows_of(version, finding))

    return csv


def _correlations(project: Project, version: DatasetVersion) -> Correlations:
    data = session.workspace().data
    return session.load("correlations", project, lambda: correlations(data.table(version)), version.id)


def _size(version: DatasetVersion) -> int | None:
    return session.workspace().data.size(version) if version.artifact else None


def _figures(life: Life, version: DatasetVersion) -> None:
    zone = life.project.zone
    span = formats.days(version.starts, version.ends, zone) if version.starts else "no column of times"
    shown = [
        Figure(label="Rows", value=formats.count(version.rows), note=span, help=term("Dataset version")),
        Figure(label="Columns", value=formats.count(len(version.columns)), note=_inputs(life), help=_INPUTS),
    ]
    planned = _plan(life, version)
    shown += _split_figures(life, planned) if isinstance(planned, SplitPlan) else _whole_figures(version)
    figures(shown)
    if isinstance(planned, str):
        st.markdown(f":orange[:material/help: {escape(planned)}]")


def _inputs(life: Life) -> str:
    task = life.project.task
    if task is None:
        return "nothing is predicted yet"
    return f"{escape(task.target)} from {formats.plural(len(task.inputs), 'input')}"


def _whole_figures(version: DatasetVersion) -> list[Figure]:
    told = overview(version.profile or {}, version.findings)
    cells = f"of {formats.count(told.rows * told.columns)} cells"
    shown = [Figure(label="Empty cells", value=formats.share(told.missing_share), note=cells)]
    if told.repeats is not None:
        shown.append(Figure(label="Repeated rows", value=formats.count(told.repeats), note="same in every column"))
    return shown


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


def _rows(project: Project, version: DatasetVersion, *, key: str) -> None:
    wanted = find_column(len(version.columns), key=f"{key}-rows")
    names = [name for name in version.columns if wanted in name.casefold()][:_WIDE]
    frame = session.load(
        "first-rows", project, lambda: session.workspace().data.first_rows(version, names), version.id, *names
    )
    st.dataframe(
        frame,
        key=f"{key}-rows",
        hide_index=True,
        height=440,
        column_config={n: st.column_config.DateColumn(n) for n, kind in frame.schema.items() if kind == pl.Date},
        alt=f"The first {frame.height} rows of {name_of(version)}",
    )
    part = f", {len(names)} of {formats.plural(len(version.columns), 'column')}"
    st.caption(
        f"The first {formats.plural(frame.height, 'row')} of {formats.count(version.rows)}"
        f"{part if len(names) < len(version.columns) else ''}."
    )
