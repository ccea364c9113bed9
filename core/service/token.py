"""Permission to send a file: signed, bound to what it permits, expiring."""

import hmac
import os
import time
from secrets import token_hex

VALID_SECONDS = 12 * 3600
"""How long a page may stay open before its drop zone must be reloaded."""

KEY_VARIABLE = "FULLCIRCLE_UPLOAD_KEY"
"""Where a launcher puts the signing key, so that a restarted web process still knows the pages that are open."""

_KEY = (os.environ.get(KEY_VARIABLE) or token_hex(32)).encode()
_BEGIN = "begin"


def page_token() -> str:
    """Return the token with which a page may begin uploads."""
    return _token(_BEGIN)


def upload_token(upload_id: str) -> str:
    """Return the token with which one upload may be continued, asked about and cancelled."""
    return _token(upload_id)


def may_begin(token: str) -> bool:
    """Tell whether ``token`` was made here for a page and has not expired."""
    return _holds(_BEGIN, token)


def may_continue(upload_id: str, token: str) -> bool:
    """Tell whether ``token`` was made here for this upload and has not expired."""
    return _holds(upload_id, token)


def _token(subject: str) -> str:
    expires = str(int(time.time()) + VALID_SECONDS)
    return f"{expires}.{_signature(subject, expires)}"


def _holds(subject: str, token: str) -> bool:
    expires, _, signature = token.partition(".")
    genuine = hmac.compare_digest(signature.encode(), _signature(subject, expires).encode())
    return genuine and int(expires) > time.time()


def _signature(subject: str, expires: str) -> str:
    return hmac.new(_KEY, f"{subject}.{expires}".encode(), "sha256").hexdigest()
