"""The schedule: what is due in live projects is asked for by itself, and what was missed is caught up with, once."""

from datetime import datetime

from core.deployment.deployment import Deployment
from core.job import Job, JobState
from core.monitoring.calendar import LABELS_MATURE, SILENT_DAYS, window_ends
from core.monitoring.replay import Replay
from core.monitoring.schedule import due, first_end
from core.scoping.project import Project
from core.workspace.act import Desk, wall_time
from core.workspace.counting import Counting
from core.workspace.iteration import Iteration
from core.workspace.monitoring import Monitoring
from core.workspace.replays import went_live

KIND = "measure"
"""The kind of the jobs that it asks for; their argument ``ends`` holds the ends of windows, oldest first."""


class Schedule:
    """When windows and post-checks are measured."""

    def __init__(self, desk: Desk, monitoring: Monitoring, counting: Counting, iteration: Iteration) -> None:
        self._desk = desk
        self._monitoring = monitoring
        self._counting = counting
        self._iteration = iteration

    def ends_due(self, project_id: str) -> list[datetime]:
        """Return the ends of the windows that are due and were not measured, oldest first.

        None in a project that replays: its windows are measured as the replay passes them.
        """
        serving = self._serving_since(project_id)
        if serving is None:
            return []
        every, zone = self._every(project_id), self._desk.one(Project, project_id).zone
        measured = self._measured_to(project_id)
        return due(first_end(serving, every, zone), every, zone, now=wall_time(), measured=measured)

    def next_end(self, project_id: str) -> datetime | None:
        """Return when the next window of days of a live project ends; ``None`` where none is scheduled.

        Windows by count end with a prediction, so nobody knows when: ``Counting.waiting`` says how many are missing.
        """
        serving = self._serving_since(project_id)
        criteria = self._monitoring.service(project_id, wall_time()).criteria if serving else ()
        if serving is None or (criteria and all(c.window_rows for c in criteria)):
            return None
        every, zone = self._every(project_id), self._desk.one(Project, project_id).zone
        now = wall_time()
        return next(end for end in window_ends(first_end(serving, every, zone), every, zone) if end > now)

    def ask(self, project_id: str) -> Job | None:
        """Ask for what is due; ``None`` where nothing is, or where it was asked for already.

        However many workers ask, and however often, it is one job: what asks again finds its key.
        """
        ends, checks, counted = self.ends_due(project_id), self._checks_due(project_id), self._counted_due(project_id)
        if not ends and not checks and not counted:
            return None
        key = f"{KIND}:{project_id}:{max([*ends, *checks, *counted]).isoformat()}"
        with self._desk.storage.read() as records:
            if records.recall(key):
                return None
        with self._desk.act(project_id, key=key) as act:
            if act.done(Job):
                return None
            windows = len(ends) + len(counted)
            words = f"Measure {windows} windows" if windows > 1 else "Measure a window" if windows else "Post-check"
            job = act.request(KIND, words, {"ends": [end.isoformat() for end in ends]})
            act.records.remember(key, job.id)
            return job

    def ask_all(self) -> None:
        """Ask for what is due in every project."""
        with self._desk.storage.read() as records:
            projects = [p for p in records.find(Project) if p.archived_at is None]
        for project in projects:
            self.ask(project.id)

    def _serving_since(self, project_id: str) -> datetime | None:
        """Return since when a live project serves; ``None`` where nothing serves or later data wait to be replayed."""
        deployments = self._desk.all(Deployment, project_id, order="revision")
        waiting = [r for r in self._desk.all(Replay, project_id) if r.position < r.ends]
        if self._desk.one(Project, project_id).clock or waiting or not deployments:
            return None
        live = went_live(self._desk, project_id)
        return max(deployments[0].on, live) if live else deployments[0].on

    def _checks_due(self, project_id: str) -> list[datetime]:
        if self._serving_since(project_id) is None:
            return []
        decisions = self._iteration.due(project_id, wall_time() - LABELS_MATURE)
        return [decision.check_due for decision in decisions if decision.check_due]

    def _counted_due(self, project_id: str) -> list[datetime]:
        """Return the ends of the windows by count that are complete; none in a project that replays."""
        if self._serving_since(project_id) is None:
            return []
        return [window.ends for _, window in self._counting.due(project_id)]

    def _every(self, project_id: str) -> int:
        criteria = self._monitoring.service(project_id, wall_time()).criteria
        return min((c.every_days for c in criteria if not c.window_rows), default=SILENT_DAYS)

    def _measured_to(self, project_id: str) -> datetime | None:
        with self._desk.storage.read() as records:
            finished = records.find(Job, order="created_at", project_id=project_id, state=JobState.FINISHED)
        ends = [end for job in finished if job.kind == KIND for end in job.arguments["ends"]]
        return max((datetime.fromisoformat(end) for end in ends), default=None)
