import ast
import json
import shlex

import pytest

from core.deployment.calling import curl_call, httpx_call, infer_url, triton_call
from core.deployment.endpoint import EndpointState, endpoint_health

SERVING = {"endpoint": "late", "revision": 2, "requests": 7, "rows": 9, "refused": 1, "errors": 0, "p95_ms": 3.5}


def status(*endpoints, ready=True, **problems):
    return {"endpoints": list(endpoints), "ready": ready, "problems": problems}


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (status(SERVING), EndpointState.READY),
        (status(SERVING | {"revision": 1}), EndpointState.STARTING),
        (status(ready=False), EndpointState.STARTING),
        (status(late="The file of late 1 is missing."), EndpointState.DOWN),
        (status(SERVING, late="A shadow ended."), EndpointState.DEGRADED),
        (status(SERVING, other="Another endpoint is broken."), EndpointState.READY),
        (status(SERVING | {"endpoint": "other"}), EndpointState.STARTING),
    ],
)
def test_the_state_of_an_endpoint(found, state):
    assert endpoint_health(found, "late", revision=2).state is state


def test_the_counts_of_an_endpoint():
    found = endpoint_health(status(SERVING), "late", revision=2)
    assert (found.requests, found.rows, found.refused, found.p95_ms) == (7, 9, 1, 3.5)


BODY = {
    "inputs": [
        {"name": "temp", "shape": [1], "datatype": "FP64", "data": [None]},
        {"name": "carrier", "shape": [1], "datatype": "BYTES", "data": ["O'Hare $(rm -rf /)"]},
    ]
}


def test_the_shell_gets_the_body_as_it_is_whatever_it_holds():
    words = shlex.split(curl_call(infer_url("http://127.0.0.1:8502", "late"), BODY))
    assert words[2] == "http://127.0.0.1:8502/v2/models/late/infer"
    assert json.loads(words[-1]) == BODY


def test_the_python_calls_are_python():
    assert ast.parse(httpx_call("http://127.0.0.1:8502/v2/models/late/infer", BODY))
    text = triton_call("http://127.0.0.1:8502", "late", BODY)
    assert ast.parse(text)
    assert 'InferenceServerClient("127.0.0.1:8502")' in text
