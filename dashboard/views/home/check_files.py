"""Check files: what is wrong with this file, or what moved between these two? No project is needed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from core.data.in_full import Moved, findings_of, moved
from core.drift.column_drift import DriftVerdict
from core.job import Job, JobState
from core.service.intake import uploaded
from dashboard import formats, session
from dashboard.charts.check import effects, height
from dashboard.components.chart import chart
from dashboard.components.empty import problem
from dashboard.components.findings import counted, findings, profile
from dashboard.components.first_task import first_task
from dashboard.components.header import Primary, page_header
from dashboard.components.table import state_cell, state_column, table
from dashboard.components.uploader import Uploaded, uploader
from dashboard.components.working import progress
from dashboard.formats import escape
from dashboard.vocabulary import state_of
from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN

_KIND, _ADOPT = "check_files", "adopt_file"
_JOB, _START = "job", "start"
_SENT = "check-sent"


def render() -> None:
    """Show the view."""
    if st.query_params.get(_START):
        _starting(session.workspace().jobs.get(st.query_params[_START]))
        return
    job = session.workspace().jobs.get(st.query_params[_JOB]) if st.query_params.get(_JOB) else None
    if job is None or job.kind != _KIND:
        _begin()
    elif job.state is JobState.FINISHED and job.result:
        (_one if "file" in job.result else _two)(job, job.result)
    elif job.over:
        _refused(job)
    else:
        page_header("Check files", f"Reading {_names(job)}.")
        progress(job.id)


def _begin() -> None:
    page_header(
        "Check files",
        "Drop one file to read **what is wrong with it**, or two to read **what moved between them**.",
    )
    _drop([], key="drop", files=2)
    st.markdown(":gray[Nothing leaves this machine. Of two files, the second is compared with the first.]")
    _practice()


def _practice() -> None:
    clean, broken = ((str(path), path.name) for path in (PRACTICE_CLEAN, PRACTICE_BROKEN))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="check-practice"):
        st.markdown(":gray[No file at hand?]", width="content")
        if st.button("Check a practice file", icon=":material/draft:", key="check-practice-one"):
            _ask([broken])
        if st.button("Compare two", icon=":material/difference:", key="check-practice-two"):
            _ask([clean, broken])


def _drop(before: Sequence[tuple[str, str]], *, key: str, files: int, label: str = "", hint: str = "") -> None:
    """Offer to drop files; once they are here, ask for the check of them behind those that were here ``before``."""
    sent = int(st.session_state.get(_SENT, 0))
    arrived = uploader(f"check-{key}-{sent}", files=files, label=label, hint=hint)
    if arrived:
        # a new zone each time: the ids of a used one are taken
        st.session_state[_SENT] = sent + 1
        _ask([*before, *(_place(file) for file in arrived)])


def _place(file: Uploaded) -> tuple[str, str]:
    upload = uploaded(session.workspace().settings, file.id)
    return str(upload.path), upload.name


def _ask(files: Sequence[tuple[str, str]]) -> None:
    paths, names = [path for path, _ in files], [name for _, name in files]
    title = f"Check {names[0]}" if len(names) == 1 else f"Compare {names[0]} with {names[1]}"
    job = session.workspace().jobs.request(_KIND, title, arguments={"paths": paths, "names": names})
    st.query_params.clear()
    st.query_params[_JOB] = job.id
    st.rerun()


def _names(job: Job) -> str:
    return formats.sentence(f"**{escape(name)}**" for name in job.arguments["names"])


def _others() -> None:
    if st.button("Check other files", icon=":material/restart_alt:", type="tertiary", key="check-others"):
        st.query_params.clear()
        st.rerun()


def _refused(job: Job) -> None:
    page_header("Check files", f"{_names(job)}: **no result**.")
    problem(job.error or "The check was stopped. Drop the file again.")
    _drop([], key="drop", files=2, label="Drop another file, or choose one")
    _others()


def _one(job: Job, result: Mapping[str, Any]) -> None:
    report, found = result["file"], findings_of(result["file"])
    size = f"{formats.plural(report['rows'], 'row')}, {formats.plural(report['columns'], 'column')}"
    primary = Primary(label="Start a project from this file", icon="add", key="check-start")
    if page_header("Check files", f"{_names(job)}: {size}: {counted(found)}.", primary=primary):
        _ask_three(job, result)
    findings(found, key="check")
    profile(result["profile"], key="check")
    with st.container(horizontal=True, gap="small"):
        _download(report, f"{Path(job.arguments['names'][0]).stem}-findings.json")
        _others()
    own = (job.arguments["paths"][0], job.arguments["names"][0])
    _drop(
        [own],
        key="beside",
        files=1,
        label="Drop a second file beside it",
        hint=f"What moved from {own[1]} to the new one?",
    )


def _download(report: Mapping[str, Any], name: str) -> None:
    st.download_button(
        "Download JSON",
        data=lambda: json.dumps(report, indent=2, ensure_ascii=False).encode(),
        file_name=name,
        mime="application/json",
        icon=":material/download:",
        type="tertiary",
        key="check-json",
        on_click="ignore",
    )


def _two(job: Job, result: Mapping[str, Any]) -> None:
    columns = moved(result)
    page_header("Check files", _moved_sentence(columns))
    _sides(job, result)
    drawn = [column for column in columns if column.effect is not None]
    if drawn:
        chart(
            effects(columns, session.theme()),
            key="check-effects",
            alt=f"Effect of each column with its interval: {_worst(drawn)}",
            method=_method(result),
            height=height(columns),
        )
    table(
        _columns_table(columns),
        key="check-columns",
        alt="Columns, those first that moved most",
        columns=_COLUMNS,
    )
    with st.container(horizontal=True, gap="small"):
        _download(result["comparison"], "what-moved.json")
        _others()


def _moved_sentence(columns: Sequence[Moved]) -> str:
    count = {verdict: sum(c.verdict is verdict for c in columns) for verdict in DriftVerdict}
    drifted = count[DriftVerdict.DRIFTED]
    rest = [
        f"{number} {state_of(verdict).word}"
        for verdict in (DriftVerdict.STABLE, DriftVerdict.NOT_ENOUGH_DATA, DriftVerdict.NOT_APPLICABLE)
        if (number := count[verdict])
    ]
    head = f"**{drifted} of {formats.plural(len(columns), 'column')} drifted**"
    worst = columns[0] if drifted else None
    most = f" Most: **{escape(worst.column)}** {formats.metric(worst.effect)}" if worst else ""
    interval = escape(formats.interval(worst.interval)) if worst else ""
    return f"{', '.join([head, *rest])}.{most} {interval}".rstrip() + ("." if worst else "")


def _sides(job: Job, result: Mapping[str, Any]) -> None:
    files = list(zip(job.arguments["paths"], job.arguments["names"], strict=True))
    reference, current = (escape(name) for _, name in files)
    rows = [formats.plural(number, "row") for number in result["rows"]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":gray[Reference] **{reference}** :gray[({rows[0]})]  ·  :gray[Current] **{current}** :gray[({rows[1]})]",
            width="content",
        )
        if st.button("Swap", icon=":material/swap_horiz:", type="tertiary", key="check-swap"):
            _ask(files[::-1])


def _worst(drawn: Sequence[Moved]) -> str:
    parts = [f"{c.column} {formats.metric(c.effect)}, {state_of(c.verdict).word}" for c in drawn[:5]]
    return "; ".join(parts) + "."


def _columns_table(columns: Sequence[Moved]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Column": [c.column for c in columns],
            "Verdict": [state_cell(c.verdict) for c in columns],
            "Effect": [_effect(c) for c in columns],
            "Margin": [formats.metric(c.margin) for c in columns],
            "What moved": [c.note or formats.NOTHING for c in columns],
            "Kind": [c.kind for c in columns],
            "Reference rows": [c.n_reference for c in columns],
            "Current rows": [c.n_current for c in columns],
        }
    )


def _effect(column: Moved) -> str:
    return f"{formats.metric(column.effect)} {formats.interval(column.interval)}".rstrip()


_COLUMNS: Mapping[str, Any] = {
    "Verdict": state_column("Verdict", DriftVerdict),
    "What moved": st.column_config.TextColumn("What moved", width=340),
    "Reference rows": st.column_config.NumberColumn("Reference rows", format="localized", width=110),
    "Current rows": st.column_config.NumberColumn("Current rows", format="localized", width=110),
}


def _method(result: Mapping[str, Any]) -> str:
    days = result["days_of"]
    unit = (
        f"Days of `{escape(days)}` were resampled, not rows, because rows of one day resemble one another."
        if days
        else "Rows were resampled: the files have no common column of times with at least five days."
    )
    names = sorted({c["method"] for c in result["comparison"]["columns"] if c["method"]})
    return (
        "The **effect** is how far the two distributions lie apart, from 0 (the same) to 1 (nothing in common). "
        "For numbers it is the largest gap between the two cumulative shares, for categories half the sum of the "
        f"differences of shares, for missing values the difference of their shares. Used here: {', '.join(names)}.\n\n"
        f"The bar is a 95 % interval. {unit}\n\n"
        "A column has **drifted** where the effect is at least its margin (the tick) and chance does not explain it "
        "(false alarms over all columns held at 5 %). It is **stable** where the whole interval lies below the margin; "
        f"else there is **not enough data**. {formats.count(result['rows'][0])} reference rows, "
        f"{formats.count(result['rows'][1])} current rows."
    )


_DRAWN = "A third of the rows, drawn at random,"


@st.dialog("Start a project from this file", width="medium", icon=":material/add:")
def _ask_three(job: Job, result: Mapping[str, Any]) -> None:
    path, name = job.arguments["paths"][0], job.arguments["names"][0]
    answered = first_task(result["profile"], key=f"check-{job.id}")
    called = st.text_input("Name of the project", value=_called(name), max_chars=80, key=f"check-{job.id}-name")
    third = "The newest third of the rows" if answered.task and answered.task.time else _DRAWN
    st.markdown(f":gray[{third} is held back and offered as later data. Criteria are proposed.]")
    ready = answered.task is not None and bool(called.strip())
    if st.button("Start the project", type="primary", key="check-start-act", disabled=not ready):
        workspace = session.workspace()
        project = workspace.projects.begin(called, task=answered.task, time_zone=answered.time_zone)
        arguments = {"path": path, "file_name": name}
        adopting = workspace.jobs.request(_ADOPT, f"Start {project.name}", project_id=project.id, arguments=arguments)
        st.query_params[_START] = adopting.id
        st.rerun()


def _called(name: str) -> str:
    words = Path(name).stem.replace("_", " ").replace("-", " ").strip()
    return (words[:1].upper() + words[1:])[:80] or "Project"


def _starting(job: Job) -> None:
    project = session.workspace().projects.get(job.project_id or "")
    if job.state is JobState.FINISHED:
        session.go("overview", project=project.slug)
    if not job.over:
        page_header("Check files", f"Starting **{escape(project.name)}** from {escape(job.arguments['file_name'])}.")
        progress(job.id)
        return
    page_header("Check files", f"**{escape(project.name)}** could not be started from this file.")
    problem(job.error or "It was stopped. Start it again.")
    if st.button("Back to the file", icon=":material/arrow_back:", key="check-back"):
        del st.query_params[_START]
        st.rerun()
