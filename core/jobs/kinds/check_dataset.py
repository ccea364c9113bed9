"""Check a dropped file and let its dataset version wait for a decision."""

from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import RefusedFile, UnreadableFile
from core.job import Job
from core.jobs.checking import DroppedFile, check_file
from core.jobs.kind import JobKind
from core.workspace.workspace import Workspace


def check(workspace: Workspace, job: Job) -> None:
    """Open, check and profile the file; one that cannot be opened is refused in words."""
    version_id, path = job.arguments["version_id"], Path(job.arguments["path"])
    workspace.jobs.progress(job.id, 0.1, "reading")
    with TemporaryDirectory() as folder:
        try:
            checked = check_file(
                DroppedFile(path=path, name=job.arguments["file_name"]), Path(folder) / "table.parquet"
            )
        except (UnreadableFile, RefusedFile) as refusal:
            workspace.data.refused(version_id, str(refusal))
            return
        workspace.jobs.progress(job.id, 0.9, f"{checked.rows:,} rows checked")
        workspace.data.checked(version_id, path, checked)


CHECK_DATASET = JobKind(name="check_dataset", title="Check a dataset", steps=(check,))
