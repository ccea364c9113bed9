"""MLflow's own client at work against one server: prints seconds as JSON.

python tracking_worker.py ADDRESS runs 100 | calls 5 | points 100000 | search 20
"""

import json
import sys
import time
from collections.abc import Callable

from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag

PARAMS, METRICS, TAGS = 20, 20, 10
FILTER, ORDER = "metrics.auc > 0.9 and params.depth = '6'", ["metrics.auc DESC"]


def runs(client: MlflowClient, count: int) -> dict[str, float]:
    """Log runs in three calls each."""
    began = time.perf_counter()
    for _ in range(count):
        run_id = client.create_run("0").info.run_id
        client.log_batch(
            run_id,
            metrics=[Metric(f"metric_{k}", k / 7, 1, 0) for k in range(METRICS)],
            params=[Param(f"param_{k}", str(k)) for k in range(PARAMS)],
            tags=[RunTag(f"tag_{k}", str(k)) for k in range(TAGS)],
        )
        client.set_terminated(run_id)
    return {"run": (time.perf_counter() - began) / count}


def calls(client: MlflowClient, count: int) -> dict[str, float]:
    """Log runs in one call an item."""
    began = time.perf_counter()
    for _ in range(count):
        run_id = client.create_run("0").info.run_id
        for k in range(METRICS):
            client.log_metric(run_id, f"metric_{k}", k / 7)
        for k in range(PARAMS):
            client.log_param(run_id, f"param_{k}", k)
        for k in range(TAGS):
            client.set_tag(run_id, f"tag_{k}", k)
        client.set_terminated(run_id)
    return {"run_by_calls": (time.perf_counter() - began) / count}


def points(client: MlflowClient, count: int) -> dict[str, float]:
    """Log the steps of one metric in batches of 1,000, and read them back."""
    run_id = client.create_run("0").info.run_id
    began = time.perf_counter()
    for start in range(0, count, 1_000):
        client.log_batch(run_id, metrics=[Metric("loss", 1 / (k + 1), k, k) for k in range(start, start + 1_000)])
    written = time.perf_counter()
    read = client.get_metric_history(run_id, "loss")
    assert len(read) == count
    return {"write": written - began, "read": time.perf_counter() - written}


def search(client: MlflowClient, times: int) -> dict[str, float]:
    """Search a page of 100 runs, again and again; the median counts."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        found = client.search_runs(["0"], FILTER, order_by=ORDER, max_results=100)
        seconds.append(time.perf_counter() - began)
    return {"search": sorted(seconds)[times // 2], "found": float(len(found))}


JOBS: dict[str, Callable[[MlflowClient, int], dict[str, float]]] = {
    "runs": runs,
    "calls": calls,
    "points": points,
    "search": search,
}

if __name__ == "__main__":
    address, job, count = sys.argv[1:]
    client = MlflowClient(tracking_uri=address)
    client.get_experiment("0")  # the connection is open, and the server has answered once
    print(json.dumps(JOBS[job](client, int(count))))
