"""Logged models inside one transaction."""

from collections.abc import Mapping, Sequence
from math import isnan, nan
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, exists, insert, select, update

from core.errors import NotFound
from core.modelling.tracking.experiment import Lifecycle, experiment_number
from core.modelling.tracking.logged_model import LoggedModel, Measured, ModelStatus
from core.modelling.tracking.logged_run import Point
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.models import LoggedModelQuery
from core.storage.tracking.described import Described, on_one_of
from core.storage.tracking.model_tables import LOGGED_MODEL, MODEL_METRIC, MODEL_PARAM, MODEL_TAG
from core.storage.tracking.statements import chunks, insert_new, upsert, upsert_later

_DESCRIBED = Described(
    key=LOGGED_MODEL.c.id,
    attributes={
        "name": LOGGED_MODEL.c.name,
        "model_id": LOGGED_MODEL.c.id,
        "model_type": LOGGED_MODEL.c.type,
        "source_run_id": LOGGED_MODEL.c.source_run_id,
        "status": LOGGED_MODEL.c.status,
        "created": LOGGED_MODEL.c.created_ms,
        "updated": LOGGED_MODEL.c.updated_ms,
    },
    values={Entity.PARAM: MODEL_PARAM, Entity.TAG: MODEL_TAG, Entity.METRIC: MODEL_METRIC},
)


class LoggedModelRecords:
    """Logged models that are read and written in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, model_id: str, *, lock: bool = False) -> LoggedModel:
        """Return a model, deleted or not; ``lock`` keeps other writers of the same model waiting.

        Raises
        ------
        NotFound
            There is no such model.
        """
        if lock:
            mine = select(LOGGED_MODEL.c.id).where(LOGGED_MODEL.c.id == model_id)
            self._connection.execute(mine.with_for_update(key_share=True))
        found = self.read([model_id])
        if not found:
            raise NotFound.record("logged model", model_id[:100])
        return found[0]

    def read(self, model_ids: Sequence[str]) -> list[LoggedModel]:
        """Return models by their ids, in the order of these."""
        found: dict[str, LoggedModel] = {}
        for some in chunks(model_ids):
            found |= self._read(some)
        return [found[model_id] for model_id in model_ids if model_id in found]

    def add(self, model: LoggedModel) -> None:
        """Store a new model with its parameters and tags."""
        row = {
            "id": model.id,
            "experiment": experiment_number(model.experiment_id),
            "name": model.name,
            "type": model.type,
            "source_run_id": model.source_run_id,
            "status": model.status.value,
            "lifecycle": model.lifecycle.value,
            "created_ms": model.created_ms,
            "updated_ms": model.updated_ms,
        }
        self._connection.execute(insert(LOGGED_MODEL), row)
        self.add_params(model.id, model.params)
        self.set_tags(model.id, model.tags)

    def change(self, model_id: str, **changes: Any) -> None:
        """Change columns of a model."""
        self._connection.execute(update(LOGGED_MODEL).where(LOGGED_MODEL.c.id == model_id), changes)

    def add_params(self, model_id: str, params: Mapping[str, str]) -> None:
        """Store parameters that the model does not have yet; the others stay."""
        insert_new(self._connection, MODEL_PARAM, _value_rows(model_id, params))

    def set_tags(self, model_id: str, tags: Mapping[str, str]) -> None:
        """Set tags; others stay."""
        upsert(self._connection, MODEL_TAG, _value_rows(model_id, tags))

    def delete_tag(self, model_id: str, key: str) -> bool:
        """Delete a tag; tell whether there was one."""
        query = delete(MODEL_TAG).where(MODEL_TAG.c.owner == model_id, MODEL_TAG.c.key == key)
        return self._connection.execute(query).rowcount > 0

    def log_metrics(self, run_id: str, points: Sequence[Point]) -> None:
        """Note the latest values of those points that measure a model which is known here."""
        of_models = [point for point in points if point.model_id]
        if not of_models:
            return
        ids = {point.model_id for point in of_models}
        query = select(LOGGED_MODEL.c.id).where(LOGGED_MODEL.c.id.in_(ids))
        known = set(self._connection.execute(query).scalars())
        rows = [_metric_row(run_id, point) for point in of_models if point.model_id in known]
        upsert_later(self._connection, MODEL_METRIC, rows, ("step", "timestamp", "value"))

    def search(self, query: LoggedModelQuery, experiments: Sequence[int]) -> list[str]:
        """Return the ids of the models of a page, and of one more where there are more."""
        dialect = self._connection.dialect.name
        wanted = [_DESCRIBED.meets(condition, dialect, query.datasets) for condition in query.conditions]
        if query.datasets and not any(condition.entity is Entity.METRIC for condition in query.conditions):
            mine = MODEL_METRIC.c.owner == LOGGED_MODEL.c.id
            wanted.append(exists().where(mine, on_one_of(MODEL_METRIC, query.datasets)))
        active = LOGGED_MODEL.c.lifecycle == Lifecycle.ACTIVE.value
        newest = [LOGGED_MODEL.c.created_ms.desc(), LOGGED_MODEL.c.id]
        statement = (
            select(LOGGED_MODEL.c.id)
            .where(active, LOGGED_MODEL.c.experiment.in_(experiments), *wanted)
            .order_by(*_DESCRIBED.order(query.orderings, query.datasets), *newest)
        )
        return list(self._connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())

    def _read(self, model_ids: Sequence[str]) -> dict[str, LoggedModel]:
        rows = self._connection.execute(select(LOGGED_MODEL).where(LOGGED_MODEL.c.id.in_(model_ids))).mappings()
        params, tags = self._values(MODEL_PARAM, model_ids), self._values(MODEL_TAG, model_ids)
        metrics = self._metrics(model_ids)
        return {
            row["id"]: _model(
                row,
                params=params.get(row["id"], {}),
                tags=tags.get(row["id"], {}),
                metrics=metrics.get(row["id"], ()),
            )
            for row in rows
        }

    def _values(self, table: Table, model_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for owner, key, value in self._connection.execute(select(table).where(table.c.owner.in_(model_ids))):
            found.setdefault(owner, {})[key] = value
        return found

    def _metrics(self, model_ids: Sequence[str]) -> dict[str, list[Measured]]:
        found: dict[str, list[Measured]] = {}
        query = select(MODEL_METRIC).where(MODEL_METRIC.c.owner.in_(model_ids)).order_by(MODEL_METRIC.c.timestamp)
        for row in self._connection.execute(query).mappings():
            found.setdefault(row["owner"], []).append(Measured(run_id=row["run_id"], point=_point(row)))
        return found


def _model(row: RowMapping, **described: Any) -> LoggedModel:
    return LoggedModel(
        id=row["id"],
        experiment_id=str(row["experiment"]),
        name=row["name"],
        type=row["type"],
        source_run_id=row["source_run_id"],
        status=ModelStatus(row["status"]),
        lifecycle=Lifecycle(row["lifecycle"]),
        created_ms=row["created_ms"],
        updated_ms=row["updated_ms"],
        **described,
    )


def _point(row: RowMapping) -> Point:
    return Point(
        row["key"],
        nan if row["is_nan"] else row["value"],
        row["timestamp"],
        row["step"],
        row["owner"],
        row["dataset_name"] or None,
        row["dataset_digest"] or None,
    )


def _metric_row(run_id: str, point: Point) -> dict[str, Any]:
    none = isnan(point.value)
    return {
        "owner": point.model_id,
        "key": point.key,
        "run_id": run_id,
        "dataset_name": point.dataset_name or "",
        "dataset_digest": point.dataset_digest or "",
        "value": 0.0 if none else point.value,
        "is_nan": int(none),
        "timestamp": point.timestamp,
        "step": point.step,
    }


def _value_rows(owner: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"owner": owner, "key": key, "value": value} for key, value in values.items()]
