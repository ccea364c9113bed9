"""Projects: begun, found, moved along their clock, archived."""

import re
from dataclasses import replace
from datetime import datetime

from core.errors import Conflict, InvalidInput
from core.ids import new_id
from core.people.actor import Permission
from core.scoping.alarm_budget import checked_budget
from core.scoping.project import Project, Task
from core.workspace.act import Desk, wall_time
from core.workspace.endpoint import publish, withdraw

DEMO_SLUG = "flights"


class Projects:
    """The projects of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def all(self, *, archived: bool = False) -> list[Project]:
        """Return the projects, newest first."""
        with self._desk.storage.read() as records:
            found = records.find(Project, order="-created_at")
        return [project for project in found if (project.archived_at is not None) == archived]

    def get(self, slug_or_id: str) -> Project:
        """Return a project by its slug or its id.

        Raises
        ------
        NotFound
            There is no such project.
        """
        with self._desk.storage.read() as records:
            return records.first(Project, slug=slug_or_id) or records.get(Project, slug_or_id)

    def revision(self, project_id: str) -> int:
        """Return a project's revision: what a cached reading of it is keyed by."""
        return self.get(project_id).revision

    def begin(
        self,
        name: str,
        *,
        task: Task | None = None,
        time_zone: str = "UTC",
        clock: datetime | None = None,
        slug: str | None = None,
    ) -> Project:
        """Begin a project.

        Raises
        ------
        InvalidInput
            The name is empty.
        """
        self._desk.actor.require(Permission.WRITE)
        if not name.strip():
            raise InvalidInput("A project needs a name. Type one, for example what it predicts.")
        with self._desk.storage.write() as records:
            project = Project(
                id=new_id(),
                slug=_free_slug(slug or name, {p.slug for p in records.find(Project)}),
                name=name.strip(),
                task=task,
                time_zone=time_zone,
                clock=clock,
                created_at=wall_time(),
            )
            records.add(project)
        with self._desk.act(project.id) as act:
            act.enter("project.begun", project, name=project.name)
        return self.get(project.id)

    def define(self, project_id: str, task: Task, *, time_zone: str | None = None) -> Project:
        """Say what the project predicts, and from what; ``time_zone`` is that of its times where it was not known."""
        with self._desk.act(project_id) as act:
            changed = replace(act.project, task=task, time_zone=time_zone or act.project.time_zone)
            act.records.replace(changed)
            act.enter("project.defined", changed, target=task.target, task=task.kind, inputs=list(task.inputs))
        return self.get(project_id)

    def set_clock(self, project_id: str, clock: datetime | None) -> Project:
        """Move the project's clock; ``None`` makes it live.

        Raises
        ------
        Conflict
            The clock would go back.
        """
        with self._desk.act(project_id) as act:
            if clock and act.project.clock and clock < act.project.clock:
                raise Conflict("A project's clock never goes back: its windows and decisions would come undone.")
            act.records.replace(replace(act.project, clock=clock))
        return self.get(project_id)

    def allow_alarms(self, project_id: str, budget: str) -> Project:
        """Say how many alarms of drift may be false, in the words of ``BUDGETS``.

        Raises
        ------
        InvalidInput
            There is no such budget.
        """
        words = checked_budget(budget)
        with self._desk.act(project_id, Permission.APPROVE) as act:
            before = act.project.alarm_budget
            if words != before:
                changed = replace(act.project, alarm_budget=words)
                act.records.replace(changed)
                act.enter("project.alarm_budget", changed, budget=words, before=before)
        return self.get(project_id)

    def archive(self, project_id: str) -> Project:
        """Put a project away: its endpoint no longer answers; nothing is deleted."""
        with self._desk.act(project_id) as act:
            changed = replace(act.project, archived_at=act.at)
            act.records.replace(changed)
            act.enter("project.archived", changed)
        publish(self._desk, project_id)
        return self.get(project_id)

    def restore(self, project_id: str) -> Project:
        """Bring an archived project back; what served goes on serving."""
        with self._desk.act(project_id) as act:
            changed = replace(act.project, archived_at=None)
            act.records.replace(changed)
            act.enter("project.restored", changed)
        publish(self._desk, project_id)
        return self.get(project_id)

    def put_demo_aside(self) -> None:
        """Make room for a fresh flights project: the old one is archived under another address, its ledger kept."""
        for project in self.all() + self.all(archived=True):
            if project.slug != DEMO_SLUG:
                continue
            with self._desk.act(project.id) as act:
                aside = replace(act.project, slug=f"{DEMO_SLUG}-{project.id[-8:]}", archived_at=act.at)
                act.records.replace(aside)
                act.enter("project.put_aside", aside)
            withdraw(self._desk, project.slug)


def _free_slug(text: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48] or "project"
    numbered = (plain if n == 1 else f"{plain}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)
