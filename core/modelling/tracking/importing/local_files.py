"""Files and folders of a source on this machine: read within bounds, and never through a symbolic link."""

import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from stat import S_ISREG

from core.errors import InvalidInput


def opened(path: Path, most: int | None = None) -> BufferedReader:
    """Open a regular file that has at most ``most`` bytes.

    Raises
    ------
    InvalidInput
        It is a link or no file, it is larger, or it cannot be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        file = os.fdopen(os.open(path, flags), "rb")
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path.name[:100]!r} cannot be read.") from error
    state = os.fstat(file.fileno())
    if not S_ISREG(state.st_mode) or (most is not None and state.st_size > most):
        file.close()
        raise InvalidInput(f"{path.name[:100]!r} is no file, or larger than any that MLflow writes.")
    return file


def text_of(path: Path, most: int) -> str:
    """Return the text of a small file.

    Raises
    ------
    InvalidInput
        It is a link or no file, it is larger, or it cannot be read.
    """
    with opened(path, most) as file:
        return file.read(most + 1).decode(errors="replace")


def folders(path: Path) -> list[Path]:
    """Return the folders in a folder, in the order of their names; of a folder that is none, nothing."""
    try:
        with os.scandir(path) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def files_below(root: Path) -> Iterator[tuple[str, Path]]:
    """Give each file below a folder that is no link: its path there, joined by ``/``, and where it is."""
    if root.is_symlink():
        return
    for folder, names, files in os.walk(root, followlinks=False):
        names.sort()
        for name in sorted(files):
            path = Path(folder, name)
            if not path.is_symlink():
                yield path.relative_to(root).as_posix(), path
