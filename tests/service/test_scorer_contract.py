"""A row that breaks the contract is answered like any other, and marked wherever somebody may look for it."""

import json
import signal
import socket
import time
from zoneinfo import ZoneInfo

import httpx
import pytest

from core.data.contract.contract import Contract, Rule
from core.deployment.input_contract import InputContract
from core.deployment.serving import read_plan, write_plan
from core.monitoring.shipped import shipped_rows
from core.settings import Settings
from core.spool import Spool
from tests.faults.test_scorer_killed import Process
from tests.service.test_scorer_protocol import INFER, ask, rows
from tests.serving_stand import agreed, plan_of, publish, served

NOT_LATE = Rule(kind="range", column="hour", arguments={"max": 22.5})
AIRPORTS = Rule(kind="enumeration", column="origin", arguments={"values": ["JFK", "EWR", "LGA"]})
FORM = Rule(kind="pattern", column="origin", arguments={"pattern": "^[A-Z]{3}$"})
FILLED = Rule(kind="not_null", column="distance")
HELD = agreed(NOT_LATE, AIRPORTS, FORM, FILLED, number=2)

ODD = {
    "inputs": [
        {"name": "hour", "shape": [3], "datatype": "FP64", "data": [23, 20, None]},
        {"name": "distance", "shape": [3], "datatype": "FP64", "data": [500, 500, None]},
        {"name": "origin", "shape": [3], "datatype": "BYTES", "data": ["JFK", "jfk", "JFK"]},
    ]
}
BROKEN = {"range: hour": [0], "enumeration: origin": [1], "pattern: origin": [1], "not_null: distance": [2]}


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Settings(home=tmp_path, scorer_port=port)


def test_a_plan_with_a_contract_comes_back_as_it_was_written(settings):
    plan = plan_of(served(settings), contract=HELD)
    assert read_plan(write_plan(settings.serving, plan)) == plan


def test_a_plan_from_before_there_was_a_contract_is_served(settings):
    path = write_plan(settings.serving, plan_of(served(settings)))
    document = json.loads(path.read_bytes())
    del document["contract"]
    path.write_text(json.dumps(document))
    assert read_plan(path).contract is None


def test_rows_that_break_the_contract_are_answered_and_marked(settings):
    publish(settings, served(settings), served(settings, number=2, role="shadow"), contract=HELD)
    plain = {"inputs": rows("JFK")}
    (odd, kept, status), records = ask(
        settings, ("POST", INFER, {"json": ODD}), ("POST", INFER, {"json": plain}), ("GET", "/status")
    )
    assert (odd.status_code, len(odd.json()["outputs"][0]["data"])) == (200, 3)
    said = odd.json()["parameters"]
    assert (said["contract_version"], said["contract_broken_rows"]) == (2, 3)
    assert json.loads(said["contract_broken_rules"]) == BROKEN
    assert all(isinstance(value, int | str) for value in said.values())  # what the protocol allows
    assert kept.json()["parameters"] == {
        "version": 1,
        "revision": 1,
        "variant": "champion",
        "contract_version": 2,
        "contract_broken_rows": 0,
    }
    (endpoint,) = status.json()["endpoints"]
    assert endpoint["contract"] == 2
    counted = {(one["version"], one["rule"]): one["rows"] for one in endpoint["contract_broken_rows"]}
    assert counted == {(2, rule): 1 for rule in BROKEN}
    shipped = shipped_rows([json.loads(record.body) for record in records], ZoneInfo("UTC"))
    for variant in ("champion", "shadow"):
        marks = shipped.filter(variant=variant)
        assert marks["contract_version"].to_list() == [2, 2, 2, 2]
        assert marks["broken_rules"].to_list() == [
            ["range: hour"],
            ["enumeration: origin", "pattern: origin"],
            ["not_null: distance"],
            None,
        ]


def test_many_rows_are_marked_like_few(settings):
    publish(settings, served(settings), contract=HELD)
    many = {"inputs": rows(*(["JFK", "jfk"] * 1_500))}
    (answer,), _ = ask(settings, ("POST", INFER, {"json": many}))
    odd = list(range(1, 3_000, 2))
    assert json.loads(answer.json()["parameters"]["contract_broken_rules"]) == {
        "enumeration: origin": odd,
        "pattern: origin": odd,
    }


def test_a_contract_that_fails_on_a_row_costs_no_answer(settings, monkeypatch):
    def fails(*_):
        raise RuntimeError("out of memory")

    publish(settings, served(settings), contract=HELD)
    monkeypatch.setattr("core.data.contract.by_row.RowRules.broken", fails)
    (answer,), (record,) = ask(settings, ("POST", INFER, {"json": ODD}))
    assert answer.status_code == 200
    assert "contract_version" not in answer.json()["parameters"]
    assert "contract" not in json.loads(record.body)


def test_rules_that_nobody_here_knows_hold_nothing_up(settings):
    odd = InputContract(
        version_id="c", number=1, contract=Contract(name="c", rules=(Rule(kind="from the future", column="hour"),))
    )
    publish(settings, served(settings), contract=odd)
    (answer,), _ = ask(settings, ("POST", INFER, {"json": ODD}))
    assert answer.json()["parameters"]["contract_broken_rows"] == 0


def test_a_process_that_serves_takes_up_a_newer_contract_and_never_misses_a_request(settings):
    publish(settings, served(settings), contract=HELD)
    process = Process(settings)
    url = settings.scorer_url + INFER
    try:
        first = httpx.post(url, json=ODD).json()
        assert json.loads(first["parameters"]["contract_broken_rules"]) == BROKEN
        publish(settings, served(settings), contract=agreed(FILLED, number=3))
        ends, answers = time.monotonic() + 15, [first]
        while answers[-1]["parameters"]["contract_version"] == 2 and time.monotonic() < ends:
            answers.append(httpx.post(url, json=ODD).raise_for_status().json())
        last = answers[-1]
        assert last["parameters"]["contract_version"] == 3
        assert json.loads(last["parameters"]["contract_broken_rules"]) == {"not_null: distance": [2]}
        assert last["outputs"] == first["outputs"]
    finally:
        code, _ = process.end(signal.SIGTERM)
    assert code == 0
    with Spool.open(settings.spool / "scorer.db") as spool:
        logged = [json.loads(record.body)["contract"]["version"] for record in spool.read(0, 100_000)]
    assert len(logged) == len(answers)
    assert set(logged) == {2, 3}
