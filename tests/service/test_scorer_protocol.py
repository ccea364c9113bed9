import asyncio
import contextlib
import gzip
import json
import struct
from datetime import UTC, datetime

import httpx
import numpy as np
import orjson
import pytest

from core.deployment.oip import infer_answer, infer_request
from core.deployment.serving import write_plan
from core.scorer import body, variant
from core.scorer.app import create_app
from core.settings import Settings
from tests.serving_stand import plan_of, publish, served, trained

INFER = "/v2/models/late-flights/infer"


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path)
    publish(settings, served(settings))
    return settings


@contextlib.asynccontextmanager
async def client_of(settings, **options):
    app = create_app(settings, **options)
    async with app.router.lifespan_context(app):
        while not app.state.scorer.endpoints.ready:
            await asyncio.sleep(0.01)
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://scorer") as client:
            client.scorer = app.state.scorer
            yield client


def ask(settings, *calls, **options):
    async def run():
        async with client_of(settings, **options) as client:
            answers = []
            for method, path, *rest in calls:
                answers.append(await client.request(method, path, **(rest[0] if rest else {})))
            return answers, client.scorer.spool.read(0, 1000)

    return asyncio.run(run())


def rows(*origins, hour=20.0, distance=500.0):
    n = len(origins)
    return [
        {"name": "hour", "shape": [n], "datatype": "FP64", "data": [hour] * n},
        {"name": "distance", "shape": [n], "datatype": "FP64", "data": [distance] * n},
        {"name": "origin", "shape": [n], "datatype": "BYTES", "data": list(origins)},
    ]


def changed(index, **fields):
    inputs = rows("JFK")
    inputs[index] = inputs[index] | fields
    return {"inputs": inputs}


def test_scores_equal_those_of_the_trained_original(settings):
    holdout = trained().holdout
    columns = {name: holdout[name].to_list() for name in ("hour", "distance", "origin")}
    request = infer_request("all", trained().features, columns)
    (answer,), _ = ask(settings, ("POST", INFER, {"json": request}))
    score, predicted = infer_answer(answer.json())
    assert np.abs(np.array(score) - holdout["score"].to_numpy()).max() < 1e-5
    assert predicted == holdout["predicted"].to_list()


def test_an_answer_echoes_its_id_and_names_the_version(settings):
    calls = (
        ("POST", INFER, {"json": {"id": "a-1", "inputs": rows("JFK")}}),
        ("POST", INFER, {"json": {"inputs": rows("JFK")}}),
    )
    (named, unnamed), _ = ask(settings, *calls)
    assert (named.json()["id"], named.json()["model_version"]) == ("a-1", "1")
    assert named.json()["parameters"] == {"version": 1, "revision": 1, "variant": "champion"}
    assert len(unnamed.json()["id"]) == 32
    assert unnamed.json()["outputs"] == named.json()["outputs"]


def test_the_log_holds_what_was_asked_and_answered(settings):
    time = datetime(2013, 3, 1, 9, 30, tzinfo=UTC)
    columns = {"hour": [20, None], "distance": [500.0, float("nan")], "origin": ["JFK", ""]}
    request = infer_request("r1", trained().features, columns, event_time=time, entity_ids=["AA1", "AA2"])
    (answer,), (record,) = ask(settings, ("POST", INFER, {"json": request}))
    body_ = json.loads(record.body)
    score, predicted = infer_answer(answer.json())
    assert (record.endpoint, record.request_id) == ("late-flights", "r1")
    assert body_["inputs"] == {"hour": [20.0, None], "distance": [500.0, None], "origin": ["JFK", None]}
    assert body_["answers"] == [{"variant": "champion", "version_id": "v1", "score": score, "predicted": predicted}]
    assert (body_["event_time"], body_["entity_ids"]) == ("2013-03-01T09:30:00+00:00", ["AA1", "AA2"])
    assert body_["latency_ms"] > 0


def test_a_retry_gets_the_stored_answer_and_another_payload_a_conflict(settings):
    first = {"id": "x", "inputs": rows("JFK")}
    reordered = {"inputs": rows("JFK"), "id": "x"}
    calls = [("POST", INFER, {"json": one}) for one in (first, reordered, {"id": "x", "inputs": rows("LGA")})]
    (one, again, other), records = ask(settings, *calls)
    assert again.content == one.content
    assert other.status_code == 409
    assert "new id" in other.json()["error"]
    assert len(records) == 1


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "inputs"),
        ({"inputs": []}, "inputs"),
        ({"inputs": [3]}, "object"),
        ({"inputs": rows("JFK")[:2]}, "lacks the input 'origin'"),
        ({"inputs": [*rows("JFK"), {"name": "x", "shape": [1], "datatype": "FP64", "data": [1]}]}, "no input 'x'"),
        ({"inputs": [*rows("JFK"), rows("JFK")[0]]}, "twice"),
        (changed(0, shape=[2]), "needs 2"),
        (changed(0, shape=[2], data=[1, 2]), "shape"),
        (changed(0, shape=[1, 1, 1]), "dimensions"),
        (changed(0, shape="1"), "shape"),
        (changed(0, data=[[1, 2], [3]], shape=[2, 2]), "ragged"),
        (changed(0, data=["20"]), "is not FP64"),
        (changed(0, data=7), "list"),
        (changed(0, datatype="FP128"), "FP128"),
        (changed(0, datatype=["FP64"]), "datatype"),
        (changed(0, datatype="INT8", data=[300]), "300"),
        (changed(0, datatype="INT64", data=[1.5]), "1.5"),
        (changed(0, data=[1e300]), "finite"),
        (changed(0, datatype="BYTES", data=["x"]), "number"),
        (changed(2, datatype="FP64", data=[1.0]), "BYTES"),
        (changed(2, shape=[0], data=[]), "rows"),
        ({"inputs": [{"name": "input", "shape": [1, 3], "datatype": "FP64", "data": [1, 2, 3]}]}, "numbers only"),
        ({"id": 5, "inputs": rows("JFK")}, "id"),
        ({"id": "a\nb", "inputs": rows("JFK")}, "id"),
        ({"inputs": rows("JFK"), "outputs": [{"name": "odds"}]}, "odds"),
        ({"inputs": rows("JFK"), "outputs": "score"}, "outputs"),
        ({"inputs": rows("JFK"), "parameters": {"event_time": "2013-03-01T09:30:00"}}, "offset"),
        ({"inputs": rows("JFK"), "parameters": {"event_time": "yesterday"}}, "ISO"),
        ({"inputs": rows("JFK"), "parameters": {"event_time": "0001-01-01T00:00:00+14:00"}}, "years"),
        ({"inputs": rows("JFK"), "parameters": {"event_time": "0001-01-01T00:00:00+00:00"}}, "years"),
        ({"inputs": rows("JFK"), "parameters": {"event_time": "9999-12-31T23:59:59+00:00"}}, "years"),
        ({"inputs": rows("JFK"), "parameters": {"entity_ids": ["a", "b"]}}, "2 entries"),
        ({"inputs": rows("JFK"), "parameters": []}, "parameters"),
        ([1], "object"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(settings, document, said):
    (answer,), records = ask(settings, ("POST", INFER, {"content": json.dumps(document)}))
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert said in answer.json()["error"]
    assert records == []


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff", b"[" * 5000, b'{"inputs": [Infinity, NaN]}', b'{"id": "\\ud800", "x": NaN}', b'{"a": NaN' * 9],
)
def test_a_body_that_is_not_json_is_refused(settings, content):
    (answer,), _ = ask(settings, ("POST", INFER, {"content": content}))
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/v2/models/nope/infer", 404),
        ("GET", "/v2/models/nope", 404),
        ("GET", "/v2/models/nope/ready", 404),
        ("POST", "/v2/models/late-flights/versions/9/infer", 404),
        ("GET", INFER, 405),
        ("GET", "/nothing", 404),
        ("GET", "/v2/models/..%2f..%2fetc/ready", 404),
    ],
)
def test_every_error_is_one_sentence_under_error(settings, method, path, status):
    (answer,), _ = ask(settings, (method, path))
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


def test_what_clients_ask_before_they_infer(settings):
    paths = "/v2", "/v2/", "/v2/health/live", "/v2/health/ready", "/v2/models/late-flights/ready"
    versions = (
        "/v2/models/late-flights",
        "/v2/models/late-flights/versions/1",
        "/v2/models/late-flights/versions/1/ready",
    )
    answers, _ = ask(settings, *(("GET", path) for path in paths + versions), ("POST", "/v2/repository/index"))
    assert {answer.status_code for answer in answers} == {200}
    assert answers[0].json() == answers[1].json()
    assert answers[3].json() == {"ready": True, "live": True}
    assert answers[5].json() == answers[6].json()
    assert answers[5].json()["inputs"][2] == {"name": "origin", "datatype": "BYTES", "shape": [-1]}
    assert answers[8].json()[0]["state"] == "READY"


def test_no_plan_at_all_is_ready(tmp_path):
    (ready, missing), _ = ask(Settings(home=tmp_path), ("GET", "/v2/health/ready"), ("POST", INFER))
    assert ready.status_code == 200
    assert missing.status_code == 404


@pytest.mark.parametrize("datatype", ["FP16", "FP32", "FP64", "INT8", "INT16", "INT32", "INT64", "UINT8", "UINT64"])
def test_numbers_come_in_any_numeric_datatype_flat_or_nested(settings, datatype):
    inputs = rows("JFK", "LGA")
    flat = [inputs[0] | {"datatype": datatype, "data": [20, 20]}, *inputs[1:]]
    nested = [inputs[0] | {"datatype": datatype, "shape": [2, 1], "data": [[20], [20]]}, *inputs[1:]]
    bodies = inputs, flat, nested
    answers, _ = ask(settings, *(("POST", INFER, {"json": {"inputs": one}}) for one in bodies))
    assert len({str(answer.json()["outputs"]) for answer in answers}) == 1


def test_missing_may_be_null_or_nan(settings):
    with_null = orjson.dumps(changed(0, data=[None]))
    with_nan = json.dumps(changed(0, data=[float("nan")])).encode()
    (null, nan), _ = ask(settings, ("POST", INFER, {"content": with_null}), ("POST", INFER, {"content": with_nan}))
    assert null.status_code == nan.status_code == 200
    assert null.json()["outputs"] == nan.json()["outputs"]


def test_only_the_outputs_asked_for_are_given(settings):
    request = {"inputs": rows("JFK"), "outputs": [{"name": "predicted"}]}
    (answer,), (record,) = ask(settings, ("POST", INFER, {"json": request}))
    assert [output["name"] for output in answer.json()["outputs"]] == ["predicted"]
    assert "score" in json.loads(record.body)["answers"][0]


def test_one_tensor_holds_all_inputs_of_a_model_of_numbers(tmp_path):
    settings = Settings(home=tmp_path)
    first = served(settings)
    numbers = tuple(feature for feature in first.features if feature.kind == "number")

    class Sum:
        def score(self, columns):
            total = np.array([a + 10 * b for a, b in zip(columns["hour"], columns["distance"], strict=True)])
            return variant.Scores(score=total, predicted=(None,) * len(total))

    from dataclasses import replace

    publish(settings, replace(first, features=numbers))
    tensor = {"name": "input", "shape": [2, 2], "datatype": "FP32", "data": [1, 2, 3, 4]}
    narrow = tensor | {"shape": [4, 1]}
    calls = [
        ("POST", INFER, {"json": {"inputs": [one]}}) for one in (tensor, tensor | {"data": [[1, 2], [3, 4]]}, narrow)
    ]
    (flat, nested, wrong), _ = ask(settings, *calls, load=lambda _version, _data: Sum())
    assert flat.json()["outputs"][0]["data"] == nested.json()["outputs"][0]["data"] == [21.0, 43.0]
    assert flat.json()["outputs"][1]["data"] == ["", ""]
    assert wrong.status_code == 400


def test_raw_tensors_in_and_out(settings):
    text = b"JFK"
    raw = np.array([20.0]).tobytes() + np.array([500.0], dtype="<f4").tobytes() + struct.pack("<I", 3) + text
    sizes = (8, "FP64"), (4, "FP32"), (7, "BYTES")
    inputs = [
        {"name": name, "shape": [1], "datatype": datatype, "parameters": {"binary_data_size": size}}
        for name, (size, datatype) in zip(("hour", "distance", "origin"), sizes, strict=True)
    ]
    head = orjson.dumps({"id": "b", "inputs": inputs, "parameters": {"binary_data_output": True}})
    sent = {"content": head + raw, "headers": {"Inference-Header-Content-Length": str(len(head))}}
    short = sent | {"content": head + raw[:-1]}
    (plain, answer, again, cut), _ = ask(
        settings,
        ("POST", INFER, {"json": {"inputs": rows("JFK")}}),
        ("POST", INFER, sent),
        ("POST", INFER, sent),
        ("POST", INFER, short),
    )
    length = int(answer.headers["Inference-Header-Content-Length"])
    tail = answer.content[length:]
    score, predicted = infer_answer(plain.json())
    assert struct.unpack("<d", tail[:8])[0] == score[0]
    assert tail[12:].decode() == predicted[0]
    assert again.content == answer.content
    assert cut.status_code == 400


def test_packed_bodies_are_unpacked_within_the_budget(settings, monkeypatch):
    monkeypatch.setattr(body, "MAX_BODY_BYTES", 2000)
    packed = {"headers": {"Content-Encoding": "gzip"}}
    good, bomb = gzip.compress(orjson.dumps({"inputs": rows("JFK")})), gzip.compress(b" " * 100_000)
    contents = (good, 200), (bomb, 413), (good[:-9], 400), (b"plain", 400)
    answers, _ = ask(settings, *(("POST", INFER, packed | {"content": content}) for content, _ in contents))
    assert [answer.status_code for answer in answers] == [status for _, status in contents]


def test_a_large_body_is_refused_with_the_budget(settings, monkeypatch):
    monkeypatch.setattr(body, "MAX_BODY_BYTES", 2**20)

    async def endless():
        for _ in range(20):
            yield b" " * 2**17

    answers, _ = ask(
        settings,
        ("POST", INFER, {"content": b" " * (2**20 + 1)}),
        ("POST", INFER, {"content": endless()}),
        ("POST", INFER, {"content": b"{}", "headers": {"Content-Encoding": "br"}}),
    )
    assert [answer.status_code for answer in answers] == [413, 413, 415]
    assert "1 MB" in answers[0].json()["error"]


def test_a_body_that_does_not_arrive_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(body, "BODY_SECONDS", 0.05)

    async def stalling():
        yield b"{"
        await asyncio.sleep(1)

    (answer,), _ = ask(settings, ("POST", INFER, {"content": stalling()}))
    assert answer.status_code == 408


def test_a_page_of_another_origin_cannot_ask(settings):
    (answer,), records = ask(
        settings, ("POST", INFER, {"json": {"inputs": rows("JFK")}, "headers": {"Origin": "http://evil.example"}})
    )
    assert answer.status_code == 403
    assert records == []


def test_a_model_that_breaks_is_a_500_in_words_and_in_the_status(settings):
    class Broken:
        def score(self, columns):
            if len(columns["hour"]) > 1:
                raise RuntimeError("kernel fault")
            return variant.Scores(score=np.zeros(1), predicted=("no",))

    calls = ("POST", INFER, {"json": {"inputs": rows("JFK", "LGA")}}), ("GET", "/status")
    (answer, status), records = ask(settings, *calls, load=lambda _version, _data: Broken())
    assert answer.status_code == 500
    assert "late-flights 1" in answer.json()["error"]
    assert "kernel" not in answer.text
    assert status.json()["endpoints"][0]["errors"] == 1
    assert records == []


def test_the_status_counts(settings):
    good, bad = {"json": {"inputs": rows("JFK", "LGA")}}, {"json": {}}
    answers, _ = ask(settings, ("POST", INFER, good), ("POST", INFER, bad), ("GET", "/status"))
    status = answers[-1].json()
    (endpoint,) = status["endpoints"]
    assert (status["spool_depth"], status["ready"], status["problems"]) == (1, True, {})
    assert (endpoint["requests"], endpoint["rows"], endpoint["refused"], endpoint["errors"]) == (2, 2, 1, 0)
    assert 0 < endpoint["p50_ms"] <= endpoint["p95_ms"]
    assert "inputs" in endpoint["last_error"]


def test_a_full_log_means_no_answer(settings, monkeypatch):
    monkeypatch.setattr("core.scorer.app.Spool.append", _full)
    (answer,), records = ask(settings, ("POST", INFER, {"json": {"inputs": rows("JFK")}}))
    assert answer.status_code == 503
    assert records == []


def _full(self, entry):
    from core.errors import Unavailable

    raise Unavailable("The disk is full.")


def test_the_endpoint_that_the_plan_names_is_the_one_that_answers(settings):
    write_plan(settings.serving, plan_of(served(settings, number=4), endpoint="other"))
    (answer,), (record,) = ask(settings, ("POST", "/v2/models/other/infer", {"json": {"inputs": rows("JFK")}}))
    assert answer.json()["model_version"] == "4"
    assert record.endpoint == "other"


@pytest.mark.parametrize(
    "document",
    [
        {"dataframe_split": {"columns": ["origin", "hour", "x", "distance"], "data": [["JFK", 20, 0, 500]]}},
        {"dataframe_records": [{"origin": "JFK", "hour": 20, "distance": 500}]},
        {"inputs": {"origin": ["JFK"], "hour": [20], "distance": [500]}},
        {"inputs": [{"origin": "JFK", "hour": 20, "distance": 500}]},
    ],
)
def test_mlflow_clients_are_answered_and_logged(settings, document):
    plain, said = ("POST", INFER, {"json": {"inputs": rows("JFK")}}), ("POST", "/invocations", {"json": document})
    (one, other, ping), records = ask(settings, plain, said, ("GET", "/ping"))
    assert other.json() == {"predictions": infer_answer(one.json())[1]}
    assert ping.status_code == 200
    assert len(records) == 2


@pytest.mark.parametrize(
    "document",
    [
        {},
        [1],
        {"inputs": [], "dataframe_records": []},
        {"inputs": [1]},
        {"inputs": {"origin": ["JFK"], "hour": ["late"], "distance": [500]}},
        {"inputs": {"origin": ["JFK"], "hour": [20, 21], "distance": [500]}},
        {"dataframe_split": {"columns": ["hour"], "data": [[1, 2]]}},
        {"dataframe_split": {"columns": ["hour"], "data": 3}},
        {"dataframe_split": {"columns": ["hour", "distance", "origin"], "data": []}},
        {"dataframe_records": [{"hour": 20}]},
    ],
)
def test_what_mlflow_would_not_send_is_refused(settings, document):
    (answer,), records = ask(settings, ("POST", "/invocations", {"json": document}))
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert records == []
