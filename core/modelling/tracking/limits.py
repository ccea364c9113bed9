"""How long and of which characters names and values may be: MLflow's limits.

Source: ``mlflow/utils/validation.py``.
"""

import posixpath
import re
from functools import lru_cache

from core.errors import InvalidInput

KEY_CHARACTERS = 250
PARAM_CHARACTERS = 6_000
TAG_CHARACTERS = 8_000
EXPERIMENT_NAME_CHARACTERS = 500
EXPERIMENT_TAG_CHARACTERS = 20_000

_KEY = re.compile(r"[/\w.\- :]*")


def within(text: str, limit: int, what: str) -> str:
    """Return ``text`` where it is no longer than ``limit`` characters.

    Raises
    ------
    InvalidInput
        It is longer.
    """
    if len(text) > limit:
        raise InvalidInput(f"{what} has {len(text):,} characters; write at most {limit:,}.")
    return text


@lru_cache(maxsize=4096)
def checked_key(key: str, what: str) -> str:
    """Return the name of a metric, parameter or tag.

    Raises
    ------
    InvalidInput
        It is empty, too long, holds another character than MLflow allows, or would read as another name if it were a
        path (``a//b``, ``../a``).
    """
    if not key:
        raise InvalidInput(f"A {what} needs a name. Give it one.")
    shown = key if len(key) <= 60 else f"{key[:60]}…"
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            f"The name {shown!r} of a {what} holds a character that is not allowed. "
            "Use letters, digits, underscores, dashes, periods, spaces, colons and slashes."
        )
    plain = posixpath.normpath(key)
    if plain != key or plain == "." or plain.startswith(("..", "/")):
        raise InvalidInput(
            f"The name {shown!r} of a {what} reads like another path, {plain[:60]!r}. Choose a plain one."
        )
    return within(key, KEY_CHARACTERS, f"The name {shown!r} of a {what}")
