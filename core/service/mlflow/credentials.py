"""Who sends a request, as MLflow's clients say it in their standard environment variables.

``MLFLOW_TRACKING_TOKEN`` arrives as ``Bearer``, ``MLFLOW_TRACKING_USERNAME`` and ``MLFLOW_TRACKING_PASSWORD`` as
``Basic``.
"""

import base64
from dataclasses import dataclass, field

from core.service.mlflow.failures import Unauthenticated


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A token, or a user's name and password."""

    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)


def credentials(authorization: str) -> Credentials | None:
    """Return what the header ``Authorization`` says; an empty one says nothing.

    Raises
    ------
    Unauthenticated
        It cannot be read.
    """
    if not authorization:
        return None
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer" and rest.strip():
        return Credentials(token=rest.strip())
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    raise _unreadable()


def _basic(encoded: str) -> Credentials:
    try:
        user, colon, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise _unreadable() from None
    if not colon:
        raise _unreadable()
    return Credentials(user=user, password=password)


def _unreadable() -> Unauthenticated:
    return Unauthenticated(
        "The header Authorization cannot be read. Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and "
        "MLFLOW_TRACKING_PASSWORD."
    )
