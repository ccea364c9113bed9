"""JSON Lines (or one array of objects) through DuckDB."""

from pathlib import Path

import duckdb

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.duck import duck, literal
from core.frames.opened import Opened
from core.frames.parquet_source import copy_plain
from core.frames.text_source import TextSource


def json_to_parquet(text: TextSource, made: Path, *, folder: Path, name: str) -> Opened:
    """Write the objects to ``made``, one row each; nested values stay as JSON text.

    Raises
    ------
    UnreadableFile
        The text is no JSON, or its objects do not share a form.
    RefusedFile
        There are more keys than any check could walk through.
    """
    options = f"sample_size=-1, maximum_object_size={limits.MAX_LINE_BYTES}, maximum_depth=2"
    relation = f"read_json({literal(str(text.path))}, {options})"
    try:
        with duck(folder) as connection:
            rows, columns, notes = copy_plain(connection, relation, made)
    except duckdb.Error as problem:
        raise UnreadableFile(
            f"{name} looks like JSON but cannot be read as rows. Write one object a line, with the same keys."
        ) from problem
    if len(columns) > limits.MAX_COLUMNS:
        raise RefusedFile(
            f"{name} has more than {limits.MAX_COLUMNS:,} keys, too many for a table. Drop a narrower file."
        )
    return Opened(rows=rows, columns=columns, dialect={"format": "json", "encoding": text.encoding}, notes=notes)
