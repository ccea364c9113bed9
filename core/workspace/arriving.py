"""What a scorer logged arrives in the prediction tables: answers, and counts of requests that had none."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import polars as pl

from core.monitoring.shipped import shipped_rows, unanswered_rows
from core.scoping.project import Project
from core.spool import SpoolRecord
from core.unanswered import Count
from core.workspace.act import Desk

Logged = list[tuple[int, dict[str, Any]]]
"""Bodies of logged requests with their sequence."""


def ship(desk: Desk, records: Sequence[SpoolRecord], source: str) -> None:
    """Move logged answers into the prediction tables, exactly once a (source, sequence)."""
    by_project: dict[str, Logged] = {}
    for record in records:
        body = orjson.loads(record.body)
        if body.get("try"):
            continue  # somebody looked whether the endpoint answers: no production
        by_project.setdefault(body["project_id"], []).append((record.sequence, body))
    for project_id, logged in by_project.items():
        zone = desk.one(Project, project_id).zone

        def rows_after(last: int, logged: Logged = logged, zone: ZoneInfo = zone) -> pl.DataFrame:
            return shipped_rows([body for sequence, body in logged if sequence > last], zone)

        desk.storage.predictions.append_after(project_id, rows_after, source=source, sequence=logged[-1][0])


def ship_unanswered(desk: Desk, counts: Sequence[Count], source: str) -> None:
    """Move counts of refused and failed requests into the tables, exactly once a (source, sequence)."""
    by_project: dict[str, list[Count]] = {}
    for count in counts:
        by_project.setdefault(count.what.project_id, []).append(count)
    for project_id, found in by_project.items():
        project = desk.one(Project, project_id)

        def rows_after(last: int, found: list[Count] = found, project: Project = project) -> pl.DataFrame:
            return unanswered_rows([count for count in found if count.sequence > last], project)

        desk.storage.predictions.append_unanswered(project_id, rows_after, source=source, sequence=found[-1].sequence)
