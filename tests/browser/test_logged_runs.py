"""From a script that logs with MLflow's client to words in the browser, and on to the gate."""

import os
import re
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
            mlflow.MlflowClient().create_registered_model("small scores")
            mlflow.MlflowClient().create_model_version("small scores", mlflow.get_artifact_uri("model.onnx"))
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
    workspace.projects.begin("Newer")
    workspace.close()
    running = fullcircle("up", home)
    environment = {**os.environ, "MLFLOW_TRACKING_URI": running.address, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, encoding="utf-8").stdout

    the_printed_links_open(page, printed)
    a_view_is_kept(page, running.address)
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


def the_printed_links_open(page: Page, printed: str) -> None:
    """Follow what MLflow's client prints, as it is: to a run, to its experiment, to one that is not there."""
    main = page.get_by_test_id("stMain")
    run, experiment = (re.search(rf"{what} at: (\S+)", printed) for what in ("View run deep", "View experiment"))
    assert run is not None
    assert experiment is not None
    assert "/#/experiments/" in run[1]
    page.goto(run[1])
    expect(main.get_by_role("button", name="Bring deep to Runs")).to_be_visible(timeout=30_000)
    assert f"runs={run[1][-32:]}" in page.url
    assert "project=small" in page.url
    page.goto(experiment[1])
    expect(main).to_contain_text("2 runs of script.", timeout=30_000)
    expect(main.get_by_role("button", name="Show all")).to_have_count(0)
    page.goto(run[1][:-32] + "0" * 32)
    expect(main).to_contain_text("There is no run", timeout=30_000)
    root = run[1].partition("#")[0]
    for address in ("#/models/small%20scores/versions/1", "#/models/small%20scores"):  # the run that it comes from
        page.goto(root + address)
        expect(main.get_by_role("button", name="Bring deep to Runs")).to_be_visible(timeout=30_000)
        assert f"runs={run[1][-32:]}" in page.url
    page.goto(f"{root}#/models/nothing")
    expect(main).to_contain_text("There is no registered model 'nothing'", timeout=30_000)
    page.goto(
        f"{experiment[1]}?searchFilter=params.depth%20%3D%20%276%27&orderByKey=metrics.%60loss%60&orderByAsc=true"
    )
    expect(main).to_contain_text("1 run of script. Lowest loss:", timeout=30_000)
    page.goto(root + "#/traces")  # what is not known is left alone
    page.wait_for_url("**/projects*", timeout=30_000)


def a_view_is_kept(page: Page, address: str) -> None:
    """Save what is shown, change it, and open it again."""
    page.goto(f"{address}/logged?project=small&where=params.depth+%3D+%276%27&by=loss")
    main, box = page.get_by_test_id("stMain"), page.get_by_test_id("stPopoverBody")
    expect(main).to_contain_text("1 run of script.", timeout=30_000)
    main.get_by_role("button", name="Views").click()
    box.get_by_role("button", name="Save this view").click()
    expect(box).to_contain_text("A view needs a name.", timeout=15_000)
    box.get_by_label("Name").fill("Deep [ones](http://x)")
    box.get_by_label("Name").press("Tab")
    box.get_by_role("button", name="Save this view").click()
    expect(box.get_by_role("button", name="Delete")).to_be_visible(timeout=15_000)
    page.goto(f"{address}/logged?project=small&chart=curves")
    expect(main).to_contain_text("2 runs of script.", timeout=30_000)
    main.get_by_role("button", name="Views").click()
    box.get_by_role("button", name="Deep [ones](http://x)").click()
    expect(main).to_contain_text("1 run of script.", timeout=15_000)
    assert "chart=" not in page.url


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
