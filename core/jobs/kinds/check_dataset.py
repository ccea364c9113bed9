"""Check a dropped file and let its dataset version wait for a decision."""

from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import RefusedFile, UnreadableFile
from core.frames.reading import AS_GUESSED
from core.job import Job
from core.jobs.checking import DroppedFile, check_file
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def check(workspace: Workspace, job: Job) -> None:
    """Open, check and profile the file; one that cannot be opened is refused in words."""
    version = workspace.data.get(job.arguments["version_id"])
    # a dropped file lies where it arrived; one that is read another way was kept with the version before
    path = Path(job.arguments["path"]) if "path" in job.arguments else workspace.data.source(version)
    reading = version.read.reading if version.read else AS_GUESSED
    workspace.jobs.progress(job.id, 0.1, "reading")
    with TemporaryDirectory() as folder:
        file = DroppedFile(path=path, name=version.file_name, reading=reading)
        try:
            checked = check_file(
                file,
                Path(folder) / "table.parquet",
                beside=workspace.data.beside(version),
                contract=workspace.contracts.in_force(version.project_id),
            )
        except UnreadableFile as refusal:
            workspace.data.refused(version.id, str(refusal), source=path)
            return
        except RefusedFile as refusal:
            workspace.data.refused(version.id, str(refusal))
            return
        workspace.jobs.progress(job.id, 0.9, f"{checked.rows:,} rows checked")
        workspace.data.checked(version.id, path, checked)


CHECK_DATASET = JobKind(name="check_dataset", title="Check a dataset", steps=(check,))
