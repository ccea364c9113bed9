"""Searches give what a plain reading of every run gives, on both databases."""

import math
import re
from random import Random

import pytest
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, Run, RunTag, ViewType

from tests.service.mlflow.conftest import Server

COMPARE = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def like(text: str, pattern: str, flags: int = 0) -> bool:
    parts = {"%": ".*", "_": "."}
    return re.fullmatch("".join(parts.get(c, re.escape(c)) for c in pattern), text, flags | re.DOTALL) is not None


@pytest.fixture(scope="module")
def logged(client: MlflowClient) -> list[Run]:
    """Forty runs of two experiments, some of which lack some of everything."""
    chance = Random(5)
    other = client.create_experiment("other")
    runs = []
    for n in range(40):
        run_id = client.create_run(
            chance.choice(["0", other]), start_time=1_000 + n // 4, run_name=f"Run {n % 7}"
        ).info.run_id
        metrics = [
            Metric(key, chance.choice([0.25, 0.5, 0.75, math.nan, math.inf]), 1, 0)
            for key in ("auc", "a b")
            if chance.random() < 0.8
        ]
        params = [
            Param(key, chance.choice(["1", "2", "Ab*c", "ab?c", "a[b]", "x" * 150, "x" * 149 + "y", ""]))
            for key in ("depth", "l.r")
            if chance.random() < 0.8
        ]
        tags = [RunTag("team", chance.choice(["ops", "Ops", "it's", "back\\slash"]))] if chance.random() < 0.7 else []
        client.log_batch(run_id, metrics=metrics, params=params, tags=tags)
        if chance.random() < 0.5:
            client.set_terminated(run_id, chance.choice(["FINISHED", "FAILED"]), end_time=2_000 + n)
        runs.append(client.get_run(run_id))
    return runs


def search(client: MlflowClient, text: str, order_by: list[str] | None = None) -> list[str]:
    ids = [e.experiment_id for e in client.search_experiments()]
    found: list[str] = []
    token = None
    while True:
        page = client.search_runs(ids, text, max_results=17, order_by=order_by, page_token=token)
        found += [run.info.run_id for run in page]
        token = page.token
        if token is None:
            return found


def natural(run: Run) -> tuple[int, str]:
    return -run.info.start_time, run.info.run_id


def test_metrics_are_compared(client: MlflowClient, logged: list[Run]) -> None:
    for key, name in (("auc", "metrics.auc"), ("a b", "metric.`a b`"), ("a b", 'metrics."a b"')):
        for operator, compares in COMPARE.items():
            for number in (0.5, 0.75, 1e308):
                wanted = [
                    run.info.run_id
                    for run in sorted(logged, key=natural)
                    if key in run.data.metrics and compares(run.data.metrics[key], number)
                ]
                assert search(client, f"{name} {operator} {number}") == wanted, (name, operator, number)


def test_parameters_and_tags_are_compared(client: MlflowClient, logged: list[Run]) -> None:
    values = (
        "1",
        "Ab*c",
        "ab?c",
        "a[b]",
        "A%",
        "a_?c",
        "%b%",
        "x" * 150,
        "x" * 100 + "%",
        "",
        "ops",
        "o_s",
        "back\\%",
        "%\\",
    )
    for kind, key in (("params", "depth"), ("params", "l.r"), ("tags", "team")):
        held = {run.info.run_id: getattr(run.data, kind).get(key) for run in sorted(logged, key=natural)}
        for value in values:
            quoted = value.replace("'", "''")
            for operator, matches in (
                ("=", lambda a, b: a == b),
                ("!=", lambda a, b: a != b),
                ("LIKE", like),
                ("ILIKE", lambda a, b: like(a, b, re.IGNORECASE)),
            ):
                wanted = [run_id for run_id, text in held.items() if text is not None and matches(text, value)]
                assert search(client, f"{kind}.{key} {operator} '{quoted}'") == wanted, (key, operator, value)
        assert search(client, f"{kind}.{key} IS NULL") == [run_id for run_id, text in held.items() if text is None]
        assert search(client, f"{kind}.`{key}` is not null") == [i for i, text in held.items() if text is not None]
    its = [run.info.run_id for run in sorted(logged, key=natural) if run.data.tags.get("team") == "it's"]
    assert search(client, "tags.team = 'it''s'") == search(client, 'tags.team = "it\'s"') == its


def test_attributes_are_compared(client: MlflowClient, logged: list[Run]) -> None:
    ordered = sorted(logged, key=natural)
    some = [run.info.run_id for run in ordered[:3]]
    for text, kept in (
        ("status = 'FINISHED'", lambda r: r.info.status == "FINISHED"),
        ("attributes.status IN ('FINISHED', 'FAILED')", lambda r: r.info.status != "RUNNING"),
        ("status NOT IN ('FINISHED',)", lambda r: r.info.status != "FINISHED"),
        ("run_name LIKE 'Run%' AND run_name != 'Run 3'", lambda r: r.info.run_name != "Run 3"),
        ("attributes.`Run Name` ILIKE 'rUN 2'", lambda r: r.info.run_name == "Run 2"),
        ("created >= 1005", lambda r: r.info.start_time >= 1005),
        ("start_time < 1004.5", lambda r: r.info.start_time < 1004.5),
        ("end_time > 2010", lambda r: r.info.end_time is not None and r.info.end_time > 2010),
        (f"run_id IN ('{some[0]}', '{some[1]}')", lambda r: r.info.run_id in some[:2]),
        (f"artifact_uri = '{ordered[2].info.artifact_uri}'", lambda r: r.info.run_id == some[2]),
        (
            "metrics.auc > 0.3 and params.depth != '1' and tags.team LIKE '%s'",
            lambda r: (
                r.data.metrics.get("auc", 0) > 0.3
                and r.data.params.get("depth", "1") != "1"
                and r.data.tags.get("team", "").endswith("s")
            ),
        ),
        ("tags.`mlflow.runName` = 'Run 1'", lambda r: r.info.run_name == "Run 1"),
    ):
        assert search(client, text) == [run.info.run_id for run in ordered if kept(run)], text


def last(value: float | str | None, *, ascending: bool) -> tuple[int, float | str]:
    if value is None:
        return 2, 0
    if isinstance(value, float) and math.isnan(value):
        return 1, 0
    return 0, value if ascending or isinstance(value, str) else -value


def test_what_is_missing_comes_last_in_every_order(client: MlflowClient, logged: list[Run]) -> None:
    for ascending in (True, False):
        way = "ASC" if ascending else "DESC"
        by_metric = sorted(logged, key=lambda r: (last(r.data.metrics.get("auc"), ascending=ascending), *natural(r)))
        assert search(client, "", [f"metrics.auc {way}"]) == [run.info.run_id for run in by_metric]
        kept = [r for r in by_metric if r.data.metrics.get("auc", 0) > 0.3]
        assert search(client, "metrics.auc > 0.3", [f"metrics.auc {way}"]) == [run.info.run_id for run in kept]
        by_end = sorted(logged, key=lambda r: (last(r.info.end_time, ascending=ascending), *natural(r)))
        assert search(client, "", [f"attributes.end_time {way}"]) == [run.info.run_id for run in by_end]
    by_param = sorted(logged, key=lambda r: (last(r.data.params.get("depth"), ascending=True), natural(r)[0]))
    held = search(client, "", ["params.depth", "start_time DESC"])
    places = {run.info.run_id: run.data.params.get("depth") for run in logged}
    assert sorted(held) == sorted(places)
    assert [places[run_id] is None for run_id in held] == [r.data.params.get("depth") is None for r in by_param]


def test_deleted_runs_are_seen_where_asked_for(client: MlflowClient, logged: list[Run]) -> None:
    gone = logged[0].info
    client.delete_run(gone.run_id)
    for view, count in ((ViewType.ACTIVE_ONLY, 39), (ViewType.DELETED_ONLY, 1), (ViewType.ALL, 40)):
        ids = [e.experiment_id for e in client.search_experiments()]
        assert len(client.search_runs(ids, run_view_type=view)) == count
    client.restore_run(gone.run_id)
    assert client.search_runs([]) == []


def test_a_page_token_of_another_kind_is_refused(server: Server) -> None:
    for token in ("x", "e30=", "eyJvZmZzZXQiOi0xfQ==", "eyJvZmZzZXQiOiJhIn0=", "W10="):
        answer = server.post("runs/search", {"experiment_ids": ["0"], "page_token": token})
        assert (answer.status_code, answer.json()["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    for number in (0, -1, 50_001, "many"):
        answer = server.post("runs/search", {"experiment_ids": ["0"], "max_results": number})
        assert answer.status_code == 400
