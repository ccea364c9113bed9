"""An experiment: what runs are gathered under, and which project it belongs to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.errors import InvalidInput
from core.modelling.tracking.limits import (
    EXPERIMENT_NAME_CHARACTERS,
    EXPERIMENT_TAG_CHARACTERS,
    KEY_CHARACTERS,
    checked_key,
    within,
)

DEFAULT_ID = "0"
"""The experiment of runs that name none."""

PROJECT_TAG = "fullcircle.project"
"""The tag that names the project of an experiment, by its slug or id."""


class Lifecycle(StrEnum):
    """Whether a thing was deleted; what was can be brought back."""

    ACTIVE = "active"
    DELETED = "deleted"


class View(StrEnum):
    """Which of both a search shows."""

    ACTIVE_ONLY = "ACTIVE_ONLY"
    DELETED_ONLY = "DELETED_ONLY"
    ALL = "ALL"

    @property
    def shown(self) -> tuple[Lifecycle, ...]:
        """Return the life-cycle stages that are shown."""
        return _SHOWN[self]


_SHOWN = {
    View.ACTIVE_ONLY: (Lifecycle.ACTIVE,),
    View.DELETED_ONLY: (Lifecycle.DELETED,),
    View.ALL: (Lifecycle.ACTIVE, Lifecycle.DELETED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """An experiment. ``id`` is a decimal number as text, times are milliseconds since 1970, UTC.

    ``project_id`` is the project it belongs to; ``None``: the inbox.
    """

    id: str
    name: str
    created_ms: int
    updated_ms: int
    lifecycle: Lifecycle = Lifecycle.ACTIVE
    project_id: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def artifact_location(self) -> str:
        """Return the address that clients reach the files of the experiment at: always this server."""
        return f"mlflow-artifacts:/{self.id}"


def experiment_number(experiment_id: str) -> int:
    """Return the number that an experiment's id writes.

    Raises
    ------
    InvalidInput
        It is no decimal number.
    """
    if not re.fullmatch(r"[0-9]{1,18}", experiment_id):
        raise InvalidInput(
            f"{experiment_id[:60]!r} is no experiment's id: those are decimal numbers. Look it up by name."
        )
    return int(experiment_id)


def checked_name(name: str) -> str:
    """Return the name of an experiment.

    Raises
    ------
    InvalidInput
        It is empty or too long.
    """
    if not name:
        raise InvalidInput("An experiment needs a name. Give it one.")
    return within(name, EXPERIMENT_NAME_CHARACTERS, "The name of the experiment")


def checked_tag(key: str, value: str) -> tuple[str, str]:
    """Return a tag of an experiment.

    Raises
    ------
    InvalidInput
        Its name is not allowed, or one of both is too long.
    """
    checked_key(key, "tag")
    return within(key, KEY_CHARACTERS, "A tag's name"), within(value, EXPERIMENT_TAG_CHARACTERS, f"The tag {key!r}")
