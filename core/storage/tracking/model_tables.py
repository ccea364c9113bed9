"""The tables of logged models. Of every metric the latest value is kept, once a run and dataset."""

from typing import Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, SmallInteger, String, Table

from core.storage.row import Row


def values_table(name: str, owner: Column[Any]) -> Table:
    """Return a table of texts by name: the parameters or tags of an owner."""
    return Table(
        name,
        Row.metadata,
        owner,
        Column("key", String, primary_key=True),
        Column("value", String, nullable=False),
        sqlite_with_rowid=False,
    )


def _of_model() -> Column[Any]:
    return Column("owner", String, ForeignKey("logged_model.id"), primary_key=True)


LOGGED_MODEL = Table(
    "logged_model",
    Row.metadata,
    Column("id", String, primary_key=True),
    Column("experiment", BigInteger, ForeignKey("experiment.number"), nullable=False),
    Column("name", String, nullable=False),
    Column("type", String, nullable=False),
    Column("source_run_id", String, nullable=False),
    Column("status", String, nullable=False),
    Column("lifecycle", String, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    Index(None, "experiment", "lifecycle", "created_ms", "id"),
)

MODEL_PARAM = values_table("logged_model_param", _of_model())
MODEL_TAG = values_table("logged_model_tag", _of_model())

MODEL_METRIC = Table(
    "logged_model_metric",
    Row.metadata,
    _of_model(),
    Column("key", String, primary_key=True),
    Column("run_id", String, primary_key=True),
    Column("dataset_name", String, primary_key=True),
    Column("dataset_digest", String, primary_key=True),
    Column("value", Double, nullable=False),
    Column("is_nan", SmallInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("step", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
