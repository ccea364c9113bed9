"""How to call an endpoint from outside: the same request as a line for the shell and as Python."""

import json
from collections.abc import Mapping
from typing import Any


def infer_url(scorer_url: str, endpoint: str) -> str:
    """Return the address that answers infer requests."""
    return f"{scorer_url}/v2/models/{endpoint}/infer"


def curl_call(url: str, body: Mapping[str, Any]) -> str:
    """Return the request as a line for the shell."""
    text = json.dumps(body, ensure_ascii=False).replace("'", "'\\''")
    return f"curl -s {url} \\\n  -H 'Content-Type: application/json' \\\n  -d '{text}'"


def httpx_call(url: str, body: Mapping[str, Any]) -> str:
    """Return the request as Python, with httpx."""
    inputs = ",\n".join(f"    {tensor!r}" for tensor in body["inputs"])
    return (
        "import httpx\n\n"
        f"inputs = [\n{inputs},\n]\n"
        f'answer = httpx.post("{url}", json={{"inputs": inputs}}).raise_for_status().json()\n'
        'print({output["name"]: output["data"] for output in answer["outputs"]})'
    )


def triton_call(scorer_url: str, endpoint: str, body: Mapping[str, Any]) -> str:
    """Return the request as Python, with Triton's client."""
    lines = [_triton_input(tensor) for tensor in body["inputs"]]
    return (
        "import numpy as np\nimport tritonclient.http as triton\n\n\n"
        "def tensor(name, datatype, value):\n"
        '    kind = np.float64 if datatype == "FP64" else object\n'
        "    given = triton.InferInput(name, [1], datatype)\n"
        "    given.set_data_from_numpy(np.array([value], dtype=kind))\n"
        "    return given\n\n\n"
        f"inputs = [\n{''.join(lines)}]\n"
        f'client = triton.InferenceServerClient("{scorer_url.removeprefix("http://")}")\n'
        f'answer = client.infer("{endpoint}", inputs)\n'
        'print(answer.as_numpy("score"), answer.as_numpy("predicted"))'
    )


def _triton_input(tensor: Mapping[str, Any]) -> str:
    value = tensor["data"][0]
    missing = 'float("nan")' if tensor["datatype"] == "FP64" else '""'
    return f"    tensor({tensor['name']!r}, {tensor['datatype']!r}, {missing if value is None else repr(value)}),\n"
