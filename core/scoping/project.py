"""A project: what it predicts, from what, and what time it is there."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.scoping.alarm_budget import BUDGET


class TaskKind(StrEnum):
    """What kind of value is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The data definition of a project: which column is what.

    ``time`` and ``entity`` are ``None`` where the data have no such column; rows are then their own blocks and are
    known by their position. ``positive`` is the label that a binary task looks for, as text. ``group`` is the column
    whose rows belong together (one patient, one machine) where there is no time and a person has said so.
    """

    kind: TaskKind
    target: str
    inputs: tuple[str, ...]
    time: str | None = None
    entity: str | None = None
    positive: str | None = None
    group: str | None = None

    @property
    def block(self) -> str:
        """Return the unit that intervals resample: days where there is time, else named groups, or rows.

        What is drawn, held out or resampled is a whole unit: rows of one resemble one another. A group that is no input
        is in no log, so days stand for it in production: the unit is then called ``block``, which is true of both.
        """
        if self.time or self.group is None:
            return "day" if self.time else "row"
        return "group" if self.group in self.inputs else "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project and its clock.

    ``clock`` is the event time at which a replay stands, UTC; ``None`` means that the project is live. ``revision``
    grows by one with every act: a cached reading of the project is keyed by it. ``alarm_budget`` says how many alarms
    of drift may be false.
    """

    id: str
    slug: str
    name: str
    description: str = ""
    task: Task | None = None
    time_zone: str = "UTC"
    alarm_budget: str = BUDGET
    clock: datetime | None = None
    revision: int = 0
    created_at: datetime
    archived_at: datetime | None = None

    def now(self, wall: datetime) -> datetime:
        """Return the project's event time: where its replay stands, or the wall's where it is live."""
        return self.clock or wall

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone that defines the project's days and weeks."""
        return ZoneInfo(self.time_zone)
