"""The values of metrics over a run's steps."""

from collections.abc import Sequence
from math import nan
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from core.modelling.tracking.logged_run import Point
from core.storage.tracking.tables import POINT, RUN

_COLUMNS = POINT.c.value, POINT.c.is_nan, POINT.c.timestamp, POINT.c.step
_IN_TIME = POINT.c.timestamp, POINT.c.step, POINT.c.value, POINT.c.is_nan
_IN_STEPS = POINT.c.step, POINT.c.timestamp, POINT.c.value, POINT.c.is_nan


class PointOf(NamedTuple):
    """A point, and the run that it belongs to."""

    run_id: str
    point: Point


class HistoryRecords:
    """Histories that are read in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_run(self, number: int, key: str, *, offset: int = 0, limit: int | None = None) -> list[Point]:
        """Return a metric's points in one run, by time, then step, then value."""
        query = select(*_COLUMNS).where(POINT.c.run == number, POINT.c.key == key).order_by(*_IN_TIME)
        return _points(key, self._connection.execute(query.offset(offset).limit(limit)).all())

    def of_runs(self, run_ids: Sequence[str], key: str, limit: int) -> list[PointOf]:
        """Return a metric's points in several runs, run by run in the order of ids, at most ``limit`` altogether."""
        query = select(RUN.c.id, *_COLUMNS).join(POINT, POINT.c.run == RUN.c.number)
        query = query.where(RUN.c.id.in_(run_ids), POINT.c.key == key).order_by(RUN.c.id, *_IN_TIME).limit(limit)
        return [PointOf(run_id, _point(key, *row)) for run_id, *row in self._connection.execute(query).all()]

    def sampled(self, number: int, key: str, most: int, steps: tuple[int, int] | None = None) -> list[Point]:
        """Return at most ``most`` of a metric's points, evenly spaced in the order of steps, first and last included.

        Of one point only, the last is given.
        """
        mine = [POINT.c.run == number, POINT.c.key == key]
        if steps is not None:
            mine.append(POINT.c.step.between(*steps))
        count = self._connection.execute(select(func.count()).select_from(POINT).where(*mine)).scalar_one()
        place = func.row_number().over(order_by=_IN_STEPS).label("place")
        placed = select(*_COLUMNS, place).where(*mine).subquery()
        query = select(*list(placed.c)[:-1]).order_by(placed.c.place)
        if count > most:
            query = query.where(placed.c.place.in_(_spaced(count, most)))
        return _points(key, self._connection.execute(query))


def _spaced(count: int, most: int) -> list[int]:
    """Return the places, from 1, of ``most`` out of ``count`` things."""
    if most == 1:
        return [count]
    return [1 + (place * (count - 1)) // (most - 1) for place in range(most)]


def _points(key: str, rows: Any) -> list[Point]:
    return [Point(key, nan if is_nan else value, timestamp, step) for value, is_nan, timestamp, step in rows]


def _point(key: str, value: float, is_nan: bool, timestamp: int, step: int) -> Point:
    return Point(key, nan if is_nan else value, timestamp, step)
