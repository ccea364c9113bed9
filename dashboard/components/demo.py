"""The flights project: built for whoever wants to look round, and built again when they want it as it was."""

from dashboard import session
from dashboard.components.undo import confirm

_KIND = "build_demo"


def build_demo() -> None:
    """Ask for the flights project, unless it is being built already."""
    jobs = session.workspace().jobs
    if not any(job.kind == _KIND for job in jobs.running()):
        jobs.request(_KIND, "Build the flights project")


def build_afresh() -> None:
    """Put the flights project aside, its ledger kept, and ask for a new one."""
    workspace = session.workspace()
    for job in workspace.jobs.running():
        if job.kind == _KIND:
            workspace.jobs.cancel(job.id)
    workspace.projects.put_demo_aside()
    workspace.jobs.request(_KIND, "Build the flights project")


def ask_afresh() -> None:
    """Ask whether the flights project shall begin again."""
    confirm(
        "Start the flights project afresh?",
        "The one that is here is archived with its ledger, and a new one is built in about half a minute. "
        "Your own projects stay as they are.",
        "Start afresh",
        build_afresh,
    )
