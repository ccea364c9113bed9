"""The tables of registered models. ``last_version`` only grows: the number of a deleted version is not given again."""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from core.storage.row import Row
from core.storage.tracking.model_tables import values_table

_NUMBER = BigInteger().with_variant(Integer(), "sqlite")  # only this one counts up by itself on SQLite


def _owned_by(table: str) -> Column[Any]:
    return Column("owner", BigInteger, ForeignKey(f"{table}.number"), primary_key=True, autoincrement=False)


REGISTERED_MODEL = Table(
    "registered_model",
    Row.metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("description", String, nullable=False),
    Column("last_version", BigInteger, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
)

REGISTERED_TAG = values_table("registered_model_tag", _owned_by("registered_model"))

ALIAS = Table(
    "registered_model_alias",
    Row.metadata,
    _owned_by("registered_model"),
    Column("alias", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

VERSION = Table(
    "registered_version",
    Row.metadata,
    Column("number", _NUMBER, primary_key=True),
    Column("model", BigInteger, ForeignKey("registered_model.number"), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("stage", String, nullable=False),
    Column("description", String, nullable=False),
    Column("source", String, nullable=False),
    Column("storage", String, nullable=False),
    Column("run_id", String, nullable=False),
    Column("run_link", String, nullable=False),
    Column("model_id", String, nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("updated_ms", BigInteger, nullable=False),
    UniqueConstraint("model", "version"),
    Index(None, "run_id"),
)

VERSION_TAG = values_table("registered_version_tag", _owned_by("registered_version"))
