"""Check files: what is wrong with this file, or what moved between these two? No project is needed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from core.data.all_rows import rows_in_file, rows_in_second
from core.data.dataset import OPEN_TO_READING, HowRead
from core.data.finding import Finding
from core.data.in_full import findings_of, how_read_of, moved, shared_of
from core.frames.reading import AS_GUESSED, Reading
from core.frames.safe_csv import safe_csv
from core.job import Job, JobState
from core.scoping.project import Task
from dashboard import formats, session
from dashboard.components.empty import problem
from dashboard.components.finding_panel import AllRows
from dashboard.components.findings import counted, findings
from dashboard.components.first_task import first_task
from dashboard.components.header import Primary, page_header
from dashboard.components.how_read import how_read
from dashboard.components.in_both import in_both, in_both_sentence
from dashboard.components.moved import moved_sentence, what_moved
from dashboard.components.on_the_server import on_the_server
from dashboard.components.profile import profile
from dashboard.components.uploader import uploader
from dashboard.components.working import progress
from dashboard.formats import escape
from sample_data import PRACTICE_BROKEN, PRACTICE_CLEAN

_KIND, _ADOPT = "check_files", "adopt_file"
_JOB, _START = "job", "start"
_SENT = "check-sent"


@dataclass(frozen=True, slots=True)
class _File:
    """A file that was dropped, and what the person says of its form."""

    path: str
    name: str
    reading: Reading = AS_GUESSED


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
    clean, broken = (_File(str(path), path.name) for path in (PRACTICE_CLEAN, PRACTICE_BROKEN))
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="check-practice"):
        st.markdown(":gray[No file at hand?]", width="content")
        if st.button("Check a practice file", icon=":material/draft:", key="check-practice-one"):
            _ask([broken])
        if st.button("Compare two", icon=":material/difference:", key="check-practice-two"):
            _ask([clean, broken])


def _drop(before: Sequence[_File], *, key: str, files: int, label: str = "", hint: str = "") -> None:
    """Offer to drop files; once they are here, ask for the check of them behind those that were here ``before``."""
    sent = int(st.session_state.get(_SENT, 0))
    arrived = uploader(f"check-{key}-{sent}", files=files, label=label, hint=hint)
    arrived = arrived or on_the_server(f"check-{key}-{sent}")
    if arrived:
        # a new zone each time: the ids of a used one are taken
        st.session_state[_SENT] = sent + 1
        _ask([*before, *(_File(str(upload.path), upload.name) for upload in arrived)])


def _ask(files: Sequence[_File]) -> None:
    names = [file.name for file in files]
    title = f"Check {names[0]}" if len(names) == 1 else f"Compare {names[0]} with {names[1]}"
    arguments = {
        "paths": [file.path for file in files],
        "names": names,
        "readings": [asdict(file.reading) for file in files],
    }
    job = session.workspace().jobs.request(_KIND, title, arguments=arguments)
    st.query_params.clear()
    st.query_params[_JOB] = job.id
    st.rerun()


def _files(job: Job) -> list[_File]:
    said = [Reading(**fields) for fields in job.arguments.get("readings", ())]
    readings = [*said, *(AS_GUESSED for _ in job.arguments["names"])]
    return [_File(*file) for file in zip(job.arguments["paths"], job.arguments["names"], readings, strict=False)]


def _read_again(job: Job, read: HowRead) -> None:
    """Show how the one file was read, and offer another way."""
    file = _files(job)[0]

    def again(reading: Reading) -> None:
        _ask([replace(file, reading=reading)])

    open_to_it = not read.dialect or read.dialect.get("format") in OPEN_TO_READING
    how_read(read, key="check", again=again if open_to_it else None)


def _names(job: Job) -> str:
    return formats.sentence(f"**{escape(name)}**" for name in job.arguments["names"])


def _others() -> None:
    if st.button("Check other files", icon=":material/restart_alt:", type="tertiary", key="check-others"):
        st.query_params.clear()
        st.rerun()


def _refused(job: Job) -> None:
    page_header("Check files", f"{_names(job)}: **no result**.")
    problem(job.error or "The check was stopped. Drop the file again.")
    if job.error and len(_files(job)) == 1:
        _read_again(job, HowRead(reading=_files(job)[0].reading))
    _drop([], key="drop", files=2, label="Drop another file, or choose one")
    _others()


def _one(job: Job, result: Mapping[str, Any]) -> None:
    report, found = result["file"], findings_of(result["file"])
    size = f"{formats.plural(report['rows'], 'row')}, {formats.plural(report['columns'], 'column')}"
    primary = Primary(label="Start a project from this file", icon="add", key="check-start")
    if page_header("Check files", f"{_names(job)}: {size}: {counted(found)}.", primary=primary):
        _ask_three(job, result)
    if read := how_read_of(result):
        _read_again(job, read)
    findings(found, key="check", all_rows=_all_rows(job))
    _profile(result, found)
    with st.container(horizontal=True, gap="small"):
        _download(report, f"{Path(job.arguments['names'][0]).stem}-findings.json")
        _others()
    own = _files(job)[0]
    _drop(
        [own],
        key="beside",
        files=1,
        label="Drop a second file beside it",
        hint=f"What moved from {own.name} to the new one?",
    )


def _all_rows(job: Job) -> AllRows | None:
    """Return what gives all rows of a finding; ``None`` where the file is no longer here."""
    file = _files(job)[0]
    path = Path(file.path)
    if not path.is_file():
        return None
    return lambda finding: safe_csv(
        rows_in_file(path, finding, now=job.created_at, name=file.name, reading=file.reading)
    )


def _rows_in_both(job: Job) -> AllRows | None:
    """Return what gives all rows of the second file that the first has too; ``None`` where one is no longer here."""
    first, second = _files(job)
    paths = Path(first.path), Path(second.path)
    if not all(path.is_file() for path in paths):
        return None
    said: Any = {"names": (first.name, second.name), "readings": (first.reading, second.reading)}
    return lambda finding: safe_csv(rows_in_second(*paths, finding, now=job.created_at, **said))


def _profile(result: Mapping[str, Any], found: Sequence[Finding]) -> None:
    box = st.expander("Profile of its columns", icon=":material/view_column:", key="check-profile", on_change="rerun")
    if box.open:
        with box:
            profile(result["profile"], key="check", found=found)


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
    shared = shared_of(result)
    page_header("Check files", f"{in_both_sentence(shared)} {moved_sentence(moved(result))}".lstrip())
    _sides(job, result)
    in_both(shared, key="check", all_rows=_rows_in_both(job))
    what_moved(result, key="check")
    with st.container(horizontal=True, gap="small"):
        _download(result["comparison"], "what-moved.json")
        _others()


def _sides(job: Job, result: Mapping[str, Any]) -> None:
    files = _files(job)
    reference, current = (escape(file.name) for file in files)
    rows = [formats.plural(number, "row") for number in result["rows"]]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(
            f":gray[Reference] **{reference}** :gray[({rows[0]})]  ·  :gray[Current] **{current}** :gray[({rows[1]})]",
            width="content",
        )
        if st.button("Swap", icon=":material/swap_horiz:", type="tertiary", key="check-swap"):
            _ask(files[::-1])


@st.dialog("Start a project from this file", width="medium", icon=":material/add:")
def _ask_three(job: Job, result: Mapping[str, Any]) -> None:
    file = _files(job)[0]
    answered = first_task(result["profile"], key=f"check-{job.id}")
    called = st.text_input("Name of the project", value=_called(file.name), max_chars=80, key=f"check-{job.id}-name")
    st.markdown(f":gray[{_third(answered.task)} is held back and offered as later data. Criteria are proposed.]")
    ready = answered.task is not None and bool(called.strip())
    if st.button("Start the project", type="primary", key="check-start-act", disabled=not ready):
        workspace = session.workspace()
        project = workspace.projects.begin(called, task=answered.task, time_zone=answered.time_zone)
        arguments = {"path": file.path, "file_name": file.name, "reading": asdict(file.reading)}
        adopting = workspace.jobs.request(_ADOPT, f"Start {project.name}", project_id=project.id, arguments=arguments)
        st.query_params[_START] = adopting.id
        st.rerun()


def _third(task: Task | None) -> str:
    if task and task.time:
        return "The newest third of the rows"
    return f"A third of the rows, drawn at random{f' by whole {escape(task.group)}' if task and task.group else ''},"


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
