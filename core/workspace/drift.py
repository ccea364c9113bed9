"""Drift: what is drawn of a week's columns, and the comparison of any span of production with any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import polars as pl

from core.deployment.model_version import ModelVersion
from core.drift.by_methods import ByMethod, by_methods
from core.drift.column_drift import ColumnDrift
from core.drift.comparison import compare_columns
from core.drift.joint import JointDrift, Separating, what_separates
from core.drift.picture import Picture, from_table, pictures
from core.errors import Conflict
from core.monitoring.window import Window
from core.people.actor import Permission
from core.scoping.project import Project
from core.workspace.act import Desk
from core.workspace.monitoring import Monitoring, block_of, ranges

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The half-open span of event time ``[starts, ends)``."""

    starts: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two sets of rows, column by column: verdicts, and what is drawn of them."""

    columns: tuple[ColumnDrift, ...]
    pictures: Mapping[str, Picture]

    def column(self, name: str) -> ColumnDrift | None:
        """Return what was found of a column."""
        return self._by_name.get(name)

    def picture(self, name: str) -> Picture | None:
        """Return what is drawn of a column."""
        return self.pictures.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, ColumnDrift]:
        return {column.column: column for column in self.columns}


class Drift:
    """What moved in the production of projects."""

    def __init__(self, desk: Desk, monitoring: Monitoring) -> None:
        self._desk = desk
        self._monitoring = monitoring

    def picture(self, window: Window, column: str) -> Picture | None:
        """Return what is drawn of a column in a window's last week; nothing where the window kept none."""
        return next(iter(self.course([window], column).values()), None)

    def course(self, windows: Sequence[Window], column: str) -> dict[str, Picture]:
        """Return what is drawn of a column in the last week of each window, by the window's id.

        A window that was measured by an early release kept nothing, and is left out.
        """
        self._desk.actor.require(Permission.READ)
        found: dict[str, Picture] = {}
        for window in windows:
            if window.pictures is not None:
                table = pl.scan_parquet(self._desk.storage.artifacts.path(window.pictures))
                for picture in from_table(table.filter(pl.col("column") == column).collect()):
                    found[window.id] = picture
        return found

    def compare(self, project_id: str, version: ModelVersion, current: Span, *, against: Span | None) -> Compared:
        """Compare what a version was asked in a span of production with another span, or with its training rows.

        Raises
        ------
        Conflict
            A span holds no row that this version answered.
        """
        project = self._desk.one(Project, project_id)
        reference, rows = self._sides(project, version, current, against)
        inputs, block = ranges(version), block_of(project)
        return Compared(
            columns=compare_columns(reference, rows, block=block, columns=list(inputs)),
            pictures={one.column: one for one in pictures(reference, rows, block=block, ranges=inputs)},
        )

    def by_methods(
        self, project_id: str, version: ModelVersion, current: Span, *, against: Span | None, column: str
    ) -> tuple[ByMethod, ...]:
        """Measure one column by every method of the catalogue.

        Raises
        ------
        Conflict
            A span holds no row that this version answered.
        """
        reference, rows = self._sides(self._desk.one(Project, project_id), version, current, against)
        return by_methods(reference[column], rows[column])

    def what_separates(
        self, project_id: str, version: ModelVersion, current: Span, *, against: Span | None
    ) -> tuple[JointDrift, tuple[Separating, ...]] | None:
        """Tell whether both sets of rows can be told apart by all inputs together, and by which.

        Nothing where a side has too few days (rows, where these are independent).

        Raises
        ------
        Conflict
            A span holds no row that this version answered.
        """
        project = self._desk.one(Project, project_id)
        reference, rows = self._sides(project, version, current, against)
        return what_separates(reference, rows, block=block_of(project), columns=list(ranges(version)))

    def _sides(
        self, project: Project, version: ModelVersion, current: Span, against: Span | None
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        reference = self._asked(project, against) if against else self._monitoring.trained_on(version)
        rows = self._logged(project, current).filter(pl.col("model_version_id") == version.id)
        if rows.is_empty():
            raise Conflict(f"{version.title} answered nothing in these days. Choose others.")
        return reference, rows

    def _asked(self, project: Project, span: Span) -> pl.DataFrame:
        """Return what was asked in a span, whichever version was the champion then."""
        rows = self._logged(project, span).filter(pl.col("variant") == "champion")
        if rows.is_empty():
            first, last = (moment.astimezone(project.zone) for moment in (span.starts, span.ends - _INSTANT))
            raise Conflict(f"Nothing was asked from {first:%-d %b %Y} to {last:%-d %b %Y}. Choose other days.")
        return rows

    def _logged(self, project: Project, span: Span) -> pl.DataFrame:
        return self._monitoring.rows(project.id, span.starts, span.ends, as_of=span.ends)
