"""A compressed file: known by its first bytes, unpacked within a budget."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from core.errors import RefusedFile, UnreadableFile
from core.frames import limits


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """One way of compressing a file."""

    name: str
    magic: bytes
    opened: Callable[[Path], _Stream]


def _zstandard(path: Path) -> Any:
    return pa.input_stream(str(path), compression="zstd")


COMPRESSIONS = (
    Compression(name="gzip", magic=b"\x1f\x8b", opened=gzip.open),
    Compression(name="Zstandard", magic=b"\x28\xb5\x2f\xfd", opened=_zstandard),
    Compression(name="xz", magic=b"\xfd7zXZ\x00", opened=lzma.open),
    Compression(name="bzip2", magic=b"BZh", opened=bz2.open),
)
_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")  # what follows "BZh" and a digit; without it these are letters of a header
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, ValueError, pa.ArrowException)


def compression_of(head: bytes) -> Compression | None:
    """Return how a file that begins with ``head`` is compressed."""
    found = next((way for way in COMPRESSIONS if head.startswith(way.magic)), None)
    return None if found is not None and found.name == "bzip2" and head[4:10] not in _BLOCK else found


def unpack(source: Path, target: Path, *, how: Compression, name: str) -> None:
    """Write the content of the compressed file ``source`` to ``target``.

    Raises
    ------
    RefusedFile
        The content grows beyond the budget, in size or in its ratio to the file.
    UnreadableFile
        The file is truncated or damaged.
    """
    write_within_budget(_content(source, how, name=name), target, packed=source.stat().st_size, name=name)


def write_within_budget(chunks: Iterator[bytes], target: Path, *, packed: int, name: str) -> None:
    """Write what a file of ``packed`` bytes unpacks to.

    Raises
    ------
    RefusedFile
        The content grows beyond the budget, in size or in its ratio to the file.
    """
    written = 0
    with target.open("wb") as out:
        for chunk in chunks:
            written += len(chunk)
            refuse_bomb(packed, written, name=name)
            out.write(chunk)


def refuse_bomb(packed: int, written: int, *, name: str) -> None:
    """Refuse a file of ``packed`` bytes that has grown to ``written``.

    Raises
    ------
    RefusedFile
        That is beyond the budget, in size or in its ratio to the file.
    """
    if written > limits.MAX_DECODED_BYTES or (written > limits.RATIO_FROM and written > limits.MAX_RATIO * packed):
        raise RefusedFile(
            f"{name} unpacks to more than {written >> 20:,} MB from {packed / 2**20:,.1f} MB: such a file "
            "fills the disk and is refused. Drop the unpacked table if it is meant."
        )


def _content(source: Path, how: Compression, *, name: str) -> Iterator[bytes]:
    try:
        stream = how.opened(source)
        while chunk := stream.read(limits.CHUNK):
            yield chunk
        stream.close()
    except _DAMAGED as problem:
        raise _damaged(how, name) from problem
    except OSError as problem:
        if problem.errno is not None:  # the disk's fault
            raise
        raise _damaged(how, name) from problem


def _damaged(how: Compression, name: str) -> UnreadableFile:
    return UnreadableFile(f"{name} is a damaged or cut {how.name} file. Pack it again, or drop the plain file.")
