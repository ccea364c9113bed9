"""A workspace of 50 experiments, the first of 1,500 runs x 1,500 metrics, the first three of these over 150 steps.

Written into the tables: through a client it would take hours. All 50 as wide as the first would be 16 billion points.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.ids import new_id
from core.modelling.tracking.experiment import PROJECT_TAG
from core.settings import Settings
from core.storage.engine import for_writing
from core.storage.storage import Storage
from core.workspace.workspace import Workspace

EXPERIMENTS, RUNS, METRICS, STEPS = 50, 1_500, 1_500, 150
CURVES = ("auc", "loss", "val_loss")
FEW = 3
_INSERTS = {
    "logged_run": "(number, id, experiment, name, user, status, lifecycle, started_ms, ended_ms) "
    "VALUES (?, ?, ?, ?, 'u', 'FINISHED', 'active', ?, ?)",
    "run_param": "(run, key, head, rest) VALUES (?, ?, ?, '')",
    "run_tag": "(run, key, head, rest) VALUES (?, ?, ?, '')",
    "run_latest_metric": "(run, key, value, is_nan, timestamp, step) VALUES (?, ?, ?, 0, ?, ?)",
    "run_metric": "(run, key, value, is_nan, timestamp, step) VALUES (?, ?, ?, 0, ?, ?)",
}
_BEGAN = 1_790_000_000_000


def many_runs(home: Path, slug: str) -> str:
    """Write the runs into a workspace that has a project of that address; return the wide experiment's id."""
    workspace = Workspace.open(Settings(home=home))
    made = [workspace.experiments.create(f"epic {n}", {PROJECT_TAG: slug}) for n in reversed(range(EXPERIMENTS))]
    workspace.close()
    storage = Storage.open(Settings(home=home, database_url=None))
    with for_writing(storage.engine).begin() as connection:
        for place, experiment in enumerate(reversed(made)):
            metrics = METRICS if place == 0 else FEW
            for number in range(1 + place * RUNS, 1 + (place + 1) * RUNS):
                for table, rows in _rows(number, int(experiment.id), metrics):
                    connection.exec_driver_sql(f"INSERT INTO {table} {_INSERTS[table]}", rows)
        connection.exec_driver_sql("ANALYZE")
    storage.close()
    return made[-1].id


def _rows(number: int, experiment: int, metrics: int) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    chance = np.random.default_rng(number)
    names = [*CURVES, *(f"metric_{k:04}" for k in range(metrics - len(CURVES)))]
    final = chance.random(len(names)).tolist()
    began = _BEGAN + number * 1_000
    seed, depth = number % 5, number // 5 % 12
    yield "logged_run", [(number, new_id(), experiment, f"run {number}", began, began + 500)]
    params = {"seed": str(seed), "depth": str(depth), "rate": f"{chance.random():.3g}"}
    yield "run_param", [(number, key, value) for key, value in params.items()]
    yield "run_tag", [(number, "team", f"team {number % 3}")]
    last = STEPS - 1
    yield "run_latest_metric", [(number, k, v, began, last) for k, v in zip(names, final, strict=True)]
    if metrics == METRICS:
        for key, value in zip(CURVES, final, strict=False):
            yield "run_metric", [(number, key, value + 1 / (1 + s), began + s, s) for s in range(last)]
    yield "run_metric", [(number, k, v, began + last, last) for k, v in zip(names, final, strict=True)]
