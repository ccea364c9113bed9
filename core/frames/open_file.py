"""Open what people drop, as a table: Parquet at a place of the caller's, and what was noticed on the way."""

import tempfile
from pathlib import Path

import duckdb

from core.errors import UnreadableFile
from core.frames import limits
from core.frames.csv_source import csv_to_parquet
from core.frames.json_source import json_to_parquet
from core.frames.magic import refuse_other_kinds
from core.frames.opened import Note, Opened, RejectedRow
from core.frames.parquet_source import parquet_to_parquet
from core.frames.text_source import plain_text, unpack

__all__ = ["Note", "Opened", "RejectedRow", "to_parquet"]


def to_parquet(source: Path, target: Path, *, name: str) -> Opened:
    """Read the table in ``source`` and write it to ``target`` as Parquet.

    CSV in any delimiter and encoding, JSON Lines and Parquet are read, plain or gzipped, known by their first bytes.
    Nothing is ever unpickled. Memory stays below about 1 GB.

    Parameters
    ----------
    source
        The file as it was dropped.
    target
        Where the Parquet goes, once the whole table could be read.
    name
        What messages call the file.

    Raises
    ------
    UnreadableFile
        The file is no table, is empty or is damaged.
    RefusedFile
        It would fill the memory or the disk, or holds executable content.
    """
    with tempfile.TemporaryDirectory(prefix="fullcircle-", dir=target.parent) as scratch:
        folder = Path(scratch)
        made = folder / "table.parquet"
        try:
            opened = _read(source, made, folder=folder, name=name)
        except duckdb.Error as problem:
            raise UnreadableFile(f"{name} could not be read as a table. Open it and save it as plain CSV.") from problem
        made.replace(target)
    return opened


def _read(source: Path, made: Path, *, folder: Path, name: str) -> Opened:
    head = _head(source, name=name)
    if head.startswith(b"\x1f\x8b"):
        plain = folder / "unpacked"
        unpack(source, plain, name=name)
        source, head = plain, _head(plain, name=name)
    if head.startswith(b"PAR1"):
        return parquet_to_parquet(source, made, folder=folder, name=name)
    refuse_other_kinds(head, name=name)
    text = plain_text(source, folder, name=name)
    with text.path.open("rb") as stream:
        start = stream.read(4_096).lstrip(b"\xef\xbb\xbf \r\n\t")
    if start.startswith((b'{"', b"[{", b"{}")) or (start.startswith(b"{") and b'":' in start):
        return json_to_parquet(text, made, folder=folder, name=name)
    return csv_to_parquet(text, made, folder=folder, name=name)


def _head(source: Path, *, name: str) -> bytes:
    try:
        with source.open("rb") as stream:
            head = stream.read(limits.CHUNK)
    except OSError as problem:
        why = "is a folder" if source.is_dir() else "does not exist" if not source.exists() else "cannot be read"
        raise UnreadableFile(f"{name} {why}. Give the path of a CSV, JSON Lines or Parquet file.") from problem
    if not head:
        raise UnreadableFile(f"{name} is empty: it holds no bytes. Drop a file with a header and rows.")
    return head
