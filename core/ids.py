"""Identifiers: UUIDv7 as 32 hex digits, so that they sort by the time they were made."""

from uuid import UUID, uuid5

from uuid6 import uuid7

_NAMESPACE = UUID("6ba7b814-9dad-11d1-80b4-00c04fd430c8")


def new_id() -> str:
    """Return a fresh identifier of 32 hex digits."""
    return uuid7().hex


def derived_id(*parts: str) -> str:
    """Return the identifier that the same ``parts`` always give: what makes a retried request the same request."""
    return uuid5(_NAMESPACE, "\x1f".join(parts)).hex
