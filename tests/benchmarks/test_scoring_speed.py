"""One-row requests a second, every answer durably logged, beside a bare Starlette + ONNX floor in the same run.

The client is a raw keep-alive socket loop, so that the figures are the server's, not the client's. No time is asserted.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time

import httpx
import orjson
import pytest

from core.data.contract.contract import Rule
from core.settings import Settings
from tests.serving_stand import agreed, publish, served, trained

SECONDS = 3.0
ROW = {
    "inputs": [
        {"name": "hour", "shape": [1], "datatype": "FP64", "data": [20]},
        {"name": "distance", "shape": [1], "datatype": "FP64", "data": [500]},
        {"name": "origin", "shape": [1], "datatype": "BYTES", "data": ["JFK"]},
    ]
}

CONTRACT = (
    *(Rule(kind="not_null", column=name) for name in ("hour", "distance", "origin")),
    *(Rule(kind="type", column=name, arguments={"type": "integer"}) for name in ("hour", "distance")),
    *(Rule(kind="range", column=name, arguments={"min": 0, "max": 5_000}) for name in ("hour", "distance")),
    Rule(kind="enumeration", column="origin", arguments={"values": ["JFK", "EWR", "LGA"]}),
    Rule(kind="pattern", column="origin", arguments={"pattern": "^[A-Z]{3}$"}),
)

SCORER = "from core.settings import Settings; from core.scorer.run import serve; serve(Settings())"
FLOOR = """
import sys
import numpy, onnxruntime, orjson, uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(sys.argv[1], options)

async def infer(request):
    inputs = {}
    for tensor in orjson.loads(await request.body())["inputs"]:
        kind = object if tensor["datatype"] == "BYTES" else numpy.float32
        inputs[tensor["name"]] = numpy.array(tensor["data"], dtype=kind).reshape(-1, 1)
    return Response(orjson.dumps({"outputs": session.run(None, inputs)[-1].tolist()}))

async def ready(request):
    return Response("ok")

path = "/v2/models/late-flights/infer"
app = Starlette(routes=[Route(path, infer, methods=["POST"]), Route("/v2/health/ready", ready)])
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), loop="uvloop", access_log=False, log_level="warning")
"""


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Settings(home=tmp_path, scorer_port=port)


def measured(settings, arguments, clients):
    """Run a server; return its requests a second, p50 and p95 in ms, and its CPU ms a request."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "FULLCIRCLE_HOME": str(settings.home)}
    environment["FULLCIRCLE_SCORER_PORT"] = str(settings.scorer_port)
    process = subprocess.Popen([sys.executable, "-c", *arguments], env=environment)
    try:
        _wait(settings.scorer_url)
        asyncio.run(_load(settings.scorer_port, clients, 0.5))
        before = _cpu(process.pid)
        waits = asyncio.run(_load(settings.scorer_port, clients, SECONDS))
        cpu = _cpu(process.pid) - before
    finally:
        process.terminate()
        process.wait()
    ordered = sorted(waits)
    p50, p95 = (ordered[int(share * (len(ordered) - 1))] * 1000 for share in (0.5, 0.95))
    rate = f"{len(waits) / SECONDS:8.0f} requests/s   p50 {p50:6.2f} ms   p95 {p95:6.2f} ms"
    return f"{rate}   CPU {cpu / len(waits) * 1000:.3f} ms a request"


def _wait(url):
    for _ in range(600):
        try:
            if httpx.get(f"{url}/v2/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def _cpu(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _load(port, clients, seconds):
    payload = orjson.dumps(ROW)
    head = f"POST /v2/models/late-flights/infer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(payload)}\r\n\r\n"
    message = head.encode() + payload
    waits = []
    end = time.perf_counter() + seconds

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (started := time.perf_counter()) < end:
            writer.write(message)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200"), answer
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            waits.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(one() for _ in range(clients)))
    return waits


@pytest.mark.parametrize("clients", [1, 8, 32])
def test_one_row_beside_the_floor(settings, tmp_path, clients, capsys):
    model = tmp_path / "model.onnx"
    model.write_bytes(trained().onnx)
    publish(settings, served(settings))
    floor = measured(settings, [FLOOR, str(model), str(settings.scorer_port)], clients)
    ours = measured(settings, [SCORER], clients)
    publish(settings, served(settings), revision=2, contract=agreed(*CONTRACT))
    held = measured(settings, [SCORER], clients)
    publish(settings, served(settings), served(settings, number=2, role="shadow"), revision=3)
    shadowed = measured(settings, [SCORER], clients)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{clients:3} clients, bare Starlette + ONNX     {floor}"
            f"\n{clients:3} clients, scorer, every row logged  {ours}"
            f"\n{clients:3} clients, the same with a contract  {held}"
            f"\n{clients:3} clients, the same with a shadow    {shadowed}\n"
        )
