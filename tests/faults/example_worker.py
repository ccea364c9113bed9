"""A worker with example kinds whose steps are slow enough to be killed in: ``python example_worker.py HOME``."""

import sys
import time
from pathlib import Path

from core.errors import InvalidInput
from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.worker import run
from core.settings import Settings
from core.workspace.workspace import Workspace

PARTS = 6


def effect(workspace: Workspace, key: str) -> bool:
    """Tell whether it was new: done once, whatever happens, what is told apart by its key; write down every attempt."""
    home = workspace.settings.home
    with (home / "attempts.txt").open("a") as attempts:
        attempts.write(f"{key}\n")
    folder = home / "effects"
    folder.mkdir(exist_ok=True)
    try:
        (folder / key).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def step(number: int):
    def work(workspace: Workspace, job: Job) -> None:
        for part in range(PARTS):
            new = effect(workspace, f"{job.id}-{number}-{part}")
            workspace.jobs.progress(job.id, (number - 1 + part / PARTS) / 3, f"part {part + 1} of {PARTS}")
            time.sleep(job.arguments.get("seconds", 0.05) if new else 0)

    work.__name__ = f"step_{number}"
    return work


def refuse(workspace: Workspace, job: Job) -> None:
    raise InvalidInput("The file has no rows. Choose another one.")


def crash(workspace: Workspace, job: Job) -> None:
    raise RuntimeError("secret detail")


KINDS = {
    "example": JobKind(name="example", title="Example", steps=(step(1), step(2), step(3))),
    "short": JobKind(name="short", title="Short", steps=(step(1),)),
    "refused": JobKind(name="refused", title="Refused", steps=(refuse,)),
    "crashing": JobKind(name="crashing", title="Crashing", steps=(crash,)),
}

if __name__ == "__main__":
    run(Settings(home=Path(sys.argv[1])), KINDS)
