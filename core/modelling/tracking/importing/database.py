"""MLflow's SQLite file, opened for reading only and in short reads, so that training may go on writing to it.

Source of the schema: ``mlflow/store/tracking/dbmodels/models.py``, MLflow 3.
"""

import sqlite3
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.errors import InvalidInput, Unavailable
from core.modelling.tracking.experiment import Experiment
from core.modelling.tracking.importing.fitting import (
    MOST_VALUES,
    dataset_of,
    experiment_of,
    experiment_tags_of,
    fitting,
    params_of,
    point_of,
    run_of,
    tags_of,
    text,
)
from core.modelling.tracking.importing.fitting_models import (
    DELETED_STAGE,
    link_of,
    logged_model_of,
    measured_of,
    registered_of,
    version_of,
)
from core.modelling.tracking.importing.local_files import files_below
from core.modelling.tracking.importing.source import LeftOut
from core.modelling.tracking.logged_model import LoggedModel
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, ModelLink, Point
from core.modelling.tracking.registry import RegisteredModel, RegisteredVersion

MAGIC = b"SQLite format 3\x00"
_PORTION = 10_000
_LONGEST_VALUE = 32_000_000
_COLUMNS = {
    "experiments": "experiment_id name lifecycle_stage creation_time last_update_time",
    "experiment_tags": "experiment_id key value",
    "runs": "run_uuid experiment_id name user_id status lifecycle_stage start_time end_time artifact_uri",
    "metrics": "run_uuid key value is_nan timestamp step",
    "params": "run_uuid key value",
    "tags": "run_uuid key value",
    "datasets": "dataset_uuid name digest dataset_source_type dataset_source dataset_schema dataset_profile",
    "inputs": "input_uuid source_type source_id destination_type destination_id",
    "input_tags": "input_uuid name value",
}
_LATER_COLUMNS = {  # what versions of MLflow before it does not keep yet
    "logged_models": "model_id experiment_id name artifact_location creation_timestamp_ms last_updated_timestamp_ms "
    "status lifecycle_stage model_type source_run_id",
    "logged_model_params": "model_id param_key param_value",
    "logged_model_tags": "model_id tag_key tag_value",
    "logged_model_metrics": "model_id metric_name metric_timestamp_ms metric_step metric_value run_id dataset_name "
    "dataset_digest",
    "registered_models": "name creation_time last_updated_time description",
    "registered_model_tags": "name key value",
    "registered_model_aliases": "name alias version",
    "model_versions": "name version creation_time last_updated_time description current_stage source run_id run_link "
    "storage_location",
    "model_version_tags": "name version key value",
}
_EXPERIMENTS = """SELECT e.experiment_id AS id, e.name AS name, e.creation_time AS created_ms,
    e.last_update_time AS updated_ms, e.lifecycle_stage AS lifecycle FROM experiments e ORDER BY e.experiment_id"""
_RUN = """SELECT r.run_uuid AS id, r.experiment_id AS experiment_id, r.name AS name, r.user_id AS user,
    r.status AS status, r.lifecycle_stage AS lifecycle, r.start_time AS started_ms, r.end_time AS ended_ms,
    r.artifact_uri AS artifact_uri FROM runs r WHERE r.run_uuid = ?"""
_RUN_IDS = "SELECT r.run_uuid FROM runs r WHERE r.experiment_id = ? ORDER BY r.start_time, r.run_uuid"
_POINTS = """SELECT m.rowid, m."key", m.value, m.is_nan, m.timestamp, m.step FROM metrics m
    WHERE m.run_uuid = ? AND m.rowid > ? ORDER BY m.rowid LIMIT ?"""
_DATASETS = """SELECT i.input_uuid AS input, d.name AS name, d.digest AS digest, d.dataset_source_type AS source_type,
    d.dataset_source AS source, d.dataset_schema AS schema, d.dataset_profile AS profile
    FROM inputs i JOIN datasets d ON d.dataset_uuid = i.source_id
    WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = ?"""

_LINKS = """SELECT i.destination_id AS model_id, i.step AS step FROM inputs i
    WHERE i.source_type = ? AND i.source_id = ? AND i.destination_type = ?"""
_MODELS = """SELECT m.model_id AS id, m.experiment_id AS experiment_id, m.name AS name, m.model_type AS type,
    m.source_run_id AS source_run_id, m.status AS status, m.lifecycle_stage AS lifecycle,
    m.creation_timestamp_ms AS created_ms, m.last_updated_timestamp_ms AS updated_ms,
    m.artifact_location AS artifact_uri
    FROM logged_models m WHERE m.experiment_id = ? ORDER BY m.creation_timestamp_ms, m.model_id"""
_MEASURED = """SELECT * FROM (SELECT m.metric_name AS "key", m.metric_value AS value,
    m.metric_timestamp_ms AS timestamp, m.metric_step AS step, m.run_id AS run_id,
    m.dataset_name AS dataset_name, m.dataset_digest AS dataset_digest,
    ROW_NUMBER() OVER (PARTITION BY m.metric_name, m.run_id, m.dataset_name, m.dataset_digest
        ORDER BY m.metric_step DESC, m.metric_timestamp_ms DESC, m.metric_value DESC) AS place
    FROM logged_model_metrics m WHERE m.model_id = ?) WHERE place = 1"""
_OF_MODEL = f"WHERE p.model_id = ? ORDER BY p.rowid LIMIT {2 * MOST_VALUES}"
_REGISTERED = """SELECT r.name AS name, r.description AS description, r.creation_time AS created_ms,
    r.last_updated_time AS updated_ms FROM registered_models r ORDER BY r.name"""
_VERSIONS = """SELECT v.name AS name, v.version AS version, v.current_stage AS stage, v.description AS description,
    v.source AS source, v.storage_location AS storage, v.run_id AS run_id, v.run_link AS run_link, NULL AS model_id,
    v.creation_time AS created_ms, v.last_updated_time AS updated_ms
    FROM model_versions v WHERE v.name = ? AND v.current_stage <> ? ORDER BY v.version"""


class Database:
    """An SQLite file of MLflow. ``left_out`` counts what does not fit."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()
        self._artifacts: dict[str, str] = {}
        self._has_models = self._has_registry = False
        self.left_out = LeftOut()
        with self._explained():
            self._connection = sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            self._connection.text_factory = _text
            self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        try:
            self._check_schema()
        except BaseException:
            self.close()
            raise

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self._path.name

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def experiments(self) -> Iterator[Experiment]:
        """Give every experiment."""
        yield from fitting("experiments", self._all(_EXPERIMENTS), self._experiment, self.left_out)

    def runs(self, experiment_id: str) -> Iterator[LoggedRun]:
        """Give the runs of an experiment, the earliest first."""
        for (run_id,) in self._all(_RUN_IDS, int(experiment_id)):
            yield from fitting("runs", self._all(_RUN, run_id), self._run, self.left_out)

    def points(self, run: LoggedRun) -> Iterator[Sequence[Point]]:
        """Give the points of a run in the order in which they were stored."""
        after = -(2**63)
        while rows := self._all(_POINTS, run.id, after, _PORTION):
            after = rows[-1][0]
            yield list(fitting("points", rows, _point, self.left_out))

    def files(self, run: LoggedRun) -> Iterator[tuple[str, Path]] | None:
        """Give the files of a run where they lie in ``mlruns`` or ``mlartifacts`` beside the database."""
        return self._files(run.id)

    def models(self, experiment_id: str) -> Iterator[LoggedModel]:
        """Give the logged models of an experiment, the earliest first."""
        if self._has_models:
            rows = self._all(_MODELS, int(experiment_id))
            yield from fitting("logged models", rows, self._model, self.left_out)

    def model_files(self, model: LoggedModel) -> Iterator[tuple[str, Path]] | None:
        """Give the files of a logged model where they lie beside the database."""
        return self._files(model.id)

    def registered(self) -> Iterator[tuple[RegisteredModel, Sequence[RegisteredVersion]]]:
        """Give every registered model with its versions."""
        if self._has_registry:
            rows = self._all(_REGISTERED)
            yield from fitting("registered models", rows, self._registered, self.left_out)

    def _files(self, owner_id: str) -> Iterator[tuple[str, Path]] | None:
        own = [self._path.parent / name for name in ("mlruns", "mlartifacts")]
        folder = _local(self._artifacts.get(owner_id, ""), own[1])
        if folder is None or not folder.is_dir():
            return None
        real = folder.resolve()
        return files_below(real) if any(real.is_relative_to(home) for home in own) else None

    def _experiment(self, row: sqlite3.Row) -> Experiment:
        tags = self._all('SELECT t."key", t.value FROM experiment_tags t WHERE t.experiment_id = ?', row["id"])
        return experiment_of(dict(row), experiment_tags_of(map(tuple, tags), self.left_out))

    def _run(self, row: sqlite3.Row) -> LoggedRun:
        params, tags = (self._values(table, row["id"]) for table in ("params", "tags"))
        datasets = fitting("datasets", self._all(_DATASETS, row["id"]), self._dataset, self.left_out)
        run = run_of(
            dict(row),
            params=params_of(params, self.left_out),
            tags=tags_of(tags, self.left_out),
            datasets=tuple(datasets),
            model_inputs=self._links(row["id"], "INPUT"),
            model_outputs=self._links(row["id"], "OUTPUT"),
        )
        self._artifacts[run.id] = text(row["artifact_uri"] or "")
        return run

    def _links(self, run_id: str, direction: str) -> tuple[ModelLink, ...]:
        if not self._has_models:
            return ()
        rows = self._all(_LINKS, f"RUN_{direction}", run_id, f"MODEL_{direction}")
        return tuple(fitting("links to models", rows, lambda row: link_of(row["model_id"], row["step"]), self.left_out))

    def _model(self, row: sqlite3.Row) -> LoggedModel:
        params = self._all(f"SELECT p.param_key, p.param_value FROM logged_model_params p {_OF_MODEL}", row["id"])
        tags = self._all(f"SELECT p.tag_key, p.tag_value FROM logged_model_tags p {_OF_MODEL}", row["id"])
        measured = fitting(
            "points", self._all(_MEASURED, row["id"]), lambda one: measured_of(dict(one), row["id"]), self.left_out
        )
        model = logged_model_of(
            dict(row),
            params=params_of(map(tuple, params), self.left_out),
            tags=tags_of(map(tuple, tags), self.left_out),
            metrics=measured,
        )
        self._artifacts[model.id] = text(row["artifact_uri"] or "")
        return model

    def _registered(self, row: sqlite3.Row) -> tuple[RegisteredModel, list[RegisteredVersion]]:
        of_model = 'WHERE t.name = ? ORDER BY t."key"'
        tags = self._all(f'SELECT t."key", t.value FROM registered_model_tags t {of_model}', row["name"])
        aliases = self._all("SELECT a.alias, a.version FROM registered_model_aliases a WHERE a.name = ?", row["name"])
        model = registered_of(
            dict(row),
            tags=tags_of(map(tuple, tags), self.left_out),
            aliases=list(map(tuple, aliases)),
            left_out=self.left_out,
        )
        rows = self._all(_VERSIONS, row["name"], DELETED_STAGE)
        return model, list(fitting("versions", rows, self._version, self.left_out))

    def _version(self, row: sqlite3.Row) -> RegisteredVersion:
        query = 'SELECT t."key", t.value FROM model_version_tags t WHERE t.name = ? AND t.version = ?'
        tags = self._all(query, row["name"], row["version"])
        return version_of(dict(row), tags=tags_of(map(tuple, tags), self.left_out))

    def _dataset(self, row: sqlite3.Row) -> InputDataset:
        tags = self._all("SELECT t.name, t.value FROM input_tags t WHERE t.input_uuid = ?", row["input"])
        return dataset_of(dict(row), dict(map(tuple, tags)))

    def _values(self, table: str, run_id: str) -> Iterator[tuple[Any, Any]]:
        """Give the parameters or tags of a run in portions: there may be more than memory holds."""
        query = f'SELECT v.rowid, v."key", v.value FROM {table} v WHERE v.run_uuid = ? AND v.rowid > ?'
        after = -(2**63)
        while rows := self._all(f"{query} ORDER BY v.rowid LIMIT {_PORTION}", run_id, after):
            after = rows[-1][0]
            yield from ((row[1], row[2]) for row in rows)

    def _all(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._explained():
            return self._connection.execute(query, values).fetchall()

    def _check_schema(self) -> None:
        self._all("PRAGMA trusted_schema = OFF")
        kinds = dict(map(tuple, self._all("SELECT name, type || ' ' || sql FROM sqlite_master WHERE sql <> ''")))
        if not kinds.get("alembic_version") or not kinds.get("experiments"):
            raise InvalidInput(f"{self._path} is an SQLite file, but no database of MLflow. Name MLflow's own.")
        for table, columns in {**_COLUMNS, **_LATER_COLUMNS}.items():
            kind = kinds.get(table, "")
            if kind and not kind.upper().startswith("TABLE CREATE TABLE"):
                raise InvalidInput(f"{table!r} in {self._path} is no plain table, so this is no database of MLflow's.")
            found = {row[1] for row in self._all(f"PRAGMA table_info({table})")}
            missing = sorted(set(columns.split()) - found)
            if missing and (found or table in _COLUMNS):
                what = f"the column {missing[0]!r} of {table!r}" if found else f"the table {table!r}"
                raise InvalidInput(
                    f"{self._path} lacks {what}, which MLflow 3 keeps. Bring a copy of it up to date with "
                    "'mlflow db upgrade', then import that."
                )
        self._has_models, self._has_registry = (
            all(table in kinds for table in _LATER_COLUMNS if table.startswith("logged_") == logged)
            for logged in (True, False)
        )

    @contextmanager
    def _explained(self) -> Generator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{self._path} cannot be read ({error}). What was imported stays; try again.") from error
        except (sqlite3.Error, OverflowError) as error:
            raise InvalidInput(f"{self._path} is no sound SQLite file ({error}). Name MLflow's own.") from error


def _text(found: bytes) -> str:
    return found.decode(errors="replace")


def _point(row: Mapping[str, Any] | sqlite3.Row) -> Point:
    return point_of(row["key"], "nan" if row["is_nan"] else row["value"], row["timestamp"], row["step"])


def _local(uri: str, served: Path) -> Path | None:
    """Return the folder that an address of artifacts names on this machine, or ``None``."""
    if "\x00" in uri or "\N{REPLACEMENT CHARACTER}" in uri:
        return None
    parts = urlsplit(uri)
    if parts.scheme == "mlflow-artifacts" and not parts.netloc:
        return served / unquote(parts.path).lstrip("/")
    if parts.scheme not in {"", "file"} or parts.netloc not in {"", "localhost"} or not parts.path:
        return None
    path = Path(unquote(parts.path) if parts.scheme else uri)
    return path if path.is_absolute() else None
