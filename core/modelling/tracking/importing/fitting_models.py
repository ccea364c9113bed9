"""What a source says of logged and registered models, as values that fit here."""

import re
from collections.abc import Iterable, Mapping
from math import nan
from typing import Any

from core.errors import InvalidInput
from core.modelling.tracking.importing.fitting import fitting, integer, lifecycle_of, text
from core.modelling.tracking.importing.source import LeftOut
from core.modelling.tracking.limits import KEY_CHARACTERS, checked_key, within
from core.modelling.tracking.logged_model import (
    VERSIONS_TAG,
    LoggedModel,
    Measured,
    ModelStatus,
    checked_model_name,
)
from core.modelling.tracking.logged_run import ModelLink, Point
from core.modelling.tracking.registry import (
    TEXT_CHARACTERS,
    RegisteredModel,
    RegisteredVersion,
    checked_alias,
    checked_registered_name,
    checked_stage,
)

DELETED_STAGE = "Deleted_Internal"
"""The stage by which MLflow marks a version that was deleted; what it says besides is redacted."""

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}")
_NUMBERED = dict(enumerate(ModelStatus, start=1))


def logged_model_of(
    raw: Mapping[str, Any], *, params: Mapping[str, str], tags: Mapping[str, str], metrics: Iterable[Measured]
) -> LoggedModel:
    """Return a logged model. Which versions come from it is noted here anew.

    Raises
    ------
    InvalidInput
        Its id, its name or its status is none.
    """
    created = integer(raw["created_ms"] or 0)
    return LoggedModel(
        id=model_id_of(raw["id"]),
        experiment_id=text(raw["experiment_id"]),
        name=checked_model_name(text(raw["name"])),
        type=within(text(raw["type"] or ""), KEY_CHARACTERS, "A model's type"),
        source_run_id=text(raw["source_run_id"] or ""),
        created_ms=created,
        updated_ms=integer(raw["updated_ms"] or created),
        status=_status(raw["status"]),
        lifecycle=lifecycle_of(raw["lifecycle"]),
        params=params,
        tags={key: value for key, value in tags.items() if key != VERSIONS_TAG},
        metrics=tuple(metrics),
    )


def model_id_of(value: Any) -> str:
    """Return the id of a logged model.

    Raises
    ------
    InvalidInput
        It is none.
    """
    if not isinstance(value, str) or not _MODEL_ID.fullmatch(value):
        raise InvalidInput(f"{str(value)[:60]!r} is no logged model of MLflow.")
    return value


def link_of(model_id: Any, step: Any) -> ModelLink:
    """Return which logged model a run read or wrote.

    Raises
    ------
    InvalidInput
        A part does not fit.
    """
    return ModelLink(model_id_of(model_id), integer(step or 0))


def measured_of(raw: Mapping[str, Any], model_id: str) -> Measured:
    """Return what a run measured of a logged model; a value that is missing is no number.

    Raises
    ------
    InvalidInput
        A part does not fit.
    """
    try:
        value = nan if raw["value"] is None else float(raw["value"])
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{str(raw['value'])[:60]!r} is no value of a metric.") from error
    named = [None if raw[part] is None else text(raw[part]) for part in ("dataset_name", "dataset_digest")]
    at, step = integer(raw["timestamp"]), integer(raw["step"] or 0)
    point = Point(checked_key(text(raw["key"]), "metric"), value, at, step, model_id, *named)
    return Measured(run_id=text(raw["run_id"]), point=point)


def registered_of(
    raw: Mapping[str, Any], *, tags: Mapping[str, str], aliases: Iterable[tuple[Any, Any]], left_out: LeftOut
) -> RegisteredModel:
    """Return a registered model.

    Raises
    ------
    InvalidInput
        Its name is not allowed.
    """
    created = integer(raw["created_ms"] or 0)
    return RegisteredModel(
        name=checked_registered_name(text(raw["name"])),
        description=text(raw["description"] or "")[:TEXT_CHARACTERS],
        created_ms=created,
        updated_ms=integer(raw["updated_ms"] or created),
        tags=tags,
        aliases=dict(fitting("aliases", aliases, _alias, left_out)),
    )


def version_of(raw: Mapping[str, Any], *, tags: Mapping[str, str]) -> RegisteredVersion:
    """Return a version as the source says it: ``source`` and ``storage`` are addresses there.

    Raises
    ------
    InvalidInput
        Its number, its stage or its model's name is none.
    """
    created = integer(raw["created_ms"] or 0)
    number = integer(raw["version"])
    if number < 1:
        raise InvalidInput(f"{number} is no version of a model.")
    parts = {name: text(raw[name] or "")[:TEXT_CHARACTERS] for name in ("source", "storage", "run_link", "description")}
    return RegisteredVersion(
        name=checked_registered_name(text(raw["name"])),
        version=number,
        created_ms=created,
        updated_ms=integer(raw["updated_ms"] or created),
        stage=checked_stage(text(raw["stage"] or "None")),
        run_id=text(raw["run_id"] or ""),
        model_id=text(raw["model_id"] or ""),
        tags=tags,
        **parts,
    )


def _alias(pair: tuple[Any, Any]) -> tuple[str, int]:
    return checked_alias(text(pair[0])), integer(pair[1])


def _status(value: Any) -> ModelStatus:
    if isinstance(value, int) and value in _NUMBERED:
        return _NUMBERED[value]
    if value in list(ModelStatus):
        return ModelStatus(value)
    raise InvalidInput(f"{str(value)[:60]!r} is no status of a logged model.")
