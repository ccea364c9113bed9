"""A ZIP archive: an office document, or a bag that must hold exactly one table."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits
from core.frames.compressed import refuse_bomb, write_within_budget

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_BESIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db")  # what file managers add
_OTHERS = {"word/": "a Word document", "ppt/": "a presentation", "META-INF/MANIFEST.MF": "a Java program"}
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, RuntimeError, ValueError)


def is_workbook(source: Path, *, name: str) -> bool:
    """Tell whether an archive is an Excel or OpenDocument workbook.

    Raises
    ------
    UnreadableFile
        The archive is damaged, or is another kind of document.
    """
    with _opened(source, name=name) as archive:
        names = archive.namelist()
        document = next((kind for start, kind in _OTHERS.items() if any(n.startswith(start) for n in names)), None)
        if document is not None:
            raise UnreadableFile(f"{name} is {document}, not a table. Drop a CSV file or an Excel workbook instead.")
        if "mimetype" in names:
            return _reads(archive, "mimetype", name=name).startswith(b"application/vnd.oasis.opendocument.spreadsheet")
        return any(n in ("xl/workbook.xml", "xl/workbook.bin") for n in names)


def judge_members(source: Path, *, name: str) -> int:
    """Unpack an archive into nothing and return its true size: what it announces may be a lie.

    Raises
    ------
    RefusedFile
        It unpacks beyond the budget.
    UnreadableFile
        It is damaged or locked.
    """
    size, packed = 0, source.stat().st_size
    with _opened(source, name=name) as archive:
        for member in archive.infolist():
            for chunk in _content(archive, member, name=name):
                size += len(chunk)
                refuse_bomb(packed, size, name=name)
    return size


def unpack_one(source: Path, target: Path, *, name: str) -> None:
    """Write the one file of an archive to ``target``.

    Raises
    ------
    RefusedFile
        It names a place outside its folder, is a link, or grows beyond the budget.
    UnreadableFile
        It is damaged or locked, or holds none or several.
    """
    with _opened(source, name=name) as archive:
        members = [m for m in archive.infolist() if not m.is_dir()]
        for member in members:
            _refuse_place(member, name=name)
        members = [m for m in members if not m.filename.startswith(_BESIDE[0]) and not m.filename.endswith(_BESIDE[1:])]
        if len(members) != 1:
            held = f"{len(members):,} files" if members else "no file"
            raise UnreadableFile(f"{name} is a ZIP archive that holds {held}, not one table. Unpack it and drop one.")
        packed = source.stat().st_size
        write_within_budget(_content(archive, members[0], name=name), target, packed=packed, name=name)


def _opened(source: Path, *, name: str) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except _DAMAGED as problem:
        raise _damaged(name) from problem


def _refuse_place(member: zipfile.ZipInfo, *, name: str) -> None:
    place = PureWindowsPath(member.orig_filename)  # knows both kinds of separator, and drives
    if ".." in place.parts or place.anchor:
        raise RefusedFile(f"{name} is a ZIP archive that names a place outside itself, and is refused. Pack it again.")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedFile(f"{name} is a ZIP archive that holds a link, and is refused. Pack the file itself.")


def _reads(archive: zipfile.ZipFile, member: str, *, name: str) -> bytes:
    return next(_content(archive, archive.getinfo(member), name=name), b"")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str) -> Iterator[bytes]:
    if member.flag_bits & 1:
        raise UnreadableFile(f"{name} is locked with a password. Save it without one and drop it again.")
    try:
        with archive.open(member) as stream:
            while chunk := stream.read(limits.CHUNK):
                yield chunk
    except _DAMAGED as problem:
        raise _damaged(name) from problem


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is a damaged or cut ZIP archive or workbook. Save it again and drop that.")
