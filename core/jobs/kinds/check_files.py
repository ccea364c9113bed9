"""Check files without a project: one file's findings, or what moved between two."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.data.in_full import file_in_full, files_in_full
from core.frames.reading import AS_GUESSED, Reading
from core.job import Job
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def check(workspace: Workspace, job: Job) -> None:
    """Check one file, or compare two: what ``fullcircle validate`` and ``fullcircle drift`` print, and more."""
    paths = [Path(path) for path in job.arguments["paths"]]
    said = [Reading(**fields) for fields in job.arguments.get("readings", ())]
    readings = [*said, AS_GUESSED, AS_GUESSED][: len(paths)]
    workspace.jobs.progress(job.id, 0.1, "reading")
    with TemporaryDirectory() as folder:
        places = [Path(folder) / str(number) for number in range(len(paths))]
        files = [_named(*file) for file in zip(paths, job.arguments["names"], places, strict=True)]
        now = datetime.now(UTC)
        if len(files) == 1:
            result = file_in_full(files[0], now=now, reading=readings[0])
        else:
            result = files_in_full(files[0], files[1], now=now, readings=(readings[0], readings[1]))
    workspace.jobs.keep_result(job.id, result)


def _named(path: Path, name: str, place: Path) -> Path:
    """Give an upload the name that people know it by: what its checks say of it names it."""
    place.mkdir()
    named = place / Path(name).name
    named.symlink_to(path.resolve())
    return named


CHECK_FILES = JobKind(name="check_files", title="Check files", steps=(check,))
