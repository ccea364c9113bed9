"""A server that answers MLflow's client at once and keeps nothing: what the client costs by itself.

python silent_server.py PORT
"""

import sys

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

INFO = {
    "run_id": "a" * 32,
    "run_uuid": "a" * 32,
    "run_name": "none",
    "experiment_id": "0",
    "status": "RUNNING",
    "start_time": 1,
    "artifact_uri": "mlflow-artifacts:/0",
    "lifecycle_stage": "active",
}
ANY = orjson.dumps(
    {
        "run": {"info": INFO, "data": {}},
        "run_info": INFO,
        "experiment": {"experiment_id": "0", "name": "Default", "lifecycle_stage": "active"},
    }
)
HISTORY = orjson.dumps(
    {"metrics": [{"key": "loss", "value": 1 / (k + 1), "timestamp": k, "step": k} for k in range(100_000)]}
)


async def answer(request: Request) -> Response:
    await request.body()
    return Response(HISTORY if "history" in request.url.path else ANY, media_type="application/json")


if __name__ == "__main__":
    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning")
