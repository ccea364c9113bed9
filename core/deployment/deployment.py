"""A deployment: which version answers at an endpoint, and which ones listen in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One revision of an endpoint; the newest is in force. ``act`` is ``deploy``, ``promote`` or ``roll_back``."""

    id: str
    project_id: str
    endpoint: str
    revision: int
    act: str
    champion_id: str
    shadow_ids: tuple[str, ...] = ()
    approval_id: str
    reason: str = ""
    by: str
    at: datetime
    on: datetime
