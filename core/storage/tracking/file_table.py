"""The table of files that are kept with runs and logged models."""

from sqlalchemy import BigInteger, Column, String, Table

from core.storage.row import Row

LOGGED_FILE = Table(
    "logged_file",
    Row.metadata,
    Column("owner", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("sha256", String, nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
