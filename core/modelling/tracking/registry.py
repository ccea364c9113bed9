"""Registered models and their versions, and where a version may come from: only from what is kept here.

Source: ``mlflow/utils/validation.py``, ``mlflow/entities/model_registry``; of the attacks on a version's source:
CVE-2023-1177, CVE-2023-2356, CVE-2024-3573 and CVE-2026-2614.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote

from core.errors import InvalidInput, NotFound
from core.modelling.tracking.artifact import SCHEME, Place, checked_path, place_of_uri
from core.modelling.tracking.limits import within

NAME_CHARACTERS, ALIAS_CHARACTERS, TEXT_CHARACTERS = 256, 255, 100_000
PROMPT_TAG = "mlflow.prompt.is_prompt"
_UNFIT = re.compile("[/:\\\\\x00-\x1f\x7f]")
_ALIAS = re.compile(r"[\w\-]+")
_RESERVED = re.compile(r"latest|v[0-9]+", re.IGNORECASE)
_RUN = re.compile(r"runs:/([0-9a-f]{32})(?:/(.*))?", re.DOTALL)
_MODEL = re.compile(r"models:/(m-[0-9a-f]{32})(?:/(.*))?", re.DOTALL)
_VERSION = re.compile(r"models:/([^/:@]+)(?:/([0-9]{1,18})|@([\w\-]+))")


class NoSuchAlias(NotFound):
    """A registered model has no such alias: MLflow's server tells it by a code of its own."""


class Stage(StrEnum):
    """MLflow's old mark of how far a version has come; aliases took its place."""

    NONE = "None"
    STAGING = "Staging"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredVersion:
    """A version of a registered model. ``source`` is what the client said, ``storage`` where its files are here."""

    name: str
    version: int
    source: str
    storage: str
    created_ms: int
    updated_ms: int
    stage: Stage = Stage.NONE
    description: str = ""
    run_id: str = ""
    run_link: str = ""
    model_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredModel:
    """A registered model: ``latest`` is the newest version in each stage. Times are milliseconds since 1970, UTC."""

    name: str
    created_ms: int
    updated_ms: int
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    aliases: Mapping[str, int] = field(default_factory=dict[str, int])
    latest: Sequence[RegisteredVersion] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRun:
    """A source ``runs:/<run>/<path>``."""

    run_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfModel:
    """A source ``models:/<logged model>``."""

    model_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVersion:
    """A source ``models:/<name>/<version>`` or ``models:/<name>@<alias>``."""

    name: str
    version: int | None
    alias: str


Source = OfRun | OfModel | OfVersion | Place


def source_of(uri: str) -> Source:
    """Return what the source of a version names: files of a run or of a logged model here, or another version.

    Raises
    ------
    InvalidInput
        It is anything else: a path of a disk, another server, or an address with more than one spelling.
    """
    if found := _RUN.fullmatch(uri):
        return OfRun(run_id=found[1], path=checked_path(found[2]) if found[2] is not None else "")
    if found := _MODEL.fullmatch(uri):
        return OfModel(model_id=found[1], path=checked_path(found[2]) if found[2] is not None else "")
    if found := _VERSION.fullmatch(uri):
        version = int(found[2]) if found[2] else None
        return OfVersion(name=checked_registered_name(found[1]), version=version, alias=found[3] or "")
    if uri.startswith(SCHEME):
        return place_of_uri(uri)
    raise InvalidInput(
        f"Invalid model version source: {uri[:100]!r}. A version comes from what is kept here: runs:/<run id>/<path>, "
        "models:/<model id>, or the artifact_uri of a run or logged model."
    )


def checked_registered_name(name: str) -> str:
    """Return the name of a registered model.

    Raises
    ------
    InvalidInput
        It is empty or too long, or reads as an address or as another name.
    """
    if not name.strip() or _UNFIT.search(name) or name in {".", ".."} or unquote(name) != name:
        raise InvalidInput(
            f"Invalid model name {name[:60]!r}. Use a name without '/', ':', backslashes and %-codes, and not empty."
        )
    return within(name, NAME_CHARACTERS, "The name of a model")


def is_prompt(tags: Mapping[str, str]) -> bool:
    """Tell whether the tags of a registered model say that it is a prompt: MLflow keeps both in one place."""
    return tags.get(PROMPT_TAG, "").lower() == "true"


def check_model(tags: Mapping[str, str]) -> None:
    """Refuse what MLflow keeps as a registered model, and is none.

    Raises
    ------
    InvalidInput
        The tags say that it is a prompt.
    """
    if is_prompt(tags):
        raise InvalidInput(
            "Fullcircle keeps models and no prompts. Log the prompt's text with the run that uses it, such as "
            "mlflow.log_text(text, 'prompt.txt')."
        )


def checked_alias(alias: str) -> str:
    """Return an alias.

    Raises
    ------
    InvalidInput
        It is too long, holds other characters than letters, digits, ``_`` and ``-``, or reads as a version.
    """
    if not _ALIAS.fullmatch(alias):
        raise InvalidInput(f"Invalid alias name {alias[:60]!r}. Use letters, digits, underscores and dashes.")
    if _RESERVED.fullmatch(alias):
        raise InvalidInput(f"The alias {alias!r} is reserved, because it reads as a version. Choose another one.")
    return within(alias, ALIAS_CHARACTERS, "An alias")


def checked_version(text: str) -> int:
    """Return the number of a version.

    Raises
    ------
    InvalidInput
        It is none.
    """
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise InvalidInput(f"{text[:60]!r} is no version: those are whole numbers. Look at the versions of the model.")
    return int(text)


def checked_stage(text: str) -> Stage:
    """Return a stage, however its letters are cased.

    Raises
    ------
    InvalidInput
        There is no such stage.
    """
    for stage in Stage:
        if stage.value.lower() == text.lower():
            return stage
    raise InvalidInput(f"Invalid Model Version stage: {text[:60]!r}. Use one of {', '.join(Stage)}.")
