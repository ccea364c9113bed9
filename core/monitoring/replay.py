"""A replay: later data of a project, sent through its endpoint as production would have sent them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What there is to replay and how far it has come (event time, UTC).

    ``rows`` is a Parquet artifact of inputs with ``entity_id`` and ``event_time``; ``labels`` one of ``entity_id``,
    ``label`` and ``observed_at``. ``window_anchor`` is the end of the first window.
    """

    id: str
    project_id: str
    rows: str
    labels: str
    starts: datetime
    ends: datetime
    position: datetime
    window_anchor: datetime
    created_at: datetime
