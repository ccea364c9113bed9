"""What went wrong, in MLflow's own codes.

Source: ``ERROR_CODE_TO_HTTP_STATUS`` in ``mlflow/exceptions.py``.
"""

import logging
from secrets import token_hex

from core.errors import Conflict, Corrupted, FullcircleError, InvalidInput, NotFound, NotPermitted, Unavailable
from core.modelling.tracking.registry import NoSuchAlias

_log = logging.getLogger("fullcircle.web")


class Unauthenticated(NotPermitted):
    """The request does not say who sends it, or says it in a way that cannot be read."""


class NoSuchEndpoint(NotFound):
    """The protocol has no such address here."""


_CODES: tuple[tuple[type[FullcircleError], str, int], ...] = (
    (Unauthenticated, "UNAUTHENTICATED", 401),
    (NotPermitted, "PERMISSION_DENIED", 403),
    (NoSuchEndpoint, "ENDPOINT_NOT_FOUND", 404),
    (NoSuchAlias, "INVALID_PARAMETER_VALUE", 400),
    (NotFound, "RESOURCE_DOES_NOT_EXIST", 404),
    (InvalidInput, "INVALID_PARAMETER_VALUE", 400),
    (Conflict, "RESOURCE_ALREADY_EXISTS", 400),
    (Unavailable, "TEMPORARILY_UNAVAILABLE", 503),
    (Corrupted, "DATA_LOSS", 500),
)


def failure(error: Exception) -> tuple[int, dict[str, str]]:
    """Return the status and the body of the answer that tells an error."""
    for kind, code, status in _CODES:
        if isinstance(error, kind):
            return status, {"error_code": code, "message": str(error)}
    if isinstance(error, FullcircleError):
        return 400, {"error_code": "BAD_REQUEST", "message": str(error)}
    reference = token_hex(4)
    _log.error("A request of MLflow's protocol failed (reference %s)", reference, exc_info=error)
    message = f"Something unexpected happened (reference {reference}). The details are where Fullcircle was started."
    return 500, {"error_code": "INTERNAL_ERROR", "message": message}
