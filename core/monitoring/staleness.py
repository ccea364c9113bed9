"""Which model is fresher than the one that served, and may be measured on a window's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.deployment.model_version import ModelVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A version and the event time before which all its training rows lie."""

    version: ModelVersion
    ends: datetime


def fresher(
    trained: Sequence[Trained], serving_id: str, *, before: datetime
) -> tuple[ModelVersion, ModelVersion] | None:
    """Return the version that served and the freshest one that is newer; ``None`` where there is none.

    A row on which a version was trained never counts: its training must end at ``before``, the window's start, or
    earlier. A version that was not split by time has no such end, and is not in ``trained``.
    """
    serving = next((one for one in trained if one.version.id == serving_id), None)
    newer = [one for one in trained if serving and serving.ends < one.ends <= before]
    # of versions that were trained to the same day, the one that was registered last
    freshest = max(newer, key=lambda one: (one.ends, one.version.created_at), default=None)
    return (serving.version, freshest.version) if serving and freshest else None


def trained_to(trained: Sequence[Trained], version_id: str) -> datetime | None:
    """Return where the training rows of a version end."""
    return next((one.ends for one in trained if one.version.id == version_id), None)
