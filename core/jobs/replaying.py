"""Replaying: later data are sent hour by hour, labels arrive, each week is measured as it ends."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from core.errors import Conflict, Unavailable
from core.jobs.measuring import post_checks
from core.jobs.sending import Target, hourly_requests, send_all
from core.monitoring.calendar import SILENT_DAYS, add_days, end_of_day, window_ends
from core.monitoring.replay import Replay
from core.scoping.project import Project
from core.spool import Spool, spool_files
from core.workspace.workspace import Workspace

_SHIPPING_SECONDS = 120.0
_SPEAK_SECONDS = 1.0

Progress = Callable[[float, str], None]
"""Told how far the replay has come (0-1) and where it is; may raise ``Cancelled``."""


def replay_until(workspace: Workspace, project_id: str, until: datetime, progress: Progress) -> None:
    """Send what lies between the replay's position and ``until``; measure each window and post-check that falls due.

    A replay that was interrupted goes on where it was: what was sent is the same request, what was measured stays.

    Raises
    ------
    Conflict
        There is nothing to replay, or nothing serves.
    Unavailable
        The scorer stays away, or its log is not emptied.
    Cancelled
        A person has asked it to stop.
    """
    begun = workspace.replays.source(project_id).position
    project = workspace.projects.get(project_id)
    until = _whole_hour(until, project.zone)
    for stop in _stops(workspace, project, until):
        source = workspace.replays.source(project_id)
        if stop < source.position:
            continue
        if stop > source.position:
            share = (source.position - begun) / (until - begun)
            _send_stretch(workspace, source, stop, lambda words, share=share: progress(share, words))
            workspace.replays.learn_labels(source, stop)
            workspace.replays.advance(project_id, stop)
        measure(workspace, project_id, stop)
        day = (stop - timedelta(microseconds=1)).astimezone(project.zone)
        progress((stop - begun) / max(until - begun, timedelta(seconds=1)), f"replayed to {day:%-d %b %Y}")


def measure(workspace: Workspace, project_id: str, moment: datetime) -> None:
    """Measure the windows that end now and those by count that are full, and carry out the post-checks that are due."""
    source, project = workspace.replays.source(project_id), workspace.projects.get(project_id)
    ends = takewhile(
        lambda end: end <= moment, window_ends(source.window_anchor, _every(workspace, project), project.zone)
    )
    if moment in set(ends):
        workspace.monitoring.measure(project_id, moment)
    workspace.counting.measure(project_id)
    post_checks(workspace, project_id, moment)


def _stops(workspace: Workspace, project: Project, until: datetime) -> Iterator[datetime]:
    """Yield where the replay halts: at the end of each window, where a post-check is due, and at the end.

    Where predictions are counted it also halts at every midnight: a window may be full on any day.
    """
    source = workspace.replays.source(project.id)
    every = _every(workspace, project)
    last = min(until, add_days(source.ends, every, project.zone))
    ends = takewhile(lambda end: end < last, window_ends(source.window_anchor, every, project.zone))
    due = {d.check_due for d in workspace.iteration.due(project.id, last) if d.check_due}
    days = window_ends(end_of_day(source.position.astimezone(project.zone).date(), project.zone), 1, project.zone)
    counting = any(c.window_rows for c in workspace.scoping.criteria(project.id))
    midnights = takewhile(lambda end: end < last, days if counting else ())
    yield from sorted({*ends, *midnights, *(moment for moment in due if moment < last), last})


def _whole_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the local hour: a request holds a whole hour, so that asking again is the same request."""
    local = moment.astimezone(zone)
    begun = local.replace(minute=0, second=0, microsecond=0)
    return (begun if begun == local else begun + timedelta(hours=1)).astimezone(UTC)


def _every(workspace: Workspace, project: Project) -> int:
    criteria = workspace.scoping.criteria(project.id)
    return min((c.every_days for c in criteria if not c.window_rows), default=SILENT_DAYS)


def _send_stretch(workspace: Workspace, source: Replay, stop: datetime, say: Callable[[str], None]) -> None:
    deployment = workspace.deployment.current(source.project_id)
    if deployment is None:
        raise Conflict("Nothing serves yet. Deploy a model version; then replay.")
    champion = workspace.deployment.get(deployment.champion_id)
    target = Target(
        url=workspace.settings.scorer_url,
        endpoint=deployment.endpoint,
        project_id=source.project_id,
        time_zone=workspace.projects.get(source.project_id).time_zone,
        features=champion.features,
    )
    requests = list(hourly_requests(workspace.replays.rows(source, source.position, stop), target))
    ends = (stop - timedelta(microseconds=1)).astimezone(ZoneInfo(target.time_zone))
    spoken = 0.0

    def answered(count: int) -> None:
        nonlocal spoken
        if time.monotonic() - spoken > _SPEAK_SECONDS:
            spoken = time.monotonic()
            say(f"request {count:,} of {len(requests):,} up to {ends:%-d %b %Y}")

    send_all(requests, target, answered)
    _wait_for_shipping(workspace)


def _wait_for_shipping(workspace: Workspace) -> None:
    """Wait until no acknowledged answer is left in a scorer's log: then all are in the prediction tables."""
    until = time.monotonic() + _SHIPPING_SECONDS
    for path in spool_files(workspace.settings.spool):
        with Spool.open(path) as spool:
            while spool.depth():
                if time.monotonic() > until:
                    raise Unavailable(
                        "The scorer's log is not being emptied. Look at the worker's log; then replay again."
                    )
                time.sleep(0.05)
