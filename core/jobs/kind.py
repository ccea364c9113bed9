"""What every entry of ``kinds/`` is: a name, a title, and steps that a killed worker takes up again.

A step runs at least once: a worker that dies in it runs it again from its beginning. So every act in a step carries
a key (``f"{job.id}:what"``), which makes its second run harmless, and a step leaves what later steps need in the
workspace. It calls ``workspace.jobs.progress(job.id, share, message)`` at least every few seconds; that raises
``Cancelled`` once a person has asked the job to stop, and the step lets it through.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.job import Job
from core.workspace.workspace import Workspace

Step = Callable[[Workspace, Job], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """One kind of background work; its steps run in order, each as one unit of recovery."""

    name: str
    title: str
    steps: tuple[Step, ...]
