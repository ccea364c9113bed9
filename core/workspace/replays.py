"""Replays: later data of a project are sent as its production, until it goes live."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from core.deployment.deployment import Deployment
from core.errors import Conflict
from core.ids import new_id
from core.job import Job
from core.ledger import LedgerEvent
from core.monitoring.calendar import LABELS_MATURE
from core.monitoring.replay import Replay
from core.scoping.project import Project
from core.workspace.act import Desk

_WENT_LIVE = "project.went_live"
"""The event of the ledger from which on a project's event time is the wall's."""


class Replays:
    """The later data of projects, and how far each has been replayed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def offer(self, project_id: str, rows: pl.DataFrame, labels: pl.DataFrame, *, window_anchor: datetime) -> Replay:
        """Store later data of a project, to be replayed as production.

        Parameters
        ----------
        rows
            Inputs with ``entity_id`` and ``event_time`` (UTC), in any order.
        labels
            ``entity_id``, ``label`` (text) and ``observed_at`` (UTC).
        window_anchor
            End of the first window.
        """
        rows, labels = rows.sort("event_time", "entity_id"), labels.sort("observed_at", "entity_id")
        artifacts = self._desk.storage.artifacts
        rows_hash, labels_hash = (artifacts.put_bytes(frame.write_ipc(None).getvalue()) for frame in (rows, labels))
        starts: datetime = rows["event_time"][0]
        with self._desk.act(project_id) as act:
            old = act.records.first(Replay, project_id=project_id)
            replay = Replay(
                id=old.id if old else new_id(),
                project_id=project_id,
                rows=rows_hash,
                labels=labels_hash,
                starts=starts,
                ends=rows["event_time"][-1] + timedelta(microseconds=1),
                position=starts,
                window_anchor=window_anchor,
                created_at=act.at,
            )
            (act.records.replace if old else act.records.add)(replay)
            return replay

    def ask(self, project_id: str, *, until: datetime) -> Job:
        """Ask for later data to be sent through the endpoint, up to an event time.

        Raises
        ------
        Conflict
            There is nothing to replay, nothing serves, or the replay is past that time.
        """
        with self._desk.act(project_id) as act:
            source = act.records.first(Replay, project_id=project_id)
            if source is None or source.position >= min(until, source.ends):
                raise Conflict("There is nothing more to replay: no later data of this project are left.")
            if act.records.first(Deployment, project_id=project_id) is None:
                raise Conflict("Nothing serves yet. Deploy a model version; then replay.")
            return act.request("replay", "Replay later data", {"until": until.isoformat()})

    def source(self, project_id: str) -> Replay:
        """Return what there is to replay.

        Raises
        ------
        Conflict
            There is nothing.
        """
        found = self._desk.all(Replay, project_id)
        if not found:
            raise Conflict("This project has no later data to replay. Start one from a file, or send it requests.")
        return found[0]

    def rows(self, source: Replay, starts: datetime, ends: datetime) -> pl.DataFrame:
        """Return the rows to send with an event time in ``[starts, ends)``."""
        table = pl.scan_ipc(self._desk.storage.artifacts.path(source.rows))
        return table.filter((pl.col("event_time") >= starts) & (pl.col("event_time") < ends)).collect()

    def learn_labels(self, source: Replay, until: datetime) -> int:
        """Append the labels that were observed since the replay's position, soon after ``until``; return how many."""
        table = pl.scan_ipc(self._desk.storage.artifacts.path(source.labels))
        observed = pl.col("observed_at")
        # the first stretch also brings labels that were known before the replay began
        since = observed > source.position + LABELS_MATURE if source.position > source.starts else pl.lit(value=True)
        labels = table.filter(since & (observed <= until + LABELS_MATURE)).collect()
        if labels.height:
            self._desk.storage.predictions.append_labels(
                source.project_id, labels, source="replay", sequence=int(until.timestamp())
            )
        return labels.height

    def advance(self, project_id: str, to: datetime) -> None:
        """Record how far a replay has come: the project's clock stands there from now on."""
        with self._desk.act(project_id) as act:
            source = act.records.first(Replay, project_id=project_id)
            if source:
                act.records.replace(replace(source, position=to))
            act.records.replace(replace(act.project, clock=to))

    def go_live(self, project_id: str) -> Project:
        """End the replay of a project: from now on its clock is the wall's, and its windows are measured as they end.

        What was measured stays; rows that were left to replay are not sent.

        Raises
        ------
        Conflict
            The project is live already, or a replay is under way.
        """
        with self._desk.act(project_id) as act:
            if act.project.clock is None:
                raise Conflict(f"{act.project.name} is live already.")
            if any(not job.over for job in act.records.find(Job, project_id=project_id, kind="replay")):
                raise Conflict("A replay is under way. Wait until it is over, or stop it; then go live.")
            source = act.records.first(Replay, project_id=project_id)
            if source:
                act.records.replace(replace(source, position=source.ends))
            live = replace(act.project, clock=None)
            act.records.replace(live)
            act.enter(_WENT_LIVE, live, replayed_to=act.project.clock.isoformat())
            return live


def went_live(desk: Desk, project_id: str) -> datetime | None:
    """Return when the clock of a project that once replayed became the wall's; ``None`` where it never did."""
    with desk.storage.read() as records:
        live = records.first(LedgerEvent, order="-sequence", project_id=project_id, kind=_WENT_LIVE)
    return live.at if live else None
