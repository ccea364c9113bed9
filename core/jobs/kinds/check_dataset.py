"""Check a dropped file and let its dataset version wait for a decision."""

from pathlib import Path
from tempfile import TemporaryDirectory

from core.data.check import Beside
from core.data.dataset import DatasetState, DatasetVersion, other_parts
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
                beside=_beside(workspace, version),
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


def _beside(workspace: Workspace, version: DatasetVersion) -> Beside:
    """Return the project's target, and the last version that was accepted before as the reference."""
    task = workspace.projects.get(version.project_id).task
    accepted = [v for v in workspace.data.versions(version.project_id) if v.state is DatasetState.ACCEPTED]
    earlier = [v for v in accepted if v.number < version.number]
    return Beside(
        label=task.target if task else None,
        reference=workspace.data.table(earlier[-1]) if earlier else None,
        other_part=bool(earlier) and other_parts(earlier[-1].split, version.split),
    )


CHECK_DATASET = JobKind(name="check_dataset", title="Check a dataset", steps=(check,))
