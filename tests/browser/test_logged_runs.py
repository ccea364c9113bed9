"""From a script that logs with MLflow's client to words in the browser, and on to the gate."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from playwright.sync_api import Page, expect

from core.settings import Settings
from core.workspace.workspace import Workspace
from tests.browser.conftest import Start
from tests.small_projects import Small, begun, guessed, sklearn_csv, trained

pytestmark = pytest.mark.browser
SCRIPT = """
import sys
import mlflow
mlflow.set_experiment("script")
mlflow.set_experiment_tag("fullcircle.project", "small")
for name, depth in (("stump", 1), ("deep", 6)):
    with mlflow.start_run(run_name=name):
        mlflow.log_params({"depth": depth, "seed": 1})
        for step in range(20):
            mlflow.log_metric("loss", 1 / (step + depth), step=step)
        mlflow.log_artifact(f"{sys.argv[1]}/{name}/predictions.parquet")
        if name == "deep":
            mlflow.log_artifact(f"{sys.argv[1]}/model.onnx")
"""


def predicted(small: Small, folder: Path) -> None:
    """Write what two models would predict of the same held-out rows: one well, one hardly."""
    run = small.life.runs[0]
    rows = small.workspace.modelling.holdout(run).select(id="entity_id", score="score")
    hardly = rows.with_columns(score=pl.lit(0.3) + pl.int_range(pl.len()) % 5 / 100)
    for name, found in (("stump", hardly), ("deep", rows)):
        (folder / name).mkdir()
        found.write_parquet(folder / name / "predictions.parquet")
    (folder / "model.onnx").write_bytes(small.workspace.modelling.model_file(run))


def test_from_the_script_to_the_verdict(page: Page, fullcircle: Start, tmp_path: Path):
    home, csv = tmp_path / "home", sklearn_csv("breast_cancer", tmp_path)
    workspace = Workspace.open(Settings(home=home))
    predicted(trained(begun(workspace, csv, guessed(csv)), ("logistic",)), tmp_path)
    workspace.close()
    running = fullcircle("up", home)
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.address}
    subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], env=environment, check=True, capture_output=True)

    page.goto(f"{running.address}/logged?project=small")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text("2 runs of script.", timeout=30_000)
    box = main.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    for row in (1, 2):
        page.mouse.click(box["x"] + 16, box["y"] + 34 * row + 17)
        page.wait_for_timeout(800)
    expect(main).to_contain_text("What differs", timeout=15_000)
    expect(main).to_contain_text("Is the difference real?")
    expect(main).to_contain_text("deep beats stump by +", timeout=30_000)
    expect(main).to_contain_text("on the same", timeout=30_000)
    expect(main).to_contain_text("for the commonest class.")
    assert "runs=" in page.url
    page.reload()  # the address carries the choice
    expect(main).to_contain_text("Is the difference real?", timeout=30_000)
    expect(main).to_contain_text("on the same", timeout=30_000)
    on_to_the_gate(page)


def on_to_the_gate(page: Page) -> None:
    """Bring the better run, and register it: the criteria that were signed judge it."""
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Bring stump to Runs").click()
    expect(main).to_contain_text("stump keeps no ONNX file", timeout=15_000)
    main.get_by_role("button", name="Bring deep to Runs").click()
    main.get_by_role("button", name="Open deep").click(timeout=60_000)
    expect(main).to_contain_text("repeats the logged scores of all", timeout=15_000)
    main.get_by_role("button", name="Register").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("from a script")
    dialog.get_by_role("button", name="Register").click()
    expect(main).to_contain_text("from a script 1", timeout=60_000)
    expect(main).to_contain_text("no decision changes", timeout=15_000)
