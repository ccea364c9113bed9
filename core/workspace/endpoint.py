"""Endpoints as the workspace sees them: their plans, their health, what they have answered, one call to try."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from typing import Any

import httpx
import polars as pl

from core.data.contract.version import ContractVersion, in_force
from core.deployment.calling import infer_url
from core.deployment.deployment import Deployment
from core.deployment.endpoint import EndpointHealth, EndpointState, down, endpoint_health
from core.deployment.input_contract import input_contract
from core.deployment.model_version import ModelVersion
from core.deployment.oip import infer_answer, infer_request
from core.deployment.serving import ServedVersion, ServingPlan, withdraw_plan, write_plan
from core.deployment.traffic import COLUMNS, MOST_DAYS, Traffic, traffic
from core.errors import Conflict, InvalidInput, Unavailable
from core.ids import new_id
from core.modelling.run import Run
from core.people.actor import Permission
from core.scoping.project import Project
from core.workspace.act import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What the endpoint said of one row, and how long it took, there and back."""

    score: float | None
    predicted: str
    milliseconds: float
    version: int | None


def deployment_in_force(desk: Desk, project_id: str) -> Deployment | None:
    """Return the newest deployment of a project."""
    history = desk.all(Deployment, project_id, order="revision")
    return history[-1] if history else None


def publish(desk: Desk, project_id: str) -> None:
    """Write what the scorer shall serve of a project, and the contract in force; an archived one is not served."""
    while True:
        project, deployment = desk.one(Project, project_id), deployment_in_force(desk, project_id)
        contract = _contract_in_force(desk, project_id)
        if deployment is None or project.task is None:
            return
        if project.archived_at is not None:
            withdraw_plan(desk.settings.serving, project.slug)
        else:
            write_plan(desk.settings.serving, _plan(desk, project, deployment, contract))
        # somebody may have deployed, archived or agreed meanwhile and written before us: the newest has the last word
        after = desk.one(Project, project_id)
        same = (after.slug, after.archived_at) == (project.slug, project.archived_at)
        same = same and _contract_in_force(desk, project_id) == contract
        if same and deployment_in_force(desk, project_id) == deployment:
            return


def _contract_in_force(desk: Desk, project_id: str) -> ContractVersion | None:
    return in_force(desk.all(ContractVersion, project_id, order="number"))


def withdraw(desk: Desk, endpoint: str) -> None:
    """Stop serving an endpoint."""
    withdraw_plan(desk.settings.serving, endpoint)


def _plan(desk: Desk, project: Project, deployment: Deployment, contract: ContractVersion | None) -> ServingPlan:
    if project.task is None:
        raise Conflict(f"{project.name} does not say yet what it predicts. Define its task first.")
    roles = [(deployment.champion_id, "champion"), *((s, "shadow") for s in deployment.shadow_ids)]
    versions = tuple(_served(desk, version_id, role) for version_id, role in roles)
    return ServingPlan(
        endpoint=project.slug,
        project_id=project.id,
        revision=deployment.revision,
        kind=project.task.kind,
        versions=versions,
        contract=input_contract(contract, versions[0].features) if contract else None,
    )


def _served(desk: Desk, version_id: str, role: str) -> ServedVersion:
    version = desk.one(ModelVersion, version_id)
    file = desk.storage.artifacts.path(version.artifact)
    return ServedVersion(
        version_id=version.id,
        name=version.name,
        number=version.number,
        role="champion" if role == "champion" else "shadow",
        sha256=version.artifact,
        file=file.relative_to(desk.settings.home).as_posix(),
        features=version.features,
        classes=version.classes,
        cut=version.cut,
    )


@cache
def _caller() -> httpx.Client:
    # one client a process, since making one reads all certificates; no connection is kept, since scorers start anew
    return httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))


def scorer_status(desk: Desk) -> dict[str, Any]:
    """Return what the scorer says of itself.

    Raises
    ------
    Unavailable
        The scorer does not answer.
    """
    with contextlib.suppress(httpx.HTTPError, ValueError):
        return _caller().get(f"{desk.settings.scorer_url}/status", timeout=1.0).json()
    raise Unavailable("The scorer does not answer. Look at its log in the terminal that started Fullcircle.")


def health(desk: Desk, project_id: str) -> EndpointHealth:
    """Return how a project's endpoint is; one that nothing was deployed to is not watched."""
    deployment = deployment_in_force(desk, project_id)
    if deployment is None:
        return EndpointHealth(state=EndpointState.NOT_WATCHED)
    try:
        status = scorer_status(desk)
    except Unavailable as error:
        return down(str(error))
    return endpoint_health(status, desk.one(Project, project_id).slug, revision=deployment.revision)


def traffic_of(desk: Desk, project_id: str) -> Traffic:
    """Sum up what an endpoint logged on the last days that have rows, those after the project's clock included."""
    desk.actor.require(Permission.READ)
    zone, log = desk.one(Project, project_id).zone, desk.storage.predictions
    days = [date.fromisoformat(day) for day in log.days(project_id)[-MOST_DAYS:]] or [date(1970, 1, 1)]
    starts, ends = (
        datetime.combine(day, clock_time.min, zone).astimezone(UTC) for day in (days[0], days[-1] + timedelta(days=1))
    )
    return traffic(log.read(project_id, starts=starts, ends=ends, columns=COLUMNS))


def example_request(desk: Desk, project_id: str) -> dict[str, Any]:
    """Return an infer request with a row that the champion was trained on, as whole as there is one.

    Raises
    ------
    Conflict
        Nothing serves yet.
    """
    deployment = deployment_in_force(desk, project_id)
    if deployment is None:
        raise Conflict("Nothing serves yet. Deploy a model version first.")
    version = desk.one(ModelVersion, deployment.champion_id)
    run = desk.one(Run, version.run_id)
    names = [feature.name for feature in version.features]
    rows = pl.scan_parquet(desk.storage.artifacts.path(run.reference or "")).select(names)
    whole = rows.drop_nulls().head(1).collect()
    row = whole if whole.height else rows.head(1).collect()
    columns = {name: row[name].to_list() for name in names}
    return {"inputs": infer_request("", version.features, columns)["inputs"]}


def try_out(desk: Desk, project_id: str, request: Mapping[str, Any]) -> Tried:
    """Send one request to a project's endpoint, marked as a try: it is answered like any other and counts nowhere.

    Raises
    ------
    Unavailable
        The scorer does not answer, or does not serve this endpoint yet.
    """
    desk.actor.require(Permission.READ)
    url = infer_url(desk.settings.scorer_url, desk.one(Project, project_id).slug)
    body = {**request, "id": f"try-{new_id()}", "parameters": {"try": True}}
    started = time.perf_counter()
    try:
        answer = _caller().post(url, json=body, timeout=5.0).json()
        score, predicted = infer_answer(answer)
    except (httpx.HTTPError, ValueError, InvalidInput) as error:
        raise Unavailable(f"The endpoint did not answer: {error}. Look at its state, then try again.") from error
    return Tried(
        score=score[0],
        predicted=predicted[0],
        milliseconds=(time.perf_counter() - started) * 1000,
        version=answer["parameters"].get("version"),
    )
