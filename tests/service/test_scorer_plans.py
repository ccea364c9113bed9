import asyncio
import json
import time
from dataclasses import replace

import numpy as np
import pytest

from core.deployment.serving import read_model, read_plan, withdraw_plan, write_plan
from core.errors import Corrupted, InvalidInput, NotFound
from core.modelling.onnx_model import Scores
from core.scorer import endpoints
from core.settings import Settings
from tests.service.test_scorer_protocol import INFER, client_of, rows
from tests.serving_stand import plan_of, publish, served

ONE_ROW = {"inputs": rows("JFK")}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path)


async def until(condition, seconds=5.0):
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "it never came true"
        await asyncio.sleep(0.02)


def test_a_plan_comes_back_as_it_was_written(settings):
    plan = plan_of(served(settings), served(settings, number=2, role="shadow"))
    path = write_plan(settings.serving, plan)
    assert read_plan(path) == plan
    assert [file.name for file in settings.serving.iterdir()] == ["late-flights.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"file": "/etc/passwd"},
        {"file": "artifacts/../records.db"},
        {"file": "artifacts\\..\\records.db"},
        {"file": "records.db"},
        {"file": ""},
        {"sha256": "abc"},
        {"role": "shadow"},
        {"features": ()},
        {"cut": float("nan")},
    ],
)
def test_an_unsafe_plan_is_neither_written_nor_read(settings, change):
    good = plan_of(served(settings))
    bad = replace(good, versions=(replace(good.versions[0], **change),))
    with pytest.raises(InvalidInput):
        write_plan(settings.serving, bad)
    path = write_plan(settings.serving, good)
    document = json.loads(path.read_bytes())
    document["versions"][0] |= change
    path.write_text(json.dumps(document))
    with pytest.raises(InvalidInput):
        read_plan(path)


@pytest.mark.parametrize("name", ["../x", "A", "", "a/b", "x" * 65])
def test_an_endpoint_has_a_plain_name(settings, name):
    with pytest.raises(InvalidInput):
        write_plan(settings.serving, replace(plan_of(served(settings)), endpoint=name))


def test_a_plan_speaks_for_its_own_file_name_only(settings):
    path = write_plan(settings.serving, plan_of(served(settings)))
    other = path.rename(path.with_name("other.json"))
    with pytest.raises(InvalidInput, match="late-flights"):
        read_plan(other)
    with pytest.raises(NotFound):
        read_plan(path)


def test_changed_bytes_are_not_served(settings):
    version = served(settings)
    assert read_model(settings.home, version)
    (settings.home / version.file).write_bytes(b"other")
    with pytest.raises(Corrupted):
        read_model(settings.home, version)
    (settings.home / version.file).unlink()
    with pytest.raises(NotFound):
        read_model(settings.home, version)


def test_a_new_revision_takes_over_under_load_without_a_failed_request(settings):
    async def run():
        publish(settings, served(settings))
        async with client_of(settings) as client:
            answers = []

            async def asking():
                while not answers or answers[-1].json()["parameters"]["revision"] < 2:
                    answers.append(await client.post(INFER, json=ONE_ROW))

            asked = asyncio.create_task(asking())
            await asyncio.sleep(0.1)
            publish(settings, served(settings, number=2), revision=2)
            await asyncio.wait_for(asked, 5)
            return answers

    answers = asyncio.run(run())
    assert {answer.status_code for answer in answers} == {200}
    assert [answer.json()["model_version"] for answer in answers][-1] == "2"


def test_a_broken_plan_leaves_the_old_one_serving_and_is_named(settings, monkeypatch):
    monkeypatch.setattr(endpoints, "RETRY_SECONDS", 0.1)

    async def run():
        good = served(settings)
        publish(settings, good)
        async with client_of(settings) as client:

            async def problem():
                return (await client.get("/v2/health")).json()["problems"].get("late-flights", "")

            lost = replace(good, number=2, sha256="0" * 64, file="artifacts/" + "0" * 64)
            publish(settings, lost, revision=2)
            await until(problem)
            assert "missing" in await problem()
            status = (await client.get("/status")).json()
            assert status["endpoints"][0]["revision"] == 1
            (settings.serving / "late-flights.json").write_text("{")
            await until(lambda: _holds(problem, "late-flights.json"))
            assert (await client.post(INFER, json=ONE_ROW)).status_code == 200
            assert (await client.get("/v2/health/ready")).status_code == 200
            publish(settings, replace(good, number=3), revision=3)

            async def healed():
                return not await problem()

            await until(healed)
            assert (await client.post(INFER, json=ONE_ROW)).json()["model_version"] == "3"

    asyncio.run(run())


async def _holds(text, part):
    return part in await text()


def test_a_withdrawn_endpoint_stops_answering(settings):
    async def run():
        publish(settings, served(settings))
        async with client_of(settings) as client:
            withdraw_plan(settings.serving, "late-flights")

            async def gone():
                return (await client.post(INFER, json=ONE_ROW)).status_code == 404

            await until(gone)

    asyncio.run(run())


class Stand:
    def __init__(self, behave=lambda _rows: None):
        self.behave = behave

    def score(self, columns):
        n = len(columns["hour"])
        self.behave(columns["hour"])
        return Scores(score=np.full(n, 0.25), predicted=("no",) * n)


def _shadowed(settings, behave, requests):
    """Ask with a champion and a shadow that behaves once warm; return the seconds and the shadow's log entries."""

    def load(version, data):
        return Stand() if version.role == "champion" else Stand(behave)

    async def run():
        publish(settings, served(settings), served(settings, number=2, role="shadow"))
        async with client_of(settings, load=load) as client:
            started = time.perf_counter()
            answers = [await client.post(INFER, json=ONE_ROW) for _ in range(requests)]
            seconds = time.perf_counter() - started
            records = client.scorer.spool.read(0, 1000)
            return answers, seconds, [json.loads(record.body)["answers"] for record in records]

    answers, seconds, logged = asyncio.run(run())
    assert {answer.status_code for answer in answers} == {200}
    assert all(entry[0]["score"] == [0.25] for entry in logged)
    return seconds, [entry[1] for entry in logged]


def test_a_shadow_scores_the_same_rows_in_silence(settings):
    _, entries = _shadowed(settings, lambda _hour: None, 3)
    assert entries == [{"variant": "shadow", "version_id": "v2", "score": [0.25], "predicted": ["no"]}] * 3


def test_a_failing_shadow_leaves_the_answer_alone(settings):
    def fail(hour):
        if hour == [20.0]:
            raise RuntimeError("broken tree")

    _, entries = _shadowed(settings, fail, 2)
    assert entries == [{"variant": "shadow", "version_id": "v2", "error": "broken tree"}] * 2


def test_a_slow_shadow_delays_one_answer_a_little_and_the_next_not_at_all(settings):
    def sleep(hour):
        if hour == [20.0]:
            time.sleep(3)

    seconds, entries = _shadowed(settings, sleep, 5)
    assert seconds < 1
    assert "100 ms" in entries[0]["error"]
    assert all("busy" in entry["error"] for entry in entries[1:])


def test_a_shadow_that_cannot_be_loaded_does_not_stop_the_champion(settings):
    async def run():
        lost = replace(served(settings, number=2, role="shadow"), sha256="0" * 64)
        publish(settings, served(settings), lost)
        async with client_of(settings) as client:
            answer = await client.post(INFER, json=ONE_ROW)
            (record,) = client.scorer.spool.read(0, 10)
            return answer, json.loads(record.body), (await client.get("/v2/health")).json()

    answer, record, health = asyncio.run(run())
    assert answer.status_code == 200
    assert "SHA-256" in record["answers"][1]["error"]
    assert "cannot listen in" in health["problems"]["late-flights"]
