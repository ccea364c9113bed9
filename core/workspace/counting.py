"""Windows by count: which are complete in the log of a project, and how many predictions the next one waits for."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from core.deployment.deployment import Deployment
from core.monitoring.calendar import LABELS_MATURE
from core.monitoring.counted import INSTANT, Count, Counted, counted_windows, counts_of, still_missing
from core.monitoring.window import Window
from core.scoping.project import Project
from core.workspace.act import Desk, wall_time
from core.workspace.monitoring import Monitoring
from core.workspace.replays import went_live


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many more predictions the next window of a count waits for."""

    count: Count
    missing: int


class Counting:
    """Windows of so many predictions. What counts is what a champion answered, whichever version it was."""

    def __init__(self, desk: Desk, monitoring: Monitoring) -> None:
        self._desk = desk
        self._monitoring = monitoring

    def due(self, project_id: str) -> list[tuple[int, Counted]]:
        """Return the windows that are complete and were not measured, each with its size, in the order of their ends.

        A live project's windows wait for their labels as windows of days do; a replay's are due where it stands.
        """
        project = self._desk.one(Project, project_id)
        until = project.clock or wall_time() - LABELS_MATURE
        found: list[tuple[int, Counted]] = []
        for count, begun in self._counts(project):
            times, after = self._times(project, count, begun, until)
            found += [(count.size, window) for window in counted_windows(times, count, after=after)]
        return sorted(found, key=lambda one: (one[1].ends, one[0]))

    def waiting(self, project_id: str) -> list[Waiting]:
        """Return how many more predictions the next window of each count waits for."""
        project = self._desk.one(Project, project_id)
        found: list[Waiting] = []
        for count, begun in self._counts(project):
            times, after = self._times(project, count, begun, project.now(wall_time()))
            found.append(Waiting(count=count, missing=still_missing(times, count, after=after)))
        return found

    def measure(self, project_id: str) -> list[Window]:
        """Measure the windows that are due, oldest first; where it was cut off, it goes on the next time."""
        windows = [self._monitoring.measure_counted(project_id, one, size) for size, one in self.due(project_id)]
        return [window for window in windows if window is not None]

    def _counts(self, project: Project) -> list[tuple[Count, datetime]]:
        """Return what is counted by the criteria in force, and since when: the champion may have changed meanwhile."""
        deployments = self._desk.all(Deployment, project.id, order="revision")
        if not deployments:
            return []
        newest_first = deployments[::-1]
        on = {d.id: counts_of(self._monitoring.service(project.id, d.on).criteria) for d in deployments}
        live = went_live(self._desk, project.id)
        found: list[tuple[Count, datetime]] = []
        for count in on[newest_first[0].id]:
            so_long = takewhile(lambda d, size=count.size: size in {c.size for c in on[d.id]}, newest_first)
            first = list(so_long)[-1]
            # the clock of a replay may have been ahead of the wall's, so what was deployed in it serves live from then
            found.append((count, live if live and first.at <= live else first.on))
        return found

    def _times(
        self, project: Project, count: Count, begun: datetime, until: datetime
    ) -> tuple[list[datetime], datetime | None]:
        """Return the event times that matter, to ``until``, and the end of the last window; only that column is read.

        They begin with the last window: the next one reaches back no farther.
        """
        with self._desk.storage.read() as records:
            last = records.first(Window, order="-ends", project_id=project.id, counted=count.size)
        last = last if last and last.starts >= begun else None
        rows = self._desk.storage.predictions.read(
            project.id,
            starts=last.starts if last else begun,
            ends=until + INSTANT,
            variants=["champion"],
            columns=["event_time"],
        )
        return rows["event_time"].to_list(), last.ends if last else None
