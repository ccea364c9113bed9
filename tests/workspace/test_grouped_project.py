"""A project whose rows belong together, from its file to production: whole groups at every step."""

from pathlib import Path

import numpy as np
import polars as pl

from core.jobs.kinds.retrain import as_dataset
from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.small_projects import begun, guessed, replayed, serving, trained


def visits(path: Path) -> Path:
    rng = np.random.default_rng(5)
    who = rng.permutation(np.repeat(np.arange(160), 6))
    risk = rng.normal(size=160)[who] + rng.normal(0, 0.5, len(who))
    ill = rng.random(len(who)) < 1 / (1 + np.exp(-2 * risk))
    columns = {
        "patient_id": [f"P{n:03d}" for n in who],
        "risk": risk.round(4),
        "dose": rng.normal(size=len(who)).round(4),
    }
    pl.DataFrame({**columns, "ill": np.where(ill, "yes", "no")}).write_csv(path)
    return path


def test_patients_are_held_out_counted_and_replayed_whole(tmp_path: Path):
    csv = visits(tmp_path / "visits.csv")
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    task = guessed(csv)
    assert (task.target, task.block, task.inputs) == ("ill", "block", ("risk", "dose"))
    small = serving(trained(begun(workspace, csv, task), ("logistic",)), "logistic")
    assert small.project.task is not None
    assert small.project.task.group == "patient_id"
    run = next(run for run in small.life.runs if run.recipe == "logistic")
    holdout = workspace.modelling.holdout(run)
    table = workspace.data.frame(small.life.datasets[0])
    owners = dict(table.select(pl.col(str(small.project.task.entity)).cast(pl.String), "patient_id").iter_rows())
    held = {owners[entity] for entity in holdout["entity_id"]}
    assert set(holdout["block"]) == held
    assert run.holdout_blocks == len(held)
    assert not held & {owners[entity] for entity in owners if entity not in set(holdout["entity_id"])}
    assert {criterion.block for criterion in small.life.criteria_in_force} == {"block"}
    window = replayed(small).life.windows[0]
    recall = next(j.estimate for j in window.judgements if j.estimate and j.estimate.n_blocks)
    days = round((window.ends - window.starts).total_seconds() / 86_400)
    assert recall.n_blocks <= days < recall.n
    assert {drift.n_blocks for drift in window.drift if drift.n_blocks} != {0}
    logged = workspace.monitoring.rows(small.project.id, window.starts, window.ends, as_of=window.created_at)
    assert set(as_dataset(logged, small.project.task)["patient_id"]) == set(logged["block"])
    workspace.close()
