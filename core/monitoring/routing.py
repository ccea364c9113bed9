"""Where a project's alerts are sent, and what became of each message."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import InvalidInput
from core.ids import derived_id

MOST_ADDRESSES = 20
_ADDRESS = re.compile(r"[^@\s,;<>()\"\\\x00-\x1f]{1,64}@[^@\s,;<>()\"\\\x00-\x1f]{1,255}")


class Channel(StrEnum):
    """How a message travels."""

    WEBHOOK = "webhook"
    EMAIL = "email"


class DeliveryState(StrEnum):
    """What became of a message; one that was muted when its turn came is not sent."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    MUTED = "muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoutes:
    """Where the alerts of a project go: a web address, addresses of e-mail, both or none. One record a project."""

    id: str
    project_id: str
    webhook: str = ""
    emails: tuple[str, ...] = ()
    created_at: datetime

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Return the channels that lead somewhere."""
        found = {Channel.WEBHOOK: bool(self.webhook), Channel.EMAIL: bool(self.emails)}
        return tuple(channel for channel, used in found.items() if used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message on one channel; ``alert_id`` is ``None`` for a test. ``error`` says why it could not be sent."""

    id: str
    project_id: str
    alert_id: str | None
    channel: Channel
    state: DeliveryState = DeliveryState.WAITING
    error: str = ""
    created_at: datetime
    finished_at: datetime | None = None


def delivery_id(alert_id: str, channel: Channel) -> str:
    """Return the id of the one message that an alert sends on a channel."""
    return derived_id(alert_id, "delivery", channel)


def checked_emails(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return addresses of e-mail, each once.

    Raises
    ------
    InvalidInput
        One is no address, or there are too many.
    """
    found = tuple(dict.fromkeys(address.strip() for address in addresses if address.strip()))
    for address in found:
        if not _ADDRESS.fullmatch(address):
            raise InvalidInput(f"{address[:80]!r} is no e-mail address. Write it as name@example.com.")
    if len(found) > MOST_ADDRESSES:
        raise InvalidInput(f"Alerts go to {MOST_ADDRESSES} addresses at most. Use a mailing list for more.")
    return found
