"""The real process, with real clients, killed in the middle."""

import asyncio
import collections
import json
import os
import signal
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from core.settings import Settings
from core.spool import Spool
from core.unanswered import UnansweredFile
from tests.serving_stand import publish, served

CLIENTS = 24
PATH = "/v2/models/late-flights/infer"


class Process:
    def __init__(self, settings):
        self.url = settings.scorer_url
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from core.settings import Settings; from core.scorer.run import serve; serve(Settings())",
            ],
            env=os.environ
            | {"FULLCIRCLE_HOME": str(settings.home), "FULLCIRCLE_SCORER_PORT": str(settings.scorer_port)},
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        while not self._ready():
            assert time.monotonic() < deadline, "the scorer did not become ready"
            assert self._process.poll() is None, self._process.stderr.read()
            time.sleep(0.05)

    def _ready(self):
        try:
            return httpx.get(f"{self.url}/v2/health/ready").status_code == 200
        except httpx.TransportError:
            return False

    def end(self, number):
        self._process.send_signal(number)
        _, said = self._process.communicate(timeout=10)
        return self._process.returncode, said


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = Settings(home=tmp_path, scorer_port=port)
    publish(settings, served(settings))
    return settings


@pytest.fixture
def start(settings):
    running = []

    def start():
        running.append(Process(settings))
        return running[-1]

    yield start
    for process in running:
        process._process.kill()
        process._process.communicate()


def request(request_id, hour):
    return {
        "id": request_id,
        "inputs": [
            {"name": "hour", "shape": [2], "datatype": "FP64", "data": [hour, hour + 1]},
            {"name": "distance", "shape": [2], "datatype": "FP64", "data": [500, 600]},
            {"name": "origin", "shape": [2], "datatype": "BYTES", "data": ["JFK", "LGA"]},
        ],
    }


async def load(url, seconds, *, act):
    """Let many clients ask without pause; return what was sent and what was acknowledged, by request id."""
    sent, acknowledged = {}, {}

    async def one(client, number):
        for turn in range(100_000):
            key = f"{number}-{turn}"
            sent[key] = turn % 24
            try:
                answer = await client.post(url + PATH, json=request(key, turn % 24))
            except httpx.TransportError:
                return
            if answer.status_code != 200:
                return
            acknowledged[key] = answer.json()["outputs"]

    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(limits=limits, timeout=10) as client:
        asking = asyncio.gather(*(one(client, number) for number in range(CLIENTS)))
        await asyncio.sleep(seconds)
        outcome = await asyncio.to_thread(act)
        await asking
    return sent, acknowledged, outcome


def stored(settings):
    spool = Spool.open(settings.spool / "scorer.db")
    records = spool.read(0, 10**6)
    spool.close()
    return records


def test_nothing_acknowledged_is_lost_and_a_retry_is_harmless(settings, start):
    process = start()
    sent, acknowledged, _ = asyncio.run(load(process.url, 1.5, act=lambda: process.end(signal.SIGKILL)))
    assert len(acknowledged) > CLIENTS

    records = stored(settings)
    counts = collections.Counter((record.endpoint, record.request_id) for record in records)
    assert set(counts.values()) == {1}
    bodies = {record.request_id: json.loads(record.body) for record in records}
    for key, outputs in acknowledged.items():
        (champion,) = bodies[key]["answers"]
        assert bodies[key]["inputs"]["hour"] == [sent[key], sent[key] + 1]
        assert [champion["score"], champion["predicted"]] == [output["data"] for output in outputs]

    again = start()
    with httpx.Client(base_url=again.url) as client:
        for key in [*list(acknowledged)[-30:], *(set(sent) - set(acknowledged))]:
            answer = client.post(PATH, json=request(key, sent[key]))
            assert answer.status_code == 200
            assert answer.json()["outputs"] == acknowledged.get(key, answer.json()["outputs"])
        key = next(iter(acknowledged))
        other = client.post(PATH, json=request(key, sent[key] + 100))
        assert other.status_code == 409
    after = stored(settings)
    assert len({record.request_id for record in after}) == len(after)
    assert {record.request_id for record in after} == set(sent)
    assert len({record.sequence for record in after}) == len(after)


def test_what_was_refused_before_the_kill_is_counted_once_though_counts_were_taken_meanwhile(settings, start):
    process = start()
    shipped, refused, sent = [], 0, 0

    async def one(client):
        nonlocal refused, sent
        while True:
            sent += 1
            try:
                answer = await client.post(process.url + PATH, json={"inputs": "no"})
            except httpx.TransportError:
                return
            assert answer.status_code == 400
            refused += 1

    async def flood():
        async with httpx.AsyncClient(timeout=10) as client:
            asking = asyncio.gather(*(one(client) for _ in range(8)))
            for _ in range(10):
                await asyncio.sleep(0.1)
                shipped.extend(await asyncio.to_thread(taken, settings))
            await asyncio.to_thread(process.end, signal.SIGKILL)
            await asking

    asyncio.run(flood())
    start()
    shipped.extend(taken(settings))
    counts = sum(count.requests for count in shipped)
    assert 8 < refused <= counts <= sent, "acknowledged: counted; on its way as it died: perhaps; twice: never"


def taken(settings):
    """Take what was counted and drop it, as the worker does, in the midst of a minute."""
    file = UnansweredFile.open(settings.spool / "scorer.unanswered")
    counts = file.take(before=datetime.now(UTC) + timedelta(minutes=1))
    if counts:
        file.drop_through(counts[-1].sequence)
    file.close()
    return counts


def test_told_to_stop_it_ends_in_time_with_everything_on_disk(settings, start):
    process = start()
    port = settings.scorer_port
    head = f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nhalf".encode()
    with socket.create_connection(("127.0.0.1", port)) as gone:
        gone.sendall(head)
    stalled = socket.create_connection(("127.0.0.1", port))
    stalled.sendall(head)

    def stop():
        started = time.monotonic()
        return process.end(signal.SIGTERM), time.monotonic() - started

    _, acknowledged, ((code, said), seconds) = asyncio.run(load(process.url, 0.7, act=stop))
    stalled.close()
    assert code == 0, said
    assert "Traceback" not in said
    assert seconds < 15  # it waits for no stalled client; a busy machine is slow to end any process
    assert set(acknowledged) <= {record.request_id for record in stored(settings)}


def test_a_taken_port_is_said_in_one_sentence(settings):
    from core.errors import Unavailable
    from core.scorer.run import _listener

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings.scorer_port))
        taken.listen()
        with pytest.raises(Unavailable, match="taken"):
            _listener(settings.scorer_port)
