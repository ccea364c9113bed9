"""The answer to an infer request, and the record that is logged before it is given."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from core.deployment.input_contract import Mark
from core.deployment.serving import ServingPlan
from core.scorer.binary import raw_output
from core.scorer.call import OUTPUTS, Call
from core.scorer.marking import parameters_of, record_of

_DATATYPES = {"score": "FP64", "predicted": "BYTES"}


def metadata(plan: ServingPlan) -> dict[str, Any]:
    """Return what the protocol tells of a model: inputs from its features, the two outputs."""
    champion = plan.champion
    inputs = [
        {"name": feature.name, "datatype": "FP64" if feature.kind == "number" else "BYTES", "shape": [-1]}
        for feature in champion.features
    ]
    return {
        "name": plan.endpoint,
        "versions": [str(champion.number)],
        "platform": "onnx_onnxv1",
        "inputs": inputs,
        "outputs": [{"name": name, "datatype": _DATATYPES[name], "shape": [-1]} for name in OUTPUTS],
    }


def answer_bytes(call: Call, plan: ServingPlan, champion: Mapping[str, Any], mark: Mark | None) -> bytes:
    """Return the answer as it is stored and sent; one with raw outputs begins with a line that says where JSON ends."""
    outputs: list[dict[str, Any]] = []
    tail: list[bytes] = []
    for name in call.outputs:
        datatype = _DATATYPES[name]
        values = ["" if value is None else value for value in champion[name]]
        output: dict[str, Any] = {"name": name, "shape": [call.rows], "datatype": datatype}
        if name in call.binary:
            tail.append(raw_output(datatype, values))
            output["parameters"] = {"binary_data_size": len(tail[-1])}
        else:
            output["data"] = values
        outputs.append(output)
    version = plan.champion
    document = {
        "model_name": plan.endpoint,
        "model_version": str(version.number),
        "id": call.request_id,
        "parameters": {
            "version": version.number,
            "revision": plan.revision,
            "variant": "champion",
            **parameters_of(mark),
        },
        "outputs": outputs,
    }
    head = orjson.dumps(document)
    return b"%d\n%b%b" % (len(head), head, b"".join(tail)) if tail else head


def parted(call: Call, answer: bytes) -> tuple[bytes, int | None]:
    """Return the bytes to send and where their JSON ends, ``None`` where all is JSON."""
    if not call.binary:
        return answer, None
    length, _, content = answer.partition(b"\n")
    return content, int(length)


def record_bytes(
    call: Call,
    plan: ServingPlan,
    answers: list[dict[str, Any]],
    *,
    latency_ms: float,
    mark: Mark | None,
) -> bytes:
    """Return the record of a request: what was asked, when, what each version said, and what breaks the contract."""
    answered_at = datetime.now(UTC)
    return orjson.dumps(
        {
            "endpoint": plan.endpoint,
            "project_id": plan.project_id,
            "request_id": call.request_id,
            "revision": plan.revision,
            "event_time": call.event_time or answered_at,
            "entity_ids": call.entity_ids,
            "answered_at": answered_at,
            "latency_ms": round(latency_ms, 4),
            "inputs": call.columns,
            "answers": answers,
            **record_of(mark),
            **({"try": True} if call.trial else {}),
        }
    )
