"""JSON Lines (or one array of objects) through DuckDB."""

import re
from itertools import islice
from pathlib import Path

import duckdb
import orjson

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.budget import grow_to
from core.frames.duck import duck, literal
from core.frames.opened import Opened
from core.frames.parquet_source import copy_plain
from core.frames.text_source import TextSource

_EMPTY = re.compile(rb"\s*\[\s*\]\s*")
_KEY, _NESTED = re.compile(rb'(?<!\\)"\s*:'), re.compile(rb"[{}\[\]]")
_LINE = re.compile(r"in line (\d+)")
_BEGINS = re.compile(rb'(\xef\xbb\xbf)?\s*(\[\s*)*(\{\s*("|\}))|\[\s*\]')


def is_json(start: bytes) -> bool:
    """Tell whether a text begins as objects do, one by one or in an array."""
    return _BEGINS.match(start) is not None


def json_to_parquet(text: TextSource, made: Path, *, folder: Path, name: str) -> Opened:
    """Write the objects to ``made``, one row each; nested values stay as JSON text.

    Raises
    ------
    UnreadableFile
        The text is no JSON, or its objects do not share a form.
    RefusedFile
        There are more keys than any check could walk through.
    """
    with text.path.open("rb") as stream:
        start = stream.read(limits.CHUNK)
        if _EMPTY.fullmatch(start):
            raise UnreadableFile(f"{name} is an empty JSON array: there is no table in it. Drop one with objects.")
    if (keys := _keys(start)) > limits.MAX_COLUMNS:  # to find it out, DuckDB would take many times as long
        raise _too_wide(name)
    grow_to(text.path.stat().st_size, columns=keys)
    options = f"sample_size=-1, maximum_object_size={limits.MAX_LINE_BYTES}, maximum_depth=2"
    relation = f"read_json({literal(str(text.path))}, {options})"
    try:
        with duck(folder) as connection:
            rows, columns, notes = copy_plain(connection, relation, made)
    except duckdb.OutOfMemoryException:  # is no fault of its form
        raise
    except duckdb.Error as problem:
        broken = _broken_line(text.path, str(problem))
        where = f": line {broken:,} is no JSON" if broken else ""
        raise UnreadableFile(
            f"{name} looks like JSON but cannot be read as rows{where}. Write one object a line, with the same keys."
        ) from problem
    if len(columns) > limits.MAX_COLUMNS:
        raise _too_wide(name)
    return Opened(rows=rows, columns=columns, dialect={"format": "json", "encoding": text.encoding}, notes=notes)


def _broken_line(path: Path, told: str) -> int | None:
    """Return the line that is no JSON; DuckDB names it, or the one after it, so that both are looked at."""
    named = _LINE.search(told)
    if named is None:
        return None
    with path.open("rb") as lines:
        for number, line in islice(enumerate(lines, start=1), max(int(named[1]) - 2, 0), int(named[1])):
            try:
                orjson.loads(line.removeprefix(b"\xef\xbb\xbf") if line.strip() else b"{}")
            except orjson.JSONDecodeError:
                return number
    return None


def _keys(start: bytes) -> int:
    """Return about how many keys the first object has: those before anything nested, which are certainly its own."""
    return len(_KEY.findall(_NESTED.split(start.lstrip(b"\xef\xbb\xbf \t\r\n[").removeprefix(b"{"), maxsplit=1)[0]))


def _too_wide(name: str) -> RefusedFile:
    return RefusedFile(f"{name} has more than {limits.MAX_COLUMNS:,} keys, too many for a table. Drop a narrower file.")
