"""A run as training code logs it: metrics, parameters, tags, what went in and what came out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from core.errors import InvalidInput
from core.modelling.tracking.experiment import Lifecycle
from core.modelling.tracking.limits import PARAM_CHARACTERS, TAG_CHARACTERS, checked_key, within

RUN_NAME_TAG = "mlflow.runName"
CONTEXT_TAG = "mlflow.data.context"
LOGGED_MODELS_TAG = "mlflow.log-model.history"

MOST_METRICS, MOST_PARAMS, MOST_TAGS, MOST_ENTRIES = 1_000, 100, 100, 1_000
_LONGEST = {"name": 500, "digest": 36, "source": 65_535, "schema": 1_048_575, "profile": 16_777_215}


class Status(StrEnum):
    """How far a run has come."""

    RUNNING = "RUNNING"
    SCHEDULED = "SCHEDULED"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


class Point(NamedTuple):
    """One value of a metric; a tuple, because training logs them by the hundred thousand.

    ``value`` may be NaN or infinite; ``timestamp`` is in milliseconds since 1970, UTC. ``model_id`` is the logged model
    that was measured, ``dataset_name`` and ``dataset_digest`` the data it was measured on, where the client says so.
    """

    key: str
    value: float
    timestamp: int
    step: int = 0
    model_id: str | None = None
    dataset_name: str | None = None
    dataset_digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputDataset:
    """Data that a run read. ``source`` is what the client says about where they are; nothing here opens it."""

    name: str
    digest: str
    source_type: str
    source: str
    schema: str | None = None
    profile: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


class ModelLink(NamedTuple):
    """A logged model that a run read or wrote, and at which step."""

    model_id: str
    step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """A run with the latest value of each metric. Times are milliseconds since 1970, UTC."""

    id: str
    experiment_id: str
    name: str
    user: str
    status: Status
    lifecycle: Lifecycle
    started_ms: int
    ended_ms: int | None = None
    metrics: Sequence[Point] = ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    datasets: Sequence[InputDataset] = ()
    model_inputs: Sequence[ModelLink] = ()
    model_outputs: Sequence[ModelLink] = ()

    @property
    def artifact_uri(self) -> str:
        """Return the address that clients reach the files of the run at: always this server."""
        return f"mlflow-artifacts:/{self.experiment_id}/{self.id}/artifacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one request logs to a run, checked when it is made.

    Raises
    ------
    InvalidInput
        There are more entries than one request may hold, a name is not allowed, or a parameter comes with two values.
    """

    metrics: Sequence[Point] = ()
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        _limited(len(self.metrics), MOST_METRICS, "metrics")
        _limited(len(self.params), MOST_PARAMS, "parameters")
        _limited(len(self.tags), MOST_TAGS, "tags")
        total = len(self.metrics) + len(self.params) + len(self.tags)
        _limited(total, MOST_ENTRIES, "metrics, parameters and tags together")
        for point in self.metrics:
            _check_point(point)
        for key in self.params:
            checked_key(key, "parameter")
        for key in self.tags:
            checked_key(key, "tag")


def params_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return parameters by name, cut to the length that MLflow keeps.

    Raises
    ------
    InvalidInput
        One name comes twice.
    """
    params: dict[str, str] = {}
    for key, value in pairs:
        if key in params:
            raise InvalidInput(f"The parameter {key[:60]!r} comes twice in one request. Send each once.")
        params[key] = value[:PARAM_CHARACTERS]
    return params


def tags_of(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return tags by name, cut to the length that MLflow keeps; of two with one name the later counts."""
    return {key: value[:TAG_CHARACTERS] for key, value in pairs}


def latest(points: Iterable[Point]) -> dict[str, Point]:
    """Return each metric's latest point: the highest step, then the highest timestamp, then the highest value."""
    found: dict[str, Point] = {}
    for point in points:
        known = found.get(point.key)
        if known is None or _recency(point) > _recency(known):
            found[point.key] = point
    return found


def check_unchanged(run_id: str, params: Mapping[str, str], known: Mapping[str, str]) -> None:
    """Let a parameter be logged again only with the value that it has.

    Raises
    ------
    InvalidInput
        A value differs from what was logged.
    """
    for key, value in params.items():
        if known.get(key, value) != value:
            raise InvalidInput(
                f"Changing param values is not allowed: {key!r} of run {run_id} is {known[key][:100]!r}, "
                f"not {value[:100]!r}. Log it under another name, or in another (nested) run."
            )


def checked_dataset(dataset: InputDataset) -> InputDataset:
    """Return a dataset that a run read.

    Raises
    ------
    InvalidInput
        A part is empty that must not be, or longer than MLflow keeps.
    """
    if not dataset.name or not dataset.digest:
        raise InvalidInput("A dataset that a run read needs a name and a digest. Give it both.")
    for part, limit in _LONGEST.items():
        within(getattr(dataset, part) or "", limit, f"The {part} of the dataset {dataset.name[:60]!r}")
    for key, value in dataset.tags.items():
        within(key, 255, "The name of a dataset's tag")
        within(value, 500, f"The tag {key[:60]!r} of the dataset {dataset.name[:60]!r}")
    return dataset


def _recency(point: Point) -> tuple[int, int, float]:
    # A NaN counts as 0, as in MLflow's SQL store: it compares with nothing, and the order must be total.
    return point.step, point.timestamp, point.value if point.value == point.value else 0.0


def _check_point(point: Point) -> None:
    checked_key(point.key, "metric")
    if point.timestamp < 0:
        raise InvalidInput(
            f"The time of {point.key!r} is before 1970. Send milliseconds since then, as a whole number."
        )


def _limited(count: int, most: int, what: str) -> None:
    if count > most:
        raise InvalidInput(f"One request may hold at most {most:,} {what}, and this one holds {count:,}. Send several.")
