"""The flights project: asked for once, built by the worker as every other project is."""

from core.workspace.projects import DEMO_SLUG
from core.workspace.workspace import Workspace

KIND = "build_demo"


def ask_for_demo(workspace: Workspace, *, fresh: bool) -> None:
    """Ask for the flights project where there is none, or once more where a ``fresh`` one is wanted."""
    underway = [job for job in workspace.jobs.running() if job.kind == KIND]
    if fresh:
        for job in underway:
            workspace.jobs.cancel(job.id)
        workspace.projects.put_demo_aside()
    elif underway or any(project.slug == DEMO_SLUG for project in workspace.projects.all()):
        return
    workspace.jobs.request(KIND, "Build the flights project")
