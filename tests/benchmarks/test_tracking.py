"""Logging and searching through MLflow's own client, beside MLflow's own server (one worker, no job runners).

The client's own share is measured against a server that keeps nothing. ``FULLCIRCLE_BENCHMARK_RUNS=100000`` searches
as many runs as MLflow's server needs minutes to be filled with.
"""

import json
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert

from core.ids import new_id
from core.settings import Settings
from core.storage.engine import for_writing
from core.storage.storage import Storage
from core.storage.tracking.tables import LATEST, PARAM, RUN, TAG
from tests.operating.peers import python_of

HERE = Path(__file__).parent
RUNS = int(os.environ.get("FULLCIRCLE_BENCHMARK_RUNS", "10000"))
ENOUGH = {10_000: 0.05, 100_000: 0.1}
ROUNDS = 3
JOBS = {"runs": 40, "calls": 3, "points": 100_000}
ONE_THREAD = {**os.environ, "OMP_NUM_THREADS": "1", "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true"}


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(command: list[str | Path], port: int, path: str, folder: Path) -> Iterator[str]:
    environment = {**ONE_THREAD, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(address + path, trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def peer() -> Path:
    python = python_of("MLflow")
    if python is None:
        pytest.skip("MLflow cannot be installed here")
    return python.absolute()


@pytest.fixture(scope="module")
def addresses(peer: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The servers, Fullcircle's and MLflow's filled with the same runs."""
    ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
    ports = [free_port() for _ in range(3)]
    web = [sys.executable, "-m", "dashboard.cli", "web", "--home", ours, "--port", str(ports[0])]
    fill(ours, RUNS)
    mlflow = [peer.parent / "mlflow", "server", "--workers", "1", "--host", "127.0.0.1", "--port", str(ports[1])]
    mlflow += ["--backend-store-uri", f"sqlite:///{theirs}/mlflow.db", "--artifacts-destination", theirs / "files"]
    with serving(mlflow, ports[1], "/health", theirs):
        pass  # it has made its tables
    fill_theirs(theirs / "mlflow.db", RUNS)
    with ExitStack() as servers:
        yield {
            "Fullcircle": servers.enter_context(serving(web, ports[0], "/healthz", ours)),
            "MLflow": servers.enter_context(serving(mlflow, ports[1], "/health", theirs)),
            "no server": servers.enter_context(
                serving([sys.executable, HERE / "silent_server.py", str(ports[2])], ports[2], "/", HERE)
            ),
        }


def values(count: int) -> Iterator[tuple[int, list[tuple[str, float]], list[tuple[str, str]], list[tuple[str, str]]]]:
    """Give runs of 20 metrics, 20 parameters and 10 tags by their number from 1."""
    chance = random.Random(0)
    for number in range(1, count + 1):
        metrics = [("auc", chance.random()), *((f"metric_{k}", chance.random()) for k in range(1, 20))]
        params = [("depth", str(chance.randrange(12))), *((f"param_{k}", str(chance.random())) for k in range(1, 20))]
        yield number, metrics, params, [(f"tag_{k}", f"value {chance.randrange(100)}") for k in range(10)]


def fill(home: Path, count: int) -> None:
    """Fill Fullcircle's tables."""
    storage = Storage.open(Settings(home=home, database_url=None))
    done = {"experiment": 0, "user": "u", "status": "FINISHED", "lifecycle": "active", "ended_ms": None}
    with for_writing(storage.engine).begin() as connection:
        for number, metrics, params, tags in values(count):
            run = {"number": number, "id": new_id(), "name": f"run {number}", "started_ms": number, **done}
            connection.execute(insert(RUN), run)
            latest = [{"run": number, "key": k, "value": v, "is_nan": 0, "timestamp": 1, "step": 0} for k, v in metrics]
            connection.execute(insert(LATEST), latest)
            for table, pairs in ((PARAM, params), (TAG, tags)):
                rows = [{"run": number, "key": k, "head": v, "rest": ""} for k, v in pairs]
                connection.execute(insert(table), rows)
    storage.close()


def fill_theirs(path: Path, count: int) -> None:
    """Fill MLflow's tables."""
    run = (
        "INSERT INTO runs (run_uuid, name, experiment_id, user_id, status, start_time, lifecycle_stage, artifact_uri) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    latest = "INSERT INTO latest_metrics (run_uuid, key, value, timestamp, step, is_nan) VALUES (?, ?, ?, 1, 0, 0)"
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, metrics, params, tags in values(count):
            run_id = new_id()
            row = (run_id, f"run {number}", 0, "u", "FINISHED", number, "active", "mlflow-artifacts:/0")
            connection.execute(run, row)
            connection.executemany(latest, [(run_id, key, value) for key, value in metrics])
            for table, pairs in (("params", params), ("tags", tags)):
                statement = f"INSERT INTO {table} (run_uuid, key, value) VALUES (?, ?, ?)"
                connection.executemany(statement, [(run_id, key, value) for key, value in pairs])


def worked(peer: Path, address: str, job: str, count: int) -> dict[str, float]:
    command = [peer, HERE / "tracking_worker.py", address, job, str(count)]
    done = subprocess.run(command, env=ONE_THREAD, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def medians(peer: Path, addresses: dict[str, str], job: str, count: int) -> dict[str, dict[str, float]]:
    """Do a job against every server in turn, again and again."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            found[name].append(worked(peer, address, job, count))
    return {
        name: {part: statistics.median(r[part] for r in rounds) for part in rounds[0]} for name, rounds in found.items()
    }


@pytest.mark.parametrize("job", JOBS)
def test_a_client_logs_at_five_times_the_speed_of_mlflows_server(
    peer: Path, addresses: dict[str, str], job: str
) -> None:
    seconds = medians(peer, addresses, job, JOBS[job])
    slow = []
    for part, ours in seconds["Fullcircle"].items():
        theirs, client = seconds["MLflow"][part], seconds["no server"][part]
        servers = (theirs - client) / max(ours - client, 1e-9)
        print(
            f"{part}: Fullcircle {ours * 1e3:,.1f} ms, MLflow {theirs * 1e3:,.1f} ms: {theirs / ours:.1f} times as "
            f"fast; {client * 1e3:,.1f} ms of both is the client, without it {servers:.1f} times"
        )
        slow += [part] if servers < 5 else []
    assert not slow


def test_a_page_of_many_runs_is_found_at_once(peer: Path, addresses: dict[str, str]) -> None:
    seconds = {name: worked(peer, addresses[name], "search", 15) for name in ("Fullcircle", "MLflow")}
    query = {
        "experiment_ids": ["0"],
        "filter": "metrics.auc > 0.9 and params.depth = '6'",
        "order_by": ["metrics.auc DESC"],
        "max_results": 100,
    }
    answered = []
    with httpx.Client(base_url=addresses["Fullcircle"], trust_env=False) as http:
        for _ in range(30):
            began = time.perf_counter()
            http.post("/api/2.0/mlflow/runs/search", json=query).raise_for_status()
            answered.append(time.perf_counter() - began)
    answer = statistics.median(answered)
    print(
        f"search of {RUNS:,} runs: Fullcircle answers in {answer * 1e3:.0f} ms; through the client "
        f"{seconds['Fullcircle']['search'] * 1e3:.0f} ms, MLflow {seconds['MLflow']['search'] * 1e3:.0f} ms"
    )
    assert seconds["Fullcircle"]["found"] == seconds["MLflow"]["found"] > 0
    assert answer <= ENOUGH.get(RUNS, 0.1)
