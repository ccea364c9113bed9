"""Permission to put one file: signed, bound to one upload, expiring."""

import hmac
import os
import time
from secrets import token_hex

VALID_SECONDS = 12 * 3600
"""How long a page may stay open before its drop zone must be reloaded."""

KEY_VARIABLE = "FULLCIRCLE_UPLOAD_KEY"
"""Where a launcher puts the signing key, so that a restarted web process still knows the pages that are open."""

_KEY = (os.environ.get(KEY_VARIABLE) or token_hex(32)).encode()


def upload_token(upload_id: str) -> str:
    """Return the token with which a page may put the file ``upload_id``."""
    expires = str(int(time.time()) + VALID_SECONDS)
    return f"{expires}.{_signature(upload_id, expires)}"


def token_holds(upload_id: str, token: str) -> bool:
    """Tell whether ``token`` was made here for ``upload_id`` and has not expired."""
    expires, _, signature = token.partition(".")
    genuine = hmac.compare_digest(signature.encode(), _signature(upload_id, expires).encode())
    return genuine and int(expires) > time.time()


def _signature(upload_id: str, expires: str) -> str:
    return hmac.new(_KEY, f"{upload_id}.{expires}".encode(), "sha256").hexdigest()
