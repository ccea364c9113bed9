"""A logged model: what a client describes of a model that it trained, and measured. Its files are never opened here.

Source: ``mlflow/entities/logged_model.py`` and ``mlflow/utils/validation.py``.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from secrets import token_hex

from core.errors import InvalidInput
from core.modelling.tracking.experiment import Lifecycle
from core.modelling.tracking.limits import KEY_CHARACTERS, PARAM_CHARACTERS, TAG_CHARACTERS, checked_key, within
from core.modelling.tracking.logged_run import Point

MOST_ENTRIES = 1_000
VERSIONS_TAG = "mlflow.modelVersions"
_UNFIT = re.compile(r"[/:.%\"'\\]")


class ModelStatus(StrEnum):
    """How far a logged model has come: its files arrive, are there, or did not come."""

    PENDING = "LOGGED_MODEL_PENDING"
    READY = "LOGGED_MODEL_READY"
    UPLOAD_FAILED = "LOGGED_MODEL_UPLOAD_FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The latest value of a metric of a model, in the run that measured it."""

    run_id: str
    point: Point


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedModel:
    """A model with its parameters, tags and latest metrics. Times are milliseconds since 1970, UTC."""

    id: str
    experiment_id: str
    name: str
    type: str
    source_run_id: str
    created_ms: int
    updated_ms: int
    status: ModelStatus = ModelStatus.PENDING
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    params: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, str] = field(default_factory=dict[str, str])
    metrics: Sequence[Measured] = ()

    @property
    def artifact_uri(self) -> str:
        """Return the address that clients reach the files of the model at: always this server."""
        return f"mlflow-artifacts:/{self.experiment_id}/models/{self.id}/artifacts"


def new_model_id() -> str:
    """Return the id of a new logged model, as MLflow writes them."""
    return f"m-{token_hex(16)}"


def checked_model_name(name: str) -> str:
    """Return the name of a logged model.

    Raises
    ------
    InvalidInput
        It is empty, too long, or holds a character that MLflow's addresses of models give a meaning.
    """
    if not name or _UNFIT.search(name):
        raise InvalidInput(
            f"The name {name[:60]!r} of a model is empty or holds one of / : . % \" ' \\. Choose a plain one."
        )
    return within(name, KEY_CHARACTERS, "The name of a model")


def checked_values(pairs: Iterable[tuple[str, str]], what: str) -> dict[str, str]:
    """Return parameters or tags by name (``what``), cut to the length that MLflow keeps.

    Raises
    ------
    InvalidInput
        There are too many, or a name is not allowed.
    """
    most = PARAM_CHARACTERS if what == "parameter" else TAG_CHARACTERS
    values = {checked_key(key, what): value[:most] for key, value in pairs}
    if len(values) > MOST_ENTRIES:
        raise InvalidInput(f"One request may hold at most {MOST_ENTRIES:,} {what}s, not {len(values):,}. Send several.")
    return values
