"""Replay later data: send them hour by hour, let labels arrive, measure each week as it ends."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from core.errors import Conflict, Unavailable
from core.iteration.case import Choice, Decision
from core.iteration.post_check import CHECK_AFTER_DAYS
from core.job import Job
from core.jobs.kind import JobKind
from core.jobs.sending import Target, hourly_requests, send_all
from core.monitoring.calendar import add_days, window_ends
from core.monitoring.replay import Replay
from core.scoping.project import Project
from core.spool import Spool, spool_files
from core.statistics.estimate import Estimate
from core.workspace.workspace import Workspace

_SHIPPING_SECONDS = 120.0


def replay(workspace: Workspace, job: Job) -> None:
    """Replay up to the time that the job names, a stretch after the other; each stretch is complete before the next."""
    assert job.project_id is not None
    until = datetime.fromisoformat(job.arguments["until"])
    replay_until(workspace, job, job.project_id, until)


def replay_until(workspace: Workspace, job: Job, project_id: str, until: datetime) -> None:
    """Send what lies between the replay's position and ``until``; measure each window and post-check that falls due."""
    begun = workspace.monitoring.source(project_id).position
    project = workspace.projects.get(project_id)
    until = _whole_hour(until, project.zone)
    for stop in _stops(workspace, project, until):
        source = workspace.monitoring.source(project_id)
        if stop <= source.position:
            continue
        _send_stretch(workspace, job, source, stop)
        workspace.monitoring.learn_labels(source, stop)
        workspace.monitoring.advance(project_id, stop)
        measure(workspace, project_id, stop)
        share = (stop - begun) / (until - begun)
        workspace.jobs.progress(job.id, share, f"replayed to {stop.astimezone(project.zone):%-d %b %Y}")


def measure(workspace: Workspace, project_id: str, moment: datetime) -> None:
    """Measure the windows that end now, and carry out the post-checks that are due."""
    source, project = workspace.monitoring.source(project_id), workspace.projects.get(project_id)
    ends = takewhile(
        lambda end: end <= moment, window_ends(source.window_anchor, _every(workspace, project), project.zone)
    )
    if moment in set(ends):
        workspace.monitoring.measure(project_id, moment)
    for decision in workspace.iteration.due(project_id, moment):
        _post_check(workspace, decision, moment)


def _stops(workspace: Workspace, project: Project, until: datetime) -> Iterator[datetime]:
    """Yield where the replay halts: at the end of each window, where a post-check is due, and at the end."""
    source = workspace.monitoring.source(project.id)
    every = _every(workspace, project)
    last = min(until, add_days(source.ends, every, project.zone))
    ends = takewhile(lambda end: end < last, window_ends(source.window_anchor, every, project.zone))
    due = {d.check_due for d in workspace.iteration.due(project.id, last) if d.check_due}
    yield from sorted({*ends, *(moment for moment in due if moment < last), last})


def _whole_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the end of the local hour: a request holds a whole hour, so that asking again is the same request."""
    local = moment.astimezone(zone)
    begun = local.replace(minute=0, second=0, microsecond=0)
    return (begun if begun == local else begun + timedelta(hours=1)).astimezone(UTC)


def _every(workspace: Workspace, project: Project) -> int:
    return min((c.every_days for c in workspace.scoping.criteria(project.id)), default=7)


def _send_stretch(workspace: Workspace, job: Job, source: Replay, stop: datetime) -> None:
    deployment = workspace.deployment.current(source.project_id)
    if deployment is None:
        raise Conflict("Nothing serves yet. Deploy a model version; then replay.")
    champion = workspace.deployment.get(deployment.champion_id)
    project = workspace.projects.get(source.project_id)
    target = Target(
        url=workspace.settings.scorer_url,
        endpoint=project.slug,
        project_id=source.project_id,
        time_zone=project.time_zone,
        features=champion.features,
    )
    rows = workspace.monitoring.replay_rows(source, source.position, stop)
    requests = list(hourly_requests(rows, target))
    shown = 0.0

    def answered(count: int) -> None:
        nonlocal shown
        if time.monotonic() - shown > 1.0:
            shown = time.monotonic()
            job_now = workspace.jobs.get(job.id)
            workspace.jobs.progress(
                job.id, job_now.progress, f"{count:,} of {len(requests):,} requests of this stretch"
            )

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


def _post_check(workspace: Workspace, decision: Decision, moment: datetime) -> None:
    case = workspace.iteration.get(decision.case_id)
    criterion = workspace.iteration.criterion(case)
    deployment = workspace.deployment.current(decision.project_id)
    if deployment is None or decision.check_due is None:
        return
    starts = add_days(
        decision.check_due, -CHECK_AFTER_DAYS[decision.choice], workspace.projects.get(case.project_id).zone
    )
    ends = decision.check_due

    def measured(version_id: str) -> Estimate | None:
        return workspace.monitoring.estimate(criterion, version_id, starts, ends, as_of=moment)

    replaced = deployment.shadow_ids[0] if decision.choice is Choice.RETRAIN and deployment.shadow_ids else None
    workspace.iteration.post_checked(
        decision.id,
        version_id=deployment.champion_id,
        estimate=measured(deployment.champion_id),
        beside=(replaced, measured(replaced)) if replaced else None,
    )


REPLAY = JobKind(name="replay", title="Replay later data", steps=(replay,))
