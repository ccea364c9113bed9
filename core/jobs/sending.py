"""Send rows to the scorer as production would: one request a scheduled hour, each sent until it is acknowledged."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import httpx
import orjson
import polars as pl

from core.deployment.oip import infer_request
from core.errors import Unavailable
from core.ids import derived_id
from core.modelling.run import Feature

AT_ONCE = 4  # requests under way: enough for their log commits to be shared, few enough for one core
PATIENCE_SECONDS = 60.0  # how long a scorer may be away (it is restarted within seconds) before the job gives up
_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where requests go, and what they hold."""

    url: str
    endpoint: str
    project_id: str
    time_zone: str
    features: Sequence[Feature]


def hourly_requests(rows: pl.DataFrame, target: Target) -> Iterator[dict[str, Any]]:
    """Yield one infer request a scheduled hour; the same hour always has the same id."""
    # local hours: a window ends at a local midnight, which is no whole hour of UTC everywhere
    local = pl.col("event_time").dt.convert_time_zone(target.time_zone)
    hours = rows.with_columns(local.dt.truncate("1h").dt.convert_time_zone("UTC").alias("event_time"))
    for (hour,), part in hours.group_by("event_time", maintain_order=True):
        assert isinstance(hour, datetime)
        yield infer_request(
            derived_id(target.project_id, "replay", hour.isoformat()),
            target.features,
            {f.name: part[f.name].to_list() for f in target.features},
            event_time=hour,
            entity_ids=part["entity_id"].to_list(),
        )


def send_all(requests: Sequence[dict[str, Any]], target: Target, answered: Callable[[int], None]) -> None:
    """Send every request and wait until each is acknowledged; ``answered`` is told how many are.

    A scorer that is away is waited for: a request that it had acknowledged or logged before is the same request.

    Raises
    ------
    Unavailable
        The scorer stayed away, or refuses a request.
    """
    limits = httpx.Limits(max_connections=AT_ONCE)
    # threads, not coroutines: httpx looks for its event loop's kind at every turn of a coroutine, which costs more
    with httpx.Client(base_url=target.url, timeout=30.0, limits=limits) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        for count, _ in enumerate(pool.map(partial(_send, client, target), requests), start=1):
            answered(count)


def _send(client: httpx.Client, target: Target, request: dict[str, Any]) -> None:
    content, headers = orjson.dumps(request), {"content-type": "application/json"}
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = _try(client, f"/v2/models/{target.endpoint}/infer", content, headers)
        if answer is not None and answer.is_success:
            return
        if answer is not None and answer.status_code not in {404, 429, 502, 503}:
            raise Unavailable(f"The scorer refuses a request of this replay: {_reason(answer)}")
        if time.monotonic() > until:
            raise Unavailable(
                "The scorer has not answered for a minute. Look at its log; then ask for the replay again."
            )
        time.sleep(_PAUSE_SECONDS)


def _try(client: httpx.Client, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response | None:
    try:
        return client.post(path, content=content, headers=headers)
    except httpx.TransportError:
        return None


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json().get("error", answer.text))
    except ValueError:
        return answer.text[:200]
