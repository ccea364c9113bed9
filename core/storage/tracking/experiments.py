"""Experiments inside one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NotFound
from core.modelling.tracking.experiment import Experiment, Lifecycle, experiment_number
from core.storage.tracking.statements import chunks, upsert
from core.storage.tracking.tables import EXPERIMENT, EXPERIMENT_TAG, RUN

_LIFECYCLE = select(EXPERIMENT.c.lifecycle).where(EXPERIMENT.c.number == bindparam("of"))


class ExperimentRecords:
    """Experiments that are read and written in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, experiment_id: str) -> Experiment:
        """Return an experiment, deleted or not.

        Raises
        ------
        NotFound
            There is no such experiment.
        InvalidInput
            ``experiment_id`` is no decimal number.
        """
        return self._one(EXPERIMENT.c.number == experiment_number(experiment_id), experiment_id)

    def lifecycle(self, experiment_id: str) -> Lifecycle:
        """Tell whether an experiment was deleted.

        Raises
        ------
        NotFound
            There is no such experiment.
        InvalidInput
            ``experiment_id`` is no decimal number.
        """
        found = self._connection.execute(_LIFECYCLE, {"of": experiment_number(experiment_id)}).scalar_one_or_none()
        if found is None:
            raise NotFound.record("experiment", experiment_id)
        return Lifecycle(found)

    def named(self, name: str) -> Experiment:
        """Return an experiment by its name, deleted or not.

        Raises
        ------
        NotFound
            There is no such experiment.
        """
        return self._one(EXPERIMENT.c.name == name, name)

    def tagged(self, key: str) -> Experiment | None:
        """Return the experiment that has a tag, deleted or not, or ``None``."""
        query = select(EXPERIMENT_TAG.c.experiment).where(EXPERIMENT_TAG.c.key == key).limit(1)
        number = self._connection.execute(query).scalar_one_or_none()
        return None if number is None else self.get(str(number))

    def is_named(self, name: str) -> bool:
        """Tell whether an experiment has this name, deleted or not."""
        query = select(EXPERIMENT.c.number).where(EXPERIMENT.c.name == name)
        return self._connection.execute(query).first() is not None

    def add(self, name: str, tags: Mapping[str, str], project_id: str | None, now_ms: int) -> Experiment:
        """Store a new experiment and return it.

        Raises
        ------
        Conflict
            There is one of this name, perhaps a deleted one.
        """
        row = {
            "name": name,
            "lifecycle": Lifecycle.ACTIVE.value,
            "created_ms": now_ms,
            "updated_ms": now_ms,
            "project_id": project_id,
        }
        try:
            with self._connection.begin_nested():
                number = self._connection.execute(insert(EXPERIMENT).returning(EXPERIMENT.c.number), row).scalar_one()
        except IntegrityError as error:
            raise _taken(name) from error
        self.set_tags(str(number), tags)
        return Experiment(
            id=str(number), name=name, created_ms=now_ms, updated_ms=now_ms, project_id=project_id, tags=dict(tags)
        )

    def rename(self, experiment_id: str, name: str, now_ms: int) -> None:
        """Give an experiment another name.

        Raises
        ------
        Conflict
            Another one has this name.
        """
        try:
            with self._connection.begin_nested():
                self._change(experiment_id, name=name, updated_ms=now_ms)
        except IntegrityError as error:
            raise _taken(name) from error

    def restate(self, experiment_id: str, lifecycle: Lifecycle, created_ms: int, updated_ms: int) -> None:
        """Say of an experiment that came from elsewhere what was so there; its runs stay as they are."""
        self._change(experiment_id, lifecycle=lifecycle.value, created_ms=created_ms, updated_ms=updated_ms)

    def move(self, experiment_id: str, project_id: str | None) -> None:
        """Put an experiment into a project, or with ``None`` into the inbox."""
        self._change(experiment_id, project_id=project_id)

    def mark(self, experiment_id: str, lifecycle: Lifecycle, now_ms: int) -> None:
        """Mark an experiment and all its runs as deleted, or as active again."""
        self._change(experiment_id, lifecycle=lifecycle.value, updated_ms=now_ms)
        runs = update(RUN).where(RUN.c.experiment == experiment_number(experiment_id))
        self._connection.execute(runs, {"lifecycle": lifecycle.value})

    def set_tags(self, experiment_id: str, tags: Mapping[str, str]) -> None:
        """Set tags; others stay."""
        number = experiment_number(experiment_id)
        rows = [{"experiment": number, "key": key, "value": value} for key, value in tags.items()]
        upsert(self._connection, EXPERIMENT_TAG, rows)

    def delete_tag(self, experiment_id: str, key: str) -> None:
        """Delete a tag.

        Raises
        ------
        NotFound
            The experiment has no such tag.
        """
        mine = EXPERIMENT_TAG.c.experiment == experiment_number(experiment_id)
        if not self._connection.execute(delete(EXPERIMENT_TAG).where(mine, EXPERIMENT_TAG.c.key == key)).rowcount:
            raise NotFound(f"The experiment {experiment_id} has no tag {key!r}. Look at its tags for the right name.")

    def read(self, numbers: Sequence[int]) -> list[Experiment]:
        """Return experiments by their numbers, in the order of these."""
        rows: dict[int, RowMapping] = {}
        for some in chunks(numbers):
            query = select(EXPERIMENT).where(EXPERIMENT.c.number.in_(some))
            rows |= {row["number"]: row for row in self._connection.execute(query).mappings()}
        tags = self._tags(rows)
        return [_experiment(rows[number], tags.get(number, {})) for number in numbers if number in rows]

    def _one(self, condition: Any, key: str) -> Experiment:
        row = self._connection.execute(select(EXPERIMENT).where(condition)).mappings().one_or_none()
        if row is None:
            raise NotFound.record("experiment", key[:100])
        return _experiment(row, self._tags([row["number"]]).get(row["number"], {}))

    def _tags(self, numbers: Iterable[int]) -> dict[int, dict[str, str]]:
        tags: dict[int, dict[str, str]] = {}
        for some in chunks(list(numbers)):
            query = select(EXPERIMENT_TAG).where(EXPERIMENT_TAG.c.experiment.in_(some))
            for number, key, value in self._connection.execute(query):
                tags.setdefault(number, {})[key] = value
        return tags

    def _change(self, experiment_id: str, **changes: Any) -> None:
        mine = EXPERIMENT.c.number == experiment_number(experiment_id)
        self._connection.execute(update(EXPERIMENT).where(mine), changes)


def _experiment(row: RowMapping, tags: Mapping[str, str]) -> Experiment:
    return Experiment(
        id=str(row["number"]),
        name=row["name"],
        created_ms=row["created_ms"],
        updated_ms=row["updated_ms"],
        lifecycle=Lifecycle(row["lifecycle"]),
        project_id=row["project_id"],
        tags=tags,
    )


def _taken(name: str) -> Conflict:
    return Conflict(
        f"An experiment named {name[:100]!r} already exists, perhaps among the deleted. Choose another name, or "
        "restore it."
    )
