"""What all tables share."""

import re

from sqlalchemy import JSON, MetaData, Table
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
NESTED = JSON(none_as_null=True)
"""The type of a nested value.

JSON is kept as text on both databases. PostgreSQL's JSONB would reorder keys, refuse NUL characters and rewrite
numbers (1e16 as an integer), which breaks the hashes of the ledger.
"""


class Row(SQLModel):
    """A row of any table."""

    metadata = MetaData(naming_convention=_NAMES)

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """Return the name of the table: ``model_version`` for ``ModelVersionRow``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__.removesuffix("Row")).lower()


class OfProject(Row):
    """A record of one project."""

    id: str = Field(primary_key=True)
    project_id: str = Field(foreign_key="project.id")


def table_of(row: type[Row]) -> Table:
    """Return the table behind a row's class."""
    return Row.metadata.tables[str(row.__tablename__)]
