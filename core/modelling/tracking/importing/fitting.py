"""What a source says, as values that fit here. It is anybody's file: every part is looked at before it is kept."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from core.errors import InvalidInput
from core.modelling.tracking.experiment import Experiment, Lifecycle, checked_name, checked_tag, experiment_number
from core.modelling.tracking.importing.source import LeftOut
from core.modelling.tracking.limits import PARAM_CHARACTERS, TAG_CHARACTERS, checked_key
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, Point, Status, checked_dataset

Raw = TypeVar("Raw")
Value = TypeVar("Value")

MOST_VALUES = 10_000
"""How many parameters, and how many tags, of one run or experiment are kept."""

_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}", re.ASCII)
_UNFIT = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL keeps neither
_MOST_INTEGER = 2**63 - 1


def fitting(sort: str, raw: Iterable[Raw], make: Callable[[Raw], Value], left_out: LeftOut) -> Iterator[Value]:
    """Give what ``make`` makes of each raw value, and count under ``sort`` those that it refuses."""
    for one in raw:
        try:
            value = make(one)
        except InvalidInput:
            left_out[sort] += 1
        else:
            yield value


def experiment_of(raw: Mapping[str, Any], tags: Mapping[str, str]) -> Experiment:
    """Return an experiment; a time that was not noted is 0.

    Raises
    ------
    InvalidInput
        It has no id or no name that fits.
    """
    experiment_id = text(raw["id"])
    experiment_number(experiment_id)
    created = integer(raw["created_ms"] or 0)
    return Experiment(
        id=experiment_id,
        name=checked_name(text(raw["name"])),
        created_ms=created,
        updated_ms=integer(raw["updated_ms"] or created),
        lifecycle=lifecycle_of(raw["lifecycle"]),
        tags=tags,
    )


def run_of(raw: Mapping[str, Any], **logged: Any) -> LoggedRun:
    """Return a run; a start that was not noted is 0.

    Raises
    ------
    InvalidInput
        Its id or its status is none.
    """
    run_id, status = text(raw["id"]), text(raw["status"])
    if not _RUN_ID.fullmatch(run_id) or status not in list(Status):
        raise InvalidInput(f"{run_id[:60]!r} is no run of MLflow.")
    return LoggedRun(
        id=run_id,
        experiment_id=text(raw["experiment_id"]),
        name=text(raw["name"] or "")[:TAG_CHARACTERS],
        user=text(raw["user"] or "")[:TAG_CHARACTERS],
        status=Status(status),
        lifecycle=lifecycle_of(raw["lifecycle"]),
        started_ms=integer(raw["started_ms"] or 0),
        ended_ms=None if raw["ended_ms"] is None else integer(raw["ended_ms"]),
        **logged,
    )


def params_of(pairs: Iterable[tuple[Any, Any]], left_out: LeftOut) -> dict[str, str]:
    """Return the parameters that fit, at most ``MOST_VALUES``."""
    return _values("parameters", pairs, _param, left_out)


def tags_of(pairs: Iterable[tuple[Any, Any]], left_out: LeftOut) -> dict[str, str]:
    """Return the tags of a run that fit, at most ``MOST_VALUES``."""
    return _values("tags", pairs, _tag, left_out)


def experiment_tags_of(pairs: Iterable[tuple[Any, Any]], left_out: LeftOut) -> dict[str, str]:
    """Return the tags of an experiment that fit, at most ``MOST_VALUES``."""
    return _values("tags", pairs, lambda pair: checked_tag(text(pair[0]), text(pair[1])), left_out)


def point_of(key: str, value: Any, timestamp: Any, step: Any) -> Point:
    """Return a point of a metric; its value may be written (``NaN``, ``-Infinity``).

    Raises
    ------
    InvalidInput
        Its name is not allowed, or one of its parts is no number.
    """
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"{str(value)[:60]!r} is no value of a metric.") from error
    at, place = integer(timestamp), integer(step)
    if at < 0:
        raise InvalidInput("A point is before 1970.")
    return Point(checked_key(text(key), "metric"), number, at, place)


def dataset_of(raw: Mapping[str, Any], tags: Mapping[Any, Any]) -> InputDataset:
    """Return a dataset that a run read.

    Raises
    ------
    InvalidInput
        A part does not fit.
    """
    parts: dict[str, Any] = {name: text(raw[name]) for name in ("name", "digest", "source_type", "source")}
    for name in ("schema", "profile"):
        parts[name] = None if raw.get(name) is None else text(raw[name])
    return checked_dataset(InputDataset(**parts, tags={text(key): text(value) for key, value in tags.items()}))


def text(value: Any) -> str:
    """Return text, or a whole number as text. Bytes are none, whatever they would unfold into.

    Raises
    ------
    InvalidInput
        It is anything else.
    """
    if not isinstance(value, str | int):
        raise InvalidInput(f"A {type(value).__name__} stands where a text belongs.")
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", str(value))


def lifecycle_of(value: Any) -> Lifecycle:
    """Return whether a thing was deleted; what says nothing of it was not."""
    return Lifecycle.DELETED if value == Lifecycle.DELETED.value else Lifecycle.ACTIVE


def integer(value: Any) -> int:
    """Return a whole number of 64 bits.

    Raises
    ------
    InvalidInput
        It is none.
    """
    written = value.decode(errors="replace") if isinstance(value, bytes) else value
    if isinstance(written, str) and re.fullmatch(r"-?[0-9]{1,19}", written):
        value = int(written)
    if not isinstance(value, int) or abs(value) > _MOST_INTEGER:
        raise InvalidInput("Something else stands where a whole number belongs.")
    return int(value)


def _values(
    sort: str,
    pairs: Iterable[tuple[Any, Any]],
    make: Callable[[tuple[Any, Any]], tuple[str, str]],
    left_out: LeftOut,
) -> dict[str, str]:
    values: dict[str, str] = {}
    for key, value in fitting(sort, pairs, make, left_out):
        if len(values) < MOST_VALUES or key in values:
            values[key] = value
        else:
            left_out[sort] += 1
    return values


def _param(pair: tuple[Any, Any]) -> tuple[str, str]:
    return checked_key(text(pair[0]), "parameter"), text(pair[1])[:PARAM_CHARACTERS]


def _tag(pair: tuple[Any, Any]) -> tuple[str, str]:
    return checked_key(text(pair[0]), "tag"), text(pair[1])[:TAG_CHARACTERS]
