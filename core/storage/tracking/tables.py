"""The tables of logged runs.

Rows of metrics, parameters and tags name their run by a number, which takes a tenth of the room of its id, and lie in
the order of their key. A NaN, which SQLite cannot keep, is a 0 whose ``is_nan`` is 1: a number, because a
truth value would pass through Python row by row. The text of a parameter or tag
is a head, which is indexed, and a rest, which is mostly empty: an entry of PostgreSQL's indices ends at 2,700 bytes.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from core.storage.row import NESTED, Row

HEAD_CHARACTERS = 100

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # only this one counts up by itself on SQLite


def _number(name: str) -> Column[int]:
    return Column(name, _NUMBER, primary_key=True)


def _of_run() -> Column[int]:
    return Column("run", BigInteger, ForeignKey("logged_run.number"), primary_key=True, autoincrement=False)


def _key(name: str, kind: Any = String) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _named_values(name: str) -> Table:
    return Table(
        name,
        Row.metadata,
        _of_run(),
        _key("key"),
        Column("head", String, nullable=False),
        Column("rest", String, nullable=False),
        Index(None, "key", "head", "run"),
        sqlite_with_rowid=False,
    )


EXPERIMENT = Table(
    "experiment",
    Row.metadata,
    _number("number"),
    Column("name", String, nullable=False, unique=True),
    Column("lifecycle", String, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Column("project_id", String, ForeignKey("project.id"), index=True),
)

EXPERIMENT_TAG = Table(
    "experiment_tag",
    Row.metadata,
    Column("experiment", BigInteger, ForeignKey("experiment.number"), primary_key=True, autoincrement=False),
    _key("key"),
    Column("value", String, nullable=False),
    sqlite_with_rowid=False,
)

RUN = Table(
    "logged_run",
    Row.metadata,
    _number("number"),
    Column("id", String, nullable=False, unique=True),
    Column("experiment", BigInteger, ForeignKey("experiment.number"), nullable=False),
    Column("name", String, nullable=False),
    Column("user", String, nullable=False),
    Column("status", String, nullable=False),
    Column("lifecycle", String, nullable=False),
    Column("started_ms", BigInteger, nullable=False),
    Column("ended_ms", BigInteger),
    Index(None, "experiment", "lifecycle", "started_ms", "id"),
)

PARAM, TAG = _named_values("run_param"), _named_values("run_tag")

POINT = Table(
    "run_metric",
    Row.metadata,
    _of_run(),
    _key("key"),
    _key("timestamp", BigInteger),
    _key("step", BigInteger),
    _key("value", Double),
    _key("is_nan", SmallInteger),
    sqlite_with_rowid=False,
)

LATEST = Table(
    "run_latest_metric",
    Row.metadata,
    _of_run(),
    _key("key"),
    Column("value", Double, nullable=False),
    Column("is_nan", SmallInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    Index(None, "key", "is_nan", "value", "run"),
    sqlite_with_rowid=False,
)

DATASET = Table(
    "input_dataset",
    Row.metadata,
    _number("number"),
    Column("experiment", BigInteger, ForeignKey("experiment.number"), nullable=False),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("source_type", String, nullable=False),
    Column("source", String, nullable=False),
    Column("schema", String),
    Column("profile", String),
    UniqueConstraint("experiment", "name", "digest"),
)

INPUT = Table(
    "run_input",
    Row.metadata,
    _of_run(),
    Column("dataset", BigInteger, ForeignKey("input_dataset.number"), primary_key=True, autoincrement=False),
    Column("context", String),
    Column("tags", NESTED, nullable=False),
    Index(None, "dataset"),
)

MODEL_LINK = Table(
    "run_model_link",
    Row.metadata,
    _of_run(),
    _key("direction"),
    _key("model_id"),
    _key("step", BigInteger),
    Index(None, "model_id"),
)
