"""Files that are on the server or in an object store already: copied from where an operator allows it, only there."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from core.errors import FullcircleError, InvalidInput, NotFound, NotPermitted, Unavailable
from core.frames import limits
from core.settings import Settings

SCHEMES = ("s3", "gs", "az")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Folders of this machine, and addresses of object stores up to a part of a key (``s3://bucket/prefix``)."""

    folders: tuple[Path, ...] = ()
    addresses: tuple[str, ...] = ()


def allowed_by(settings: Settings) -> Allowed:
    """Return what ``FULLCIRCLE_SOURCES`` and ``FULLCIRCLE_SOURCE_ADDRESSES`` allow."""
    folders = tuple(Path(folder) for folder in settings.sources.split(os.pathsep) if folder.strip())
    return Allowed(folders=folders, addresses=tuple(settings.source_addresses.split()))


def open_store(root: str) -> Any:
    """Return the object store of a bucket; keys come from the environment, as its own tools read them."""
    from obstore.store import from_url  # it takes a while, and most never need it

    return from_url(root, retry_config={"max_retries": 2}, client_options={"timeout": "60s", "connect_timeout": "5s"})


def fetch(source: str, target: Path, *, allowed: Allowed, store: Callable[[str], Any] = open_store) -> str:
    """Copy a file of the server, or of an object store, to ``target``; return its name.

    Parameters
    ----------
    source
        A path, or an address such as ``s3://bucket/folder/table.parquet`` (``gs://`` and ``az://`` too).
    target
        Where the copy goes; nothing is left there unless all of it arrived.
    allowed
        Where files may be taken from.
    store
        Opens the object store of ``s3://bucket``.

    Raises
    ------
    InvalidInput
        It is neither a path nor such an address, is no file, or is larger than what is read here.
    NotPermitted
        It lies, or leads by a link, outside of what is allowed.
    NotFound
        There is no such file.
    Unavailable
        The store does not answer or refuses the keys, or the disk is full.
    """
    source = source.strip()
    address = urlsplit(source) if "://" in source else None
    if address is not None and address.scheme not in SCHEMES:
        raise InvalidInput(f"{source} is no address that is read here. Give a path, or one of s3://, gs:// and az://.")
    chunks = _of_folder(source, allowed.folders) if address is None else _of_store(source, allowed.addresses, store)
    try:
        _write(chunks, target, source)
    except FullcircleError:  # some are kinds of OSError
        raise
    except OSError as problem:
        raise Unavailable(
            f"{source} could not be copied ({problem.strerror}). Make room on the disk, or ask who runs it."
        ) from problem
    return unquote(source).replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def _write(chunks: Iterable[Any], target: Path, source: str) -> None:
    part, written = target.with_name(f"{target.name}.part"), 0
    try:
        with part.open("wb") as out:
            for chunk in chunks:
                written += len(chunk)
                if written > limits.MAX_DECODED_BYTES:
                    raise InvalidInput(
                        f"{source} is larger than {limits.MAX_DECODED_BYTES >> 30} GB. Take a part of it."
                    )
                out.write(chunk)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _of_folder(source: str, folders: Iterable[Path]) -> Iterator[bytes]:
    """Yield the content of a file whose true place, all links followed, is in one of the folders."""
    given = Path(source)
    if not given.is_absolute() or "\x00" in source:
        raise InvalidInput(f"{source!r} is no full path. Give one that begins at the root, such as /data/table.csv.")
    roots = [folder.resolve() for folder in folders]
    place = given.resolve()
    if not any(place.is_relative_to(root) for root in roots):  # said of what is not there, too: it tells nothing
        raise NotPermitted(
            f"{source} is not in a folder that files may be taken from. Whoever runs the server names them in "
            "FULLCIRCLE_SOURCES."
        )
    try:
        # The place holds no link; if one is put there meanwhile, it is not followed.
        opened = os.open(place, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise NotFound(f"{source} does not exist on the server. Check its path.") from None
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise InvalidInput(f"{source} is a folder or a device, not a file. Give the path of one file.")
        while chunk := os.read(opened, limits.CHUNK):
            yield chunk
    finally:
        os.close(opened)


def _of_store(source: str, addresses: Iterable[str], store: Callable[[str], Any]) -> Iterator[Any]:
    """Yield the content of an object whose address continues one of those that are allowed."""
    address = urlsplit(source)
    key = unquote(address.path).lstrip("/")
    plain = f"{address.scheme}://{address.netloc}/{key}"
    if not key or address.query or address.fragment or "@" in address.netloc or ".." in key.split("/"):
        raise InvalidInput(f"{source} is no address of a file. Give one such as s3://bucket/folder/table.parquet.")
    if not any(plain.startswith(f"{allowed.rstrip('/')}/") for allowed in addresses):
        raise NotPermitted(
            f"{source} is not in a bucket that files may be taken from. Whoever runs the server names them in "
            "FULLCIRCLE_SOURCE_ADDRESSES."
        )
    yield from _object(store(f"{address.scheme}://{address.netloc}"), key, source)


def _object(opened: Any, key: str, source: str) -> Iterator[Any]:
    import obstore
    from obstore.exceptions import BaseError

    try:
        yield from obstore.get(opened, key).stream(min_chunk_size=limits.CHUNK)
    except FileNotFoundError:
        raise NotFound(f"{source} does not exist in its bucket. Check its key.") from None
    except (BaseError, ValueError) as problem:
        raise Unavailable(
            f"{source} cannot be read: its store does not answer, or refuses the keys of this server. Check both."
        ) from problem
