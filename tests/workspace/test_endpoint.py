"""An endpoint from deploying to archiving, with a real scorer that answers over HTTP."""

import socket
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import numpy as np
import polars as pl
import pytest
import uvicorn

from core.data.contract.contract import Contract, Rule
from core.data.contract.version import ContractVersion
from core.deployment.endpoint import EndpointState
from core.deployment.held import BrokenRule
from core.deployment.serving import read_plan
from core.errors import Conflict, Unavailable
from core.jobs.shipping import Shipping
from core.scoping.project import Task, TaskKind
from core.scorer.app import create_app
from core.settings import Settings
from core.workspace.modelling import TrainingOrder
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, carry_out, serving, trained

TASK = Task(kind=TaskKind.REGRESSION, target="minutes", inputs=("distance", "carrier"))


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def small(tmp_path: Path, port: int) -> Small:
    rng = np.random.default_rng(3)
    distance, carrier = rng.uniform(100, 2500, 120), rng.choice(["AA", "DL"], 120)
    minutes = 20 + distance / 8 + 10 * (carrier == "DL") + rng.normal(0, 5, 120)
    csv = tmp_path / "trips.csv"
    pl.DataFrame({"distance": distance, "carrier": carrier, "minutes": minutes}).write_csv(csv)
    workspace = Workspace.open(Settings(home=tmp_path / "home", scorer_port=port))
    return serving(trained(begun(workspace, csv, TASK, name="Trips"), ("linear",)), "linear")


@pytest.fixture
def scorer(small: Small):
    settings = small.workspace.settings
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings), host="127.0.0.1", port=settings.scorer_port, log_level="error", lifespan="on"
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.should_exit = True
    thread.join(timeout=10)


def until(small: Small, state: EndpointState) -> None:
    ends = time.monotonic() + 15
    while time.monotonic() < ends:
        found = small.workspace.deployment.health(small.project.id)
        if found.state is state:
            return
        time.sleep(0.05)
    raise AssertionError(f"{found.state}: {found.sentence}")


def test_a_call_is_logged_and_a_try_is_not(small, scorer):
    deployment, project = small.workspace.deployment, small.project
    until(small, EndpointState.READY)
    request = deployment.example_request(project.id)
    tried = deployment.try_out(project.id, request)
    assert tried.score is not None
    assert tried.version == 1
    url = f"{small.workspace.settings.scorer_url}/v2/models/{project.slug}/infer"
    assert httpx.post(url, json=request).json()["outputs"][0]["data"] == [tried.score]
    Shipping(small.workspace, small.workspace.settings.spool).flush(5.0)
    seen = deployment.traffic(project.id)
    assert (seen.requests, seen.rows) == (1, 1)
    counted = deployment.health(project.id)
    assert counted.requests == 2
    assert counted.errors == 0


def test_a_predicted_number_stays_a_missing_class(small, scorer):
    deployment, project = small.workspace.deployment, small.project
    until(small, EndpointState.READY)
    url = f"{small.workspace.settings.scorer_url}/v2/models/{project.slug}/infer"
    assert httpx.post(url, json=deployment.example_request(project.id)).status_code == 200
    Shipping(small.workspace, small.workspace.settings.spool).flush(5.0)
    now = datetime.now(UTC)
    rows = deployment._desk.storage.predictions.read(
        project.id, starts=now - timedelta(hours=1), ends=now + timedelta(hours=1)
    )
    assert rows["predicted"].to_list() == [None]


def accept(small: Small, *rules: Rule) -> ContractVersion:
    contracts = small.workspace.contracts
    draft = contracts.propose(small.project.id, Contract(name="trips", rules=rules), origin="written in a test")
    return contracts.accept(draft.id)


def test_an_accepted_contract_holds_the_inputs_from_then_on(small, scorer):
    deployment, project, settings = small.workspace.deployment, small.project, small.workspace.settings
    until(small, EndpointState.READY)
    plan = settings.serving / f"{project.slug}.json"
    assert read_plan(plan).contract is None
    short = Rule(kind="range", column="distance", arguments={"max": 1_000})
    minutes = Rule(kind="range", column="minutes", arguments={"max": 10})  # the label is no input
    accepted = accept(small, Rule(kind="row_count"), short, minutes)
    written = read_plan(plan).contract
    assert written is not None
    assert (written.version_id, written.number, written.contract.rules) == (accepted.id, 1, (short,))
    url = f"{settings.scorer_url}/v2/models/{project.slug}/infer"
    inputs = deployment.example_request(project.id)["inputs"]
    far = {"inputs": [one | {"data": [2_000.0]} if one["name"] == "distance" else one for one in inputs]}
    ends = time.monotonic() + 15
    while "contract_version" not in (said := httpx.post(url, json=far).json()["parameters"]):
        assert time.monotonic() < ends
    assert said["contract_broken_rules"] == '{"range: distance":[0]}'
    Shipping(small.workspace, settings.spool).flush(5.0)
    held = deployment.traffic(project.id).held
    assert held is not None
    assert (held.rows, held.broken) == (1, 1)  # the rows before were held to nothing
    assert held.rules == (BrokenRule(number=1, key="range: distance", rows=1),)


def test_a_newer_contract_and_a_worker_that_starts_anew_write_the_plan_again(small):
    plan = small.workspace.settings.serving / f"{small.project.slug}.json"
    before = read_plan(plan)
    accept(small, Rule(kind="not_null", column="distance"))
    accept(small, Rule(kind="not_null", column="carrier"))
    newest = read_plan(plan)
    assert newest.contract is not None
    assert newest.contract.number == 2
    assert replace(newest, contract=None) == before  # what answers is what it was
    plan.unlink()
    small.workspace.deployment.publish_all()
    assert read_plan(plan) == newest


def test_an_archived_project_no_longer_answers_until_it_is_restored(small, scorer):
    workspace, project = small.workspace, small.project
    until(small, EndpointState.READY)
    url = f"{workspace.settings.scorer_url}/v2/models/{project.slug}/infer"
    request = workspace.deployment.example_request(project.id)
    workspace.projects.archive(project.id)
    until(small, EndpointState.STARTING)  # the scorer no longer knows it
    assert httpx.post(url, json=request).status_code == 404
    with pytest.raises(Unavailable, match="did not answer"):
        workspace.deployment.try_out(project.id, request)
    workspace.projects.restore(project.id)
    until(small, EndpointState.READY)
    assert httpx.post(url, json=request).status_code == 200


def test_without_a_scorer_the_endpoint_is_down(small):
    found = small.workspace.deployment.health(small.project.id)
    assert found.state is EndpointState.DOWN
    assert "does not answer" in found.sentence


def test_a_start_publishes_what_was_committed_and_withdraws_what_is_archived(small):
    workspace, project = small.workspace, small.project
    plan = workspace.settings.serving / f"{project.slug}.json"
    plan.unlink()  # a process that was killed between its commit and its plan
    workspace.deployment.publish_all()
    assert read_plan(plan).revision == 1
    kept = plan.read_bytes()
    workspace.projects.archive(project.id)
    assert not plan.exists()
    plan.write_bytes(kept)  # killed between archiving and withdrawing
    workspace.deployment.publish_all()
    assert not plan.exists()


def test_a_project_put_aside_gives_its_endpoint_to_the_fresh_one(small):
    workspace = small.workspace
    folder = workspace.settings.serving
    with workspace.deployment._desk.storage.write() as records:
        records.replace(replace(workspace.projects.get(small.project.id), slug="flights"))
    workspace.deployment.publish(small.project.id)
    assert (folder / "flights.json").exists()
    workspace.projects.put_demo_aside()
    assert not (folder / "flights.json").exists()
    aside = workspace.projects.restore(small.project.id)
    assert read_plan(folder / f"{aside.slug}.json").endpoint == aside.slug
    assert not (folder / "flights.json").exists()


def test_an_input_of_another_kind_does_not_get_into_the_log_of_an_endpoint(small, tmp_path):
    workspace, project = small.workspace, small.project
    csv = tmp_path / "numbered.csv"
    csv.write_text((tmp_path / "trips.csv").read_text().replace("AA", "1").replace("DL", "2"))
    version, job = workspace.data.drop(project.id, csv, file_name="numbered.csv")
    carry_out(workspace, job)
    workspace.data.accept(version.id)
    _, job = workspace.modelling.train(project.id, TrainingOrder(dataset_id=version.id, recipes=("linear",)))
    carry_out(workspace, job)
    carry_out(workspace, workspace.deployment.register(small.life.runs[-1].id, "small"))
    numbered = small.life.versions[-1]
    workspace.deployment.approve(numbered.id, reason="A test says so.")
    with pytest.raises(Conflict, match="'carrier' is a category in small 1 and a number in small 2"):
        workspace.deployment.promote(numbered.id)


def test_nothing_deployed_has_nothing_to_call(tmp_path):
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    project = workspace.projects.begin("Empty", task=TASK)
    assert workspace.deployment.health(project.id).state is EndpointState.NOT_WATCHED
    assert workspace.deployment.traffic(project.id).rows == 0
    assert workspace.deployment.commits(project.id) == 0
    with pytest.raises(Conflict, match="Nothing serves yet"):
        workspace.deployment.example_request(project.id)
