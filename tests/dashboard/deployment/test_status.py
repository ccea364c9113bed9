from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson

from core.data.contract.contract import Contract, Rule
from core.data.finding import Severity
from core.spool import SpoolRecord
from tests.dashboard.stages import primary, text
from tests.small_projects import carry_out


def test_nothing_serving_leads_to_the_runs_or_the_release(at):
    assert primary(at("trained").open("deployment")) == "Go to the runs"


def test_a_registered_version_leads_to_its_release(at):
    app = at("registered").open("deployment")
    assert "**late 1** is registered" in text(app)
    assert primary(app) == "Go to its release"


def test_a_scorer_that_does_not_answer_is_down_and_says_what_to_do(at):
    app = at("serving").open("deployment")
    said = text(app)
    assert "its endpoint is **down**" in said
    assert "The scorer does not answer" in said
    assert app.button(key="deployment-try").disabled


def test_the_call_to_copy_holds_a_real_row_and_the_endpoint(at):
    stage = at("serving")
    codes = [code.value for code in stage.open("deployment").code]
    assert all("/v2/models/late/infer" in code or "tritonclient" in code for code in codes)
    carrier = orjson.loads(codes[0].split("-d '")[1].rstrip("'"))["inputs"][2]
    assert carrier["name"] == "carrier"
    assert carrier["data"][0] in {"AA", "DL", "UA"}


def test_the_log_gives_rows_requests_and_response_time(at):
    stage = at("serving")
    _log(stage, rows=3, requests=4, latency_ms=8.0)
    app = stage.open("deployment")
    values = {metric.label: metric.value for metric in app.metric}
    assert values["Rows logged"] == "12"
    assert values["Requests"] == "4"
    assert values["Response time, p95"] == "8.0 ms"


def test_rows_that_broke_the_contract_are_one_line_that_leads_to_it(at):
    stage = at("serving")
    contracts, project = stage.workspace.contracts, stage.small.project
    for bound in (45, 50):  # the second one is in force; the rows were held to the first
        rule = Rule(kind="range", column="temp", arguments={"max": bound})
        hint = replace(rule, arguments={"min": 0}, severity=Severity.WARNING)
        contracts.accept(contracts.propose(project.id, Contract(name="late", rules=(hint, rule)), origin="a test").id)
    _log(stage, rows=3, requests=4, latency_ms=8.0, contract={"version": 1})
    assert "broke the contract" not in text(stage.open("deployment"))
    broken = {"range: temp (2)": [0, 2], "not_null: wind": [0]}
    _log(stage, rows=3, requests=5, latency_ms=8.0, after=4, contract={"version": 1, "broken": broken})
    said = text(stage.open("deployment"))
    assert "**10 of 27 rows**" in said
    assert "agreed is that temp is at most 45 (10 rows), and 1 other rule" in said
    assert "contract" in [link.page for link in stage.open("deployment").get("page_link")]


def test_a_promotion_can_be_rolled_back_and_the_history_tells(at):
    stage = at("serving")
    boosting = next(run for run in stage.life.runs if run.recipe == "boosting")
    carry_out(stage.workspace, stage.workspace.deployment.register(boosting.id, "late"))
    challenger = stage.life.versions[-1]
    assert primary(stage.open("deployment")) == f"Release {challenger.title}"
    stage.workspace.deployment.approve(challenger.id, reason="Better.")
    stage.workspace.deployment.promote(challenger.id, reason="It does better.")
    app = stage.open("deployment")
    assert app.button(key="deployment-back").label == "Roll back to late 1"
    app.button(key="deployment-back").click().run()
    assert app.text_area(key="deployment-reason").label == "Why"
    stage.workspace.deployment.roll_back(stage.small.project.id, "It was slower.")
    rollouts = stage.open("deployment").table[1].value
    assert [cell.split("** ")[-1] for cell in rollouts["What"]] == ["rolled back", "promoted", "deployed"]


def test_without_an_earlier_champion_there_is_nothing_to_roll_back_to(at):
    assert "deployment-back" not in [button.key for button in at("serving").open("deployment").button]


def _log(stage, *, rows, requests, latency_ms, after=0, **marks):
    version, deployment = stage.life.champion, stage.life.deployment
    moment = stage.small.project.clock or datetime.now(UTC)
    records = []
    for number in range(after + 1, after + requests + 1):
        body = {
            "endpoint": "late",
            "project_id": stage.small.project.id,
            "request_id": f"r{number}",
            "revision": deployment.revision,
            "event_time": (moment - timedelta(hours=number)).isoformat(),
            "entity_ids": [f"e{number}-{row}" for row in range(rows)],
            "answered_at": moment.isoformat(),
            "latency_ms": latency_ms,
            "inputs": {"temp": [60.0] * rows, "wind": [5.0] * rows, "carrier": ["AA"] * rows},
            "answers": [
                {"variant": "champion", "version_id": version.id, "score": [0.1] * rows, "predicted": ["no"] * rows}
            ],
            **marks,
        }
        records.append(
            SpoolRecord(
                sequence=number, endpoint="late", request_id=f"r{number}", payload_hash="", body=orjson.dumps(body)
            )
        )
    stage.workspace.deployment.ship(records, source="test")
