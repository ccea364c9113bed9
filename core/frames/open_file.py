"""Open what people drop, as a table: Parquet at a place of the caller's, and what was noticed on the way."""

import stat
import tempfile
from pathlib import Path

import duckdb

from core.errors import RefusedFile, Unavailable, UnreadableFile
from core.frames import limits, zip_source
from core.frames.arrow_source import arrow_to_parquet, is_arrow
from core.frames.budget import grow_to
from core.frames.compressed import compression_of, unpack
from core.frames.csv_source import csv_to_parquet
from core.frames.json_source import is_json, json_to_parquet
from core.frames.magic import refuse_other_kinds
from core.frames.opened import Note, Opened, RejectedRow
from core.frames.parquet_source import parquet_to_parquet
from core.frames.reading import AS_GUESSED, Reading
from core.frames.sheet_xml import refuse_scattered
from core.frames.text_source import plain_text
from core.frames.workbook_source import OLE, workbook_to_parquet

__all__ = ["Note", "Opened", "RejectedRow", "to_parquet"]


def to_parquet(source: Path, target: Path, *, name: str, reading: Reading = AS_GUESSED) -> Opened:
    """Read the table in ``source`` and write it to ``target`` as Parquet.

    CSV in any delimiter and encoding, JSON, Parquet, Arrow and workbooks are read, plain or compressed, known by their
    first bytes. Nothing is ever unpickled. Memory stays below about 1 GB.

    Parameters
    ----------
    source
        The file as it was dropped.
    target
        Where the Parquet goes, once the whole table could be read.
    name
        What messages call the file.
    reading
        What is known of its form; the rest is guessed.

    Raises
    ------
    UnreadableFile
        The file is no table, is empty or damaged, or is not written as ``reading`` says.
    RefusedFile
        It would fill the memory or the disk, or holds executable content.
    Unavailable
        There is no room to unpack it.
    """
    _head(source, name=name)
    try:
        with tempfile.TemporaryDirectory(prefix="fullcircle-", dir=target.parent) as scratch:
            folder = Path(scratch)
            made = folder / "table.parquet"
            source = _plainly_named(source, folder)
            opened = _read(source, made, folder=folder, name=name, reading=reading)
            made.replace(target)
    except (MemoryError, duckdb.OutOfMemoryException) as problem:
        raise RefusedFile(
            f"{name} takes far more memory to read than a table of its size should, and is refused. Drop a part of it."
        ) from problem
    except duckdb.Error as problem:
        raise UnreadableFile(f"{name} could not be read as a table. Open it and save it as plain CSV.") from problem
    except OSError as problem:
        raise Unavailable(
            f"{name} could not be unpacked ({problem.strerror}). Make room on the disk and open it again."
        ) from problem
    return opened


def _read(source: Path, made: Path, *, folder: Path, name: str, reading: Reading) -> Opened:
    source = _unpacked(source, folder, name=name)
    head = _head(source, name=name)
    if head.startswith((*zip_source.MAGIC, OLE)):
        return workbook_to_parquet(source, made, folder=folder, name=name, reading=reading)
    if head.startswith(b"PAR1"):
        return parquet_to_parquet(source, made, folder=folder, name=name)
    if is_arrow(head):
        return arrow_to_parquet(source, made, folder=folder, name=name)
    refuse_other_kinds(head, name=name)
    text = plain_text(source, folder, name=name, encoding=reading.encoding)
    with text.path.open("rb") as stream:
        start = stream.read(4_096)
    if is_json(start):
        return json_to_parquet(text, made, folder=folder, name=name)
    return csv_to_parquet(text, made, folder=folder, name=name, reading=reading)


def _unpacked(source: Path, folder: Path, *, name: str) -> Path:
    """Return the file that an archive or a compressed file holds; a workbook is an archive that stays as it is."""
    head, plain = _head(source, name=name), folder / "unpacked"
    how = compression_of(head)
    if how is not None:
        unpack(source, plain, how=how, name=name)
    elif head.startswith(zip_source.MAGIC):
        if zip_source.is_workbook(source, name=name):
            grow_to(limits.SHEET_BYTES_A_BYTE * zip_source.judge_members(source, name=name))
            refuse_scattered(source, name=name)
            return source
        zip_source.unpack_one(source, plain, name=name)
    else:
        return source
    inside = _head(plain, name=name)
    if compression_of(inside) is not None or inside.startswith(zip_source.MAGIC):
        raise RefusedFile(f"{name} is an archive within an archive, and is refused. Unpack it and drop the table.")
    grow_to(plain.stat().st_size)
    return plain


def _plainly_named(source: Path, folder: Path) -> Path:
    """Return a link to a file whose name is no text: the readers below take paths in UTF-8."""
    try:
        str(source).encode()
    except UnicodeEncodeError:
        link = folder / "source"
        link.symlink_to(source.resolve())
        return link
    return source


def _head(source: Path, *, name: str) -> bytes:
    try:
        if not stat.S_ISREG(source.stat().st_mode):  # a pipe would wait for ever, a device never ends
            what = "folder" if source.is_dir() else "pipe or a device, not a file"
            raise UnreadableFile(f"{name} is a {what}. Give the path of a table: CSV, JSON, Parquet, Arrow or Excel.")
        with source.open("rb") as stream:
            head = stream.read(limits.CHUNK)
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise UnreadableFile(
            f"{name} does not exist. Give the path of a table: CSV, JSON, Parquet, Arrow or Excel."
        ) from problem
    except OSError as problem:
        raise UnreadableFile(
            f"{name} cannot be read ({problem.strerror}). Give the path of a table: CSV, JSON, Parquet, Arrow or Excel."
        ) from problem
    if not head:
        raise UnreadableFile(f"{name} is empty: it holds no bytes. Drop a file with a header and rows.")
    return head
