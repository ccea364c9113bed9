"""Files of runs and logged models inside one transaction: names here, content in the store of artifacts."""

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, true

from core.modelling.tracking.artifact import LoggedFile
from core.storage.tracking.file_table import LOGGED_FILE
from core.storage.tracking.statements import upsert


class FileRecords:
    """Files that are read and written in a transaction. ``owner`` is the id of a run or a logged model."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, owner: str, path: str) -> LoggedFile | None:
        """Return a file, or ``None``."""
        query = select(LOGGED_FILE).where(LOGGED_FILE.c.owner == owner, LOGGED_FILE.c.path == path)
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else LoggedFile(path=row["path"], sha256=row["sha256"], size=row["size"])

    def all(self, owner: str) -> list[LoggedFile]:
        """Return every file, with the hash of what it holds."""
        rows = self._connection.execute(select(LOGGED_FILE).where(LOGGED_FILE.c.owner == owner)).mappings()
        return [LoggedFile(path=row["path"], sha256=row["sha256"], size=row["size"]) for row in rows]

    def under(self, owner: str, folder: str) -> list[tuple[str, int]]:
        """Return the path and the size of every file below a folder, or of all."""
        query = select(LOGGED_FILE.c.path, LOGGED_FILE.c.size).where(LOGGED_FILE.c.owner == owner, _below(folder))
        return [(path, size) for path, size in self._connection.execute(query)]

    def first_of(self, owner: str, paths: list[str]) -> str | None:
        """Return one of ``paths`` that is a file, or ``None``."""
        query = select(LOGGED_FILE.c.path).where(LOGGED_FILE.c.owner == owner, LOGGED_FILE.c.path.in_(paths))
        return self._connection.execute(query.limit(1)).scalar_one_or_none()

    def is_folder(self, owner: str, path: str) -> bool:
        """Tell whether there are files below a path."""
        query = select(LOGGED_FILE.c.path).where(LOGGED_FILE.c.owner == owner, _below(path))
        return self._connection.execute(query.limit(1)).first() is not None

    def put(self, owner: str, file: LoggedFile) -> None:
        """Keep a file; one of the same path is replaced."""
        row = {"owner": owner, "path": file.path, "sha256": file.sha256, "size": file.size}
        upsert(self._connection, LOGGED_FILE, [row])

    def delete(self, owner: str, path: str) -> int:
        """Forget a file, a folder and all below it, or all; return how many files that were."""
        here = or_(LOGGED_FILE.c.path == path, _below(path))
        return self._connection.execute(delete(LOGGED_FILE).where(LOGGED_FILE.c.owner == owner, here)).rowcount

    def contents(self) -> list[str]:
        """Return the SHA-256 of every content that a file names."""
        return list(self._connection.execute(select(LOGGED_FILE.c.sha256).distinct()).scalars())


def _below(folder: str) -> ColumnElement[bool]:
    if not folder:
        return true()
    # Not LIKE, which would read its wildcards, nor a range, whose order is another one in PostgreSQL.
    return func.substr(LOGGED_FILE.c.path, 1, len(folder) + 1) == f"{folder}/"
