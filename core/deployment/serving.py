"""What an endpoint serves, as a file that the scorer polls: ``serving/<endpoint>.json``."""

import hashlib
import math
import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from pydantic import TypeAdapter, ValidationError

from core.deployment.input_contract import InputContract
from core.durable import sync_folder
from core.errors import Corrupted, InvalidInput, NotFound
from core.modelling.run import Feature
from core.scoping.project import TaskKind

_SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedVersion:
    """A model version at an endpoint. ``file`` is relative to the workspace's home."""

    version_id: str
    name: str
    number: int
    role: Literal["champion", "shadow"]
    sha256: str
    file: str
    features: tuple[Feature, ...]
    classes: tuple[str, ...] = ()
    cut: float | None = None

    @property
    def title(self) -> str:
        """Return the name that people see: ``late-flights 1``."""
        return f"{self.name} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingPlan:
    """One revision of an endpoint: the champion answers, shadows score the same rows in silence.

    ``contract`` is what the champion's inputs are held to, ``None`` where none was accepted yet.
    """

    endpoint: str
    project_id: str
    revision: int
    kind: TaskKind
    versions: tuple[ServedVersion, ...]
    contract: InputContract | None = None

    @property
    def champion(self) -> ServedVersion:
        """Return the version that answers."""
        return next(version for version in self.versions if version.role == "champion")

    @property
    def shadows(self) -> tuple[ServedVersion, ...]:
        """Return the versions that listen in."""
        return tuple(version for version in self.versions if version.role == "shadow")


_PLAN = TypeAdapter(ServingPlan)


def write_plan(folder: Path, plan: ServingPlan) -> Path:
    """Publish a plan by atomic rename: a reader sees the old file or the new one, never half of one.

    Raises
    ------
    InvalidInput
        If the plan cannot be served: a name or path that is not safe, not exactly one champion, no inputs.
    """
    _check(plan)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{plan.endpoint}.json"
    draft = folder / f".{plan.endpoint}.{os.getpid()}.tmp"
    with draft.open("wb") as file:
        file.write(_PLAN.dump_json(plan, indent=1))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)
    sync_folder(folder)
    return target


def withdraw_plan(folder: Path, endpoint: str) -> None:
    """Stop serving an endpoint; nothing happens where none is served."""
    (folder / f"{endpoint}.json").unlink(missing_ok=True)


def read_plan(path: Path) -> ServingPlan:
    """Read and check a plan.

    Raises
    ------
    NotFound
        If there is no such file.
    InvalidInput
        If the file is not a plan that can be served.
    """
    try:
        plan = _PLAN.validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"There is no serving plan {path.name}. Deploy a version to make one.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InvalidInput(f"Serving plan {path.name}: {where}: {first['msg']}. Deploy again to rewrite it.") from error
    if plan.endpoint != path.stem:
        raise InvalidInput(
            f"Serving plan {path.name} names the endpoint {plan.endpoint!r}. Deploy again to rewrite it."
        )
    _check(plan)
    return plan


def read_model(home: Path, version: ServedVersion) -> bytes:
    """Return the model's bytes, verified.

    Raises
    ------
    NotFound
        If the file is not there.
    Corrupted
        If the bytes do not match their hash.
    """
    _check_file(version)
    try:
        data = home.joinpath(*PurePosixPath(version.file).parts).read_bytes()
    except OSError as error:
        raise NotFound(
            f"The file of {version.title} is missing from the artifacts. Restore it from a backup."
        ) from error
    if hashlib.sha256(data).hexdigest() != version.sha256:
        raise Corrupted(f"The file of {version.title} does not match its SHA-256. Restore it from a backup.")
    return data


def _check(plan: ServingPlan) -> None:
    if not _SLUG.fullmatch(plan.endpoint):
        raise InvalidInput(
            f"An endpoint is named by lower-case letters, digits, dot, dash and underscore, not {plan.endpoint!r}."
        )
    champions = sum(version.role == "champion" for version in plan.versions)
    if champions != 1:
        raise InvalidInput(f"Endpoint {plan.endpoint!r} needs exactly one champion; this plan has {champions}.")
    if len({version.version_id for version in plan.versions}) != len(plan.versions):
        raise InvalidInput(f"Endpoint {plan.endpoint!r} names a model version twice; keep it once.")
    for version in plan.versions:
        _check_file(version)
        _check_features(version)


def _check_file(version: ServedVersion) -> None:
    path = PurePosixPath(version.file)
    unsafe = path.is_absolute() or ".." in path.parts or "\\" in version.file or ":" in version.file
    if unsafe or path.parts[:1] != ("artifacts",):
        raise InvalidInput(f"{version.title}: a model file lies under artifacts/, not at {version.file!r}.")
    if not _SHA256.fullmatch(version.sha256):
        raise InvalidInput(f"{version.title}: {version.sha256!r} is not a SHA-256 in lower-case hex.")


def _check_features(version: ServedVersion) -> None:
    names = [feature.name for feature in version.features]
    if not names or len(set(names)) != len(names):
        raise InvalidInput(f"{version.title}: a model needs inputs, each named once; this one has {names}.")
    for feature in version.features:
        if feature.kind not in ("number", "category"):
            raise InvalidInput(
                f"{version.title}: input {feature.name!r} is a number or a category, not {feature.kind!r}."
            )
    if version.cut is not None and not math.isfinite(version.cut):
        raise InvalidInput(f"{version.title}: the cut is a finite number, not {version.cut}.")
