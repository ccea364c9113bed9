"""One page of a longer answer, and the token that asks for the next."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.errors import InvalidInput

Item = TypeVar("Item")
_FURTHEST = 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Item]):
    """Items of an answer; ``next_token`` asks for those that follow, and is empty where none do."""

    items: Sequence[Item]
    next_token: str = ""


def page_of(found: Sequence[Item], offset: int, limit: int) -> Page[Item]:
    """Return a page of at most ``limit`` items out of ``found``, which holds one more where there are more."""
    following = token_for(offset + limit) if len(found) > limit else ""
    return Page(items=found[:limit], next_token=following)


def token_for(offset: int) -> str:
    """Return the token of the page that begins at ``offset``."""
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()


def offset_of(token: str) -> int:
    """Return where the page of a token begins; without one, at 0.

    Raises
    ------
    InvalidInput
        The token is none that was given here.
    """
    if not token:
        return 0
    try:
        offset: object = json.loads(base64.b64decode(token, validate=True))["offset"]
    except (ValueError, KeyError, TypeError, RecursionError):
        offset = None
    if type(offset) is not int or not 0 <= offset < _FURTHEST:
        raise InvalidInput("The page token is none that was given here. Leave it out to begin at the first page.")
    return offset
