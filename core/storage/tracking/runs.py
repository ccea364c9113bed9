"""Logged runs inside one transaction: read whole, and written to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, func, insert, select, update

from core.errors import NotFound
from core.modelling.tracking.experiment import Lifecycle, experiment_number
from core.modelling.tracking.logged_run import (
    CONTEXT_TAG,
    InputDataset,
    LoggedRun,
    ModelLink,
    Point,
    Status,
    latest,
)
from core.storage.tracking.statements import chunks, insert_new, upsert, upsert_later
from core.storage.tracking.tables import (
    DATASET,
    HEAD_CHARACTERS,
    INPUT,
    LATEST,
    MODEL_LINK,
    PARAM,
    POINT,
    RUN,
    TAG,
)

# Statements that every logged item needs are made once: to make them costs more than SQLite takes to carry them out.
_ROW = select(RUN.c.number, RUN.c.id, RUN.c.experiment, RUN.c.lifecycle).where(RUN.c.id == bindparam("run_id"))
_LOCKED_ROW = _ROW.with_for_update(key_share=True)
_NEW_ROW = insert(RUN).returning(RUN.c.number)


@dataclass(frozen=True, slots=True)
class RunRow:
    """What every act on a run needs of it, without what was logged."""

    number: int
    id: str
    experiment_id: str
    lifecycle: Lifecycle


class RunRecords:
    """Logged runs that are read and written in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def row(self, run_id: str, *, lock: bool = False) -> RunRow:
        """Return what every act needs of a run; ``lock`` keeps other writers of the same run waiting.

        Raises
        ------
        NotFound
            There is no such run.
        """
        found = self._connection.execute(_LOCKED_ROW if lock else _ROW, {"run_id": run_id}).one_or_none()
        if found is None:
            raise NotFound.record("run", run_id[:100])
        return RunRow(found[0], found[1], str(found[2]), Lifecycle(found[3]))

    def get(self, run_id: str) -> LoggedRun:
        """Return a run with all that was logged to it.

        Raises
        ------
        NotFound
            There is no such run.
        """
        return self.read([self.row(run_id).number])[0]

    def read(self, numbers: Sequence[int]) -> list[LoggedRun]:
        """Return runs by their numbers, in the order of these."""
        found: dict[int, LoggedRun] = {}
        for some in chunks(numbers):
            found |= self._read(some)
        return [found[number] for number in numbers if number in found]

    def add(self, run: LoggedRun) -> None:
        """Store a new run with its tags."""
        row = {
            "id": run.id,
            "experiment": experiment_number(run.experiment_id),
            "name": run.name,
            "user": run.user,
            "status": run.status.value,
            "lifecycle": run.lifecycle.value,
            "started_ms": run.started_ms,
            "ended_ms": run.ended_ms,
        }
        number = self._connection.execute(_NEW_ROW, row).scalar_one()
        self.set_tags(number, run.tags)

    def change(self, number: int, **changes: Any) -> LoggedRun:
        """Change columns of a run and return it without what was logged to it."""
        query = update(RUN).where(RUN.c.number == number).values(**{"number": number, **changes}).returning(*RUN.c)
        return _run(self._connection.execute(query).mappings().one())

    def ended_ms(self, number: int) -> int | None:
        """Return when a run ended, or ``None``."""
        return self._connection.execute(select(RUN.c.ended_ms).where(RUN.c.number == number)).scalar_one()

    def count_points(self, number: int) -> int:
        """Return how many points the metrics of a run have."""
        return self._connection.execute(select(func.count()).where(POINT.c.run == number)).scalar_one()

    def log_metrics(self, number: int, points: Sequence[Point]) -> None:
        """Append points; one that is there already, to the last bit, stays one."""
        insert_new(self._connection, POINT, [_point_row(number, point) for point in points])
        newest = [_point_row(number, point) for point in latest(points).values()]
        upsert_later(self._connection, LATEST, newest, ("step", "timestamp", "value"))

    def params(self, number: int, keys: Iterable[str]) -> dict[str, str]:
        """Return those of a run's parameters that ``keys`` names."""
        query = select(PARAM.c.key, PARAM.c.head, PARAM.c.rest).where(
            PARAM.c.run == number, PARAM.c.key.in_(list(keys))
        )
        return {key: head + rest for key, head, rest in self._connection.execute(query)}

    def add_params(self, number: int, params: Mapping[str, str]) -> bool:
        """Store parameters that the run does not have yet; the others stay. Tell whether there were no others."""
        return insert_new(self._connection, PARAM, _value_rows(number, params))

    def set_tags(self, number: int, tags: Mapping[str, str]) -> None:
        """Set tags; others stay."""
        upsert(self._connection, TAG, _value_rows(number, tags))

    def add_tags(self, number: int, tags: Mapping[str, str]) -> None:
        """Store tags that the run does not have yet; the others stay."""
        insert_new(self._connection, TAG, _value_rows(number, tags))

    def tag(self, number: int, key: str) -> str | None:
        """Return a tag's value, or ``None``."""
        query = select(TAG.c.head, TAG.c.rest).where(TAG.c.run == number, TAG.c.key == key)
        found = self._connection.execute(query).one_or_none()
        return None if found is None else found[0] + found[1]

    def delete_tag(self, number: int, key: str) -> bool:
        """Delete a tag; tell whether there was one."""
        query = delete(TAG).where(TAG.c.run == number, TAG.c.key == key)
        return self._connection.execute(query).rowcount > 0

    def add_inputs(self, row: RunRow, datasets: Sequence[InputDataset]) -> None:
        """Store which datasets a run read; one of the same name and digest is kept once an experiment."""
        experiment = experiment_number(row.experiment_id)
        kept = [_dataset_row(experiment, dataset) for dataset in datasets]
        insert_new(self._connection, DATASET, kept)
        inputs = [
            {
                "run": row.number,
                "dataset": self._dataset_number(experiment, dataset),
                "context": dataset.tags.get(CONTEXT_TAG),
                "tags": dict(dataset.tags),
            }
            for dataset in datasets
        ]
        insert_new(self._connection, INPUT, inputs)

    def add_links(self, number: int, direction: str, links: Sequence[ModelLink]) -> None:
        """Store which logged models a run read (``input``) or wrote (``output``)."""
        rows = [{"run": number, "direction": direction, "model_id": m.model_id, "step": m.step} for m in links]
        insert_new(self._connection, MODEL_LINK, rows)

    def _dataset_number(self, experiment: int, dataset: InputDataset) -> int:
        query = select(DATASET.c.number).where(
            DATASET.c.experiment == experiment, DATASET.c.name == dataset.name, DATASET.c.digest == dataset.digest
        )
        return self._connection.execute(query).scalar_one()

    def _read(self, numbers: Sequence[int]) -> dict[int, LoggedRun]:
        rows = self._connection.execute(select(RUN).where(RUN.c.number.in_(numbers))).mappings()
        metrics, datasets = self._latest(numbers), self._datasets(numbers)
        params, tags, links = self._values(PARAM, numbers), self._values(TAG, numbers), self._links(numbers)
        return {
            number: _run(
                row,
                metrics=metrics.get(number, ()),
                params=params.get(number, {}),
                tags=tags.get(number, {}),
                datasets=datasets.get(number, ()),
                model_inputs=links.get((number, "input"), ()),
                model_outputs=links.get((number, "output"), ()),
            )
            for row in rows
            for number in [row["number"]]
        }

    def _latest(self, numbers: Sequence[int]) -> dict[int, list[Point]]:
        columns = LATEST.c.run, LATEST.c.key, LATEST.c.value, LATEST.c.is_nan, LATEST.c.timestamp, LATEST.c.step
        found: dict[int, list[Point]] = {}
        for run, key, value, is_nan, timestamp, step in self._of(LATEST, columns, numbers):
            found.setdefault(run, []).append(Point(key, nan if is_nan else value, timestamp, step))
        return found

    def _values(self, table: Table, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for run, key, head, rest in self._of(table, (table.c.run, table.c.key, table.c.head, table.c.rest), numbers):
            found.setdefault(run, {})[key] = head + rest
        return found

    def _datasets(self, numbers: Sequence[int]) -> dict[int, list[InputDataset]]:
        query = select(INPUT.c.run, INPUT.c.tags, *DATASET.c).join(DATASET, DATASET.c.number == INPUT.c.dataset)
        found: dict[int, list[InputDataset]] = {}
        for row in self._connection.execute(query.where(INPUT.c.run.in_(numbers))).mappings():
            parts = {name: row[name] for name in ("name", "digest", "source_type", "source", "schema", "profile")}
            found.setdefault(row["run"], []).append(InputDataset(**parts, tags=row["tags"]))
        return found

    def _links(self, numbers: Sequence[int]) -> dict[tuple[int, str], list[ModelLink]]:
        columns = MODEL_LINK.c.run, MODEL_LINK.c.direction, MODEL_LINK.c.model_id, MODEL_LINK.c.step
        found: dict[tuple[int, str], list[ModelLink]] = {}
        for run, direction, model_id, step in self._of(MODEL_LINK, columns, numbers):
            found.setdefault((run, direction), []).append(ModelLink(model_id, step))
        return found

    def _of(self, table: Table, columns: Sequence[Any], numbers: Sequence[int]) -> Any:
        return self._connection.execute(select(*columns).where(table.c.run.in_(numbers))).all()


def _run(row: RowMapping, **logged: Any) -> LoggedRun:
    return LoggedRun(
        id=row["id"],
        experiment_id=str(row["experiment"]),
        name=row["name"],
        user=row["user"],
        status=Status(row["status"]),
        lifecycle=Lifecycle(row["lifecycle"]),
        started_ms=row["started_ms"],
        ended_ms=row["ended_ms"],
        **logged,
    )


def _point_row(number: int, point: Point) -> dict[str, Any]:
    none = isnan(point.value)
    return {
        "run": number,
        "key": point.key,
        "value": 0.0 if none else point.value,
        "is_nan": int(none),
        "timestamp": point.timestamp,
        "step": point.step,
    }


def _value_rows(number: int, values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"run": number, "key": key, "head": value[:HEAD_CHARACTERS], "rest": value[HEAD_CHARACTERS:]}
        for key, value in values.items()
    ]


def _dataset_row(experiment: int, dataset: InputDataset) -> dict[str, Any]:
    return {
        "experiment": experiment,
        "name": dataset.name,
        "digest": dataset.digest,
        "source_type": dataset.source_type,
        "source": dataset.source,
        "schema": dataset.schema,
        "profile": dataset.profile,
    }
