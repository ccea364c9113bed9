"""The protocol's acts that read the history of metrics."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import InvalidInput
from core.modelling.tracking.search.page import offset_of
from core.service.mlflow.answers import page_json, point_json
from core.service.mlflow.endpoints import Endpoint
from core.service.mlflow.fields import Fields
from core.service.mlflow.runs import run_id_of
from core.workspace.workspace import Workspace

MOST_RUNS = 100
MOST_POINTS = 25_000
MOST_SAMPLES = 2_500
_MOST_A_PAGE = 2**31 - 1


def history(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a page of a metric's values in one run."""
    limit = fields.integer("max_results")
    if limit is not None:
        limit = _between(limit, _MOST_A_PAGE)
    offset = offset_of(fields.text("page_token"))
    page = workspace.tracking.history(run_id_of(fields), fields.needed("metric_key"), offset=offset, limit=limit)
    return page_json("metrics", [point_json(point) for point in page.items], page.next_token)


def bulk_history(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return a metric's values in several runs."""
    limit = fields.integer("max_results")
    most = min(_between(MOST_POINTS if limit is None else limit, _MOST_A_PAGE), MOST_POINTS)
    found = workspace.tracking.histories(_runs(fields, "run_id"), fields.needed("metric_key"), most)
    return {"metrics": [{**point_json(of.point), "run_id": of.run_id} for of in found]}


def sampled_history(workspace: Workspace, fields: Fields) -> Mapping[str, Any]:
    """Return evenly spaced values of a metric in several runs."""
    limit = fields.integer("max_results")
    most = _between(MOST_SAMPLES if limit is None else limit, MOST_SAMPLES)
    runs, key, steps = _runs(fields, "run_ids"), fields.needed("metric_key"), _steps(fields)
    found = workspace.tracking.samples(runs, key, most, steps)
    return {"metrics": [{**point_json(of.point), "run_id": of.run_id} for of in found]}


def _runs(fields: Fields, name: str) -> Sequence[str]:
    run_ids = fields.texts(name)
    if not 1 <= len(run_ids) <= MOST_RUNS:
        raise InvalidInput(f"Name 1 to {MOST_RUNS} runs with {name}, not {len(run_ids)}.")
    return run_ids


def _steps(fields: Fields) -> tuple[int, int] | None:
    first, last = fields.integer("start_step"), fields.integer("end_step")
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise InvalidInput("A range of steps needs start_step and end_step. Send both, or none.")
    if first > last:
        raise InvalidInput(f"The range of steps begins at {first} and ends at {last}. Send the smaller as start_step.")
    return first, last


def _between(number: int, most: int) -> int:
    if not 1 <= number <= most:
        raise InvalidInput(f"max_results must be between 1 and {most:,}, not {number:,}. Change it.")
    return number


ENDPOINTS = (
    Endpoint("GET", "metrics/get-history", history),
    Endpoint("GET", "metrics/get-history-bulk", bulk_history),
    Endpoint("GET", "metrics/get-history-bulk-interval", sampled_history),
)
