"""Files that clients keep with a run or a logged model: where one belongs, as names and never as a path of a disk.

Source of the addresses: ``mlflow/store/artifact/mlflow_artifacts_repo.py``; of the attacks: MLflow's CVE-2023-2356,
-2780, -6831, CVE-2024-1560 and -1593.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote

from core.errors import InvalidInput

SCHEME = "mlflow-artifacts:"
MOST_PATH_BYTES = 1_000

_REFUSED = re.compile("[\\\\;#?\x00-\x1f\x7f\ud800-\udfff]")
_DRIVE = re.compile(r"(?:^|/)[A-Za-z]:")
_IMAGE_AT_STEP = re.compile(
    r"%step%-?[0-9]+%timestamp%-?[0-9]+%[g-z][0-9a-f]{7}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:%compressed)?\.(?:png|webp)\Z"
)
"""How MLflow 2 ends the name of an image of a step: its ``%17`` is no code, and decoded it would lead nowhere."""


class OwnerKind(StrEnum):
    """What a file is kept with."""

    RUN = "run"
    MODEL = "logged model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A file or folder of a run or a logged model; an empty ``path`` is all that its owner has."""

    experiment_id: str
    kind: OwnerKind
    owner_id: str
    path: str

    @property
    def uri(self) -> str:
        """Return the address that clients reach it at: always this server."""
        owner = f"models/{self.owner_id}" if self.kind is OwnerKind.MODEL else self.owner_id
        return f"{SCHEME}/{self.experiment_id}/{owner}/artifacts" + (f"/{self.path}" if self.path else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedFile:
    """A file that is kept with a run or a logged model: its path there, and what it holds. ``size`` is in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a folder's list; a folder has no ``size``."""

    path: str
    size: int | None = None


def checked_path(text: str) -> str:
    """Return the path of a file or folder as it is: there is one spelling of each, and others are refused.

    Raises
    ------
    InvalidInput
        It is empty or too long, leads out of its folder, or reads as another path somewhere: decoded once more, on
        Windows, or as an address.
    """
    if not text:
        raise InvalidInput("A file needs a path. Give it one, such as 'plots/roc.png'.")
    if len(text.encode(errors="replace")) > MOST_PATH_BYTES:
        raise InvalidInput(f"The path of a file may have {MOST_PATH_BYTES:,} bytes, and this one has more. Shorten it.")
    names = text.split("/")
    coded = _IMAGE_AT_STEP.sub("", text)
    odd = _REFUSED.search(text) or _DRIVE.search(text) or unquote(coded) != coded
    if odd or any(name in {"", ".", ".."} for name in names):
        raise InvalidInput(
            f"Invalid path {text[:60]!r}. Use names joined by single slashes, such as 'plots/roc.png', without '..', "
            "backslashes, semicolons or %-codes."
        )
    return text


def place_of(address: str) -> Place:
    """Return the place that the path of an address names: ``3/<run>/artifacts/a/b``, ``3/models/<model>/artifacts``.

    Raises
    ------
    InvalidInput
        It is no path, or belongs to no run and no logged model.
    """
    names = checked_path(address).split("/")
    kind, rest = (OwnerKind.MODEL, names[2:]) if names[1:2] == ["models"] else (OwnerKind.RUN, names[1:])
    if len(rest) < 2 or rest[1] != "artifacts":
        raise InvalidInput(
            f"{address[:100]!r} belongs to no run and no logged model. Use the artifact_uri that Fullcircle gives."
        )
    return Place(experiment_id=names[0], kind=kind, owner_id=rest[0], path="/".join(rest[2:]))


def place_of_uri(uri: str) -> Place:
    """Return the place that an ``mlflow-artifacts:`` address of this server names.

    Raises
    ------
    InvalidInput
        It is none, or names a server.
    """
    if not uri.startswith(f"{SCHEME}/") or uri.startswith(f"{SCHEME}//"):
        raise InvalidInput(
            f"{uri[:100]!r} is no address of a file here. Those begin with {SCHEME}/ and name no server."
        )
    return place_of(uri.removeprefix(f"{SCHEME}/"))


def joined(folder: str, name: str) -> str:
    """Return the path of ``name`` in ``folder``, which may be empty."""
    return f"{folder}/{name}" if folder else name


def entries(files: Iterable[tuple[str, int]], folder: str) -> list[Entry]:
    """Return what lies directly in a folder, in the order of the names. ``files`` are paths and sizes below it."""
    begins = len(folder) + 1 if folder else 0
    found: dict[str, Entry] = {}
    for path, size in files:
        name, slash, _ = path[begins:].partition("/")
        here = path[:begins] + name
        found[name] = Entry(path=here) if slash else Entry(path=here, size=size)
    return [found[name] for name in sorted(found)]
