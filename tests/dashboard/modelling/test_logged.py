"""Runs that training code logged: found by MLflow's grammar, drawn, and held against one another."""

import io

import polars as pl
import pytest

from core.errors import NotFound
from core.modelling.tracking.experiment import PROJECT_TAG
from core.modelling.tracking.logged_run import Batch, Point
from core.modelling.tracking.search.query import run_query
from core.workspace.tracking import NewRun
from tests.dashboard.stages import text


@pytest.fixture
def logged(at):
    """Return a project in which three runs were logged; the name of one is hostile."""
    stage = at("begun")
    workspace = stage.workspace
    experiment = workspace.experiments.create("boosting", {PROJECT_TAG: stage.life.project.slug})
    for number, name in enumerate(("one", "[two](http://x)", "three")):
        run = workspace.tracking.create(NewRun(experiment_id=experiment.id, name=name))
        points = [Point("auc", 0.6 + number / 10 + step / 100, 1, step) for step in range(5)]
        params = {"depth": str(number), "seed": "1"}
        workspace.tracking.log(run.id, Batch(metrics=[*points, Point("loss", 0.1, 1)], params=params))
    return stage


def runs_of(app):
    return next(frame.value for frame in app.dataframe if "Run" in frame.value.columns)


def test_where_nothing_was_logged_the_client_is_shown_the_way(at):
    app = at("begun").open("logged")
    assert "No logged run yet" in text(app)
    assert "MLFLOW_TRACKING_URI=http://localhost:" in app.code[0].value


def test_the_table_leads_with_what_differs(logged):
    app = logged.open("logged", by="auc")
    rows = runs_of(app)
    assert list(rows["Run"]) == ["three", "[two](http://x)", "one"]
    assert list(rows.columns[3:]) == ["auc", "loss", "depth"]
    assert "**3 runs** of boosting, 3 at work. Highest auc: **0.84**, three." in text(app)


@pytest.mark.parametrize(
    ("where", "names"), [("metrics.auc > 0.7", 2), ("params.depth = '1'", 1), ("attributes.status = 'FINISHED'", 0)]
)
def test_the_filter_is_mlflows(logged, where: str, names: int):
    app = logged.open("logged", where=where)
    assert f"**{names} run" in text(app)


def test_a_filter_that_cannot_be_read_is_said_and_hides_nothing(logged):
    app = logged.open("logged", where="metrics.auc >")
    assert "**3 runs**" in text(app)
    assert len(app.error) == 1


def test_an_experiment_of_no_project_can_be_brought_here(logged):
    workspace = logged.workspace
    other = workspace.experiments.create("elsewhere")
    workspace.tracking.create(NewRun(experiment_id=other.id, name="stray"))
    app = logged.open("logged", experiment=other.id)
    app.button(key="logged-move").click().run()
    assert workspace.experiments.get(other.id).project_id == logged.life.project.id


def keep(workspace, run_id: str, rows: pl.DataFrame) -> None:
    buffer = io.BytesIO()
    rows.write_parquet(buffer)
    keep_file(workspace, run_id, "predictions.parquet", buffer.getvalue())


def keep_file(workspace, run_id: str, path: str, content: bytes) -> None:
    place = workspace.files.of_run(run_id, path)
    with workspace.files.receive(place) as arriving:
        arriving.write(content)
        workspace.files.keep(place, arriving)


def test_two_runs_that_logged_predictions_are_judged_by_the_criteria_on_the_same_rows(at):
    stage = at("trained")
    workspace = stage.workspace
    experiment = workspace.experiments.create("scripts", {PROJECT_TAG: stage.life.project.slug})
    run = next(run for run in stage.life.runs if run.recipe == "logistic")
    good = workspace.modelling.holdout(run).select(id="entity_id", score="score")
    blind = good.with_columns(score=pl.lit(0.3) + pl.int_range(pl.len()) % 7 / 100)
    ids = []
    for name, rows in (("blind", blind), ("good", good)):
        logged = workspace.tracking.create(NewRun(experiment_id=experiment.id, name=name))
        ids.append(logged.id)
        keep(workspace, logged.id, rows)
    said = text(stage.open("logged", runs=",".join(ids)))
    assert "**good beats blind** by +" in said
    assert f"on the same {good.height} rows" in said
    assert "better" in said


def test_figures_alone_cannot_tell(logged):
    workspace = logged.workspace
    experiment = workspace.experiments.named("boosting")
    runs = workspace.tracking.search(run_query(limit=9), [experiment.id]).items
    said = text(logged.open("logged", runs=f"{runs[0].id},{runs[1].id}"))
    assert "### What differs" in said
    assert "Figures alone cannot tell" in said or "Nothing was agreed yet" in said


def test_runs_are_grouped_and_columns_are_chosen_by_the_address(logged):
    app = logged.open("logged", group="params.seed", columns="highest:metrics.auc", metric="auc")
    rows = next(frame.value for frame in app.dataframe if "seed" in frame.value.columns)
    assert rows.to_dict("list") == {"seed": ["1"], "Runs": [3], "auc": ["0.74 ± 0.1"], "highest auc": ["0.74 ± 0.1"]}
    assert list(runs_of(logged.open("logged", columns="mean:metrics.auc,params.seed")).columns[3:]) == [
        "mean auc",
        "seed",
    ]


def test_of_a_loss_the_lowest_come_first(logged):
    assert "Lowest loss: **0.1**" in text(logged.open("logged", by="loss"))


@pytest.mark.parametrize(
    ("chart", "said"),
    [
        ("curves", "differ only in their seed"),
        ("scatter", ""),
        ("parallel", "the higher the metric"),
        ("importance", "Not enough runs: 3"),
        ("trade", "no run is better in one metric"),
    ],
)
def test_every_chart_of_the_runs_is_shown(logged, chart: str, said: str):
    if chart == "curves":
        workspace = logged.workspace
        again = workspace.tracking.create(NewRun(experiment_id=workspace.experiments.named("boosting").id))
        params = {"depth": "0", "seed": "2"}
        workspace.tracking.log(again.id, Batch(metrics=[Point("auc", 0.5, 1, s) for s in range(5)], params=params))
    assert said in text(logged.open("logged", chart=chart, metric="auc"))


def test_the_code_of_two_runs_is_shown_as_far_as_it_was_logged(logged):
    workspace = logged.workspace
    experiment = workspace.experiments.named("boosting")
    first, second = workspace.tracking.search(run_query(order_by=["start_time ASC"], limit=2), [experiment.id]).items
    address = {"runs": f"{first.id},{second.id}"}
    assert "### Code" not in text(logged.open("logged", **address))
    repository = "https://github.com/org/repo"
    for run, commit, lines in ((first, "a" * 40, b"x = 1\ny = 2\n"), (second, "b" * 40, b"x = 1\ny = 3\n")):
        said = {"mlflow.source.git.commit": commit, "mlflow.source.git.repoURL": repository}
        workspace.tracking.log(run.id, Batch(tags=said))
        keep_file(workspace, run.id, "code/*train*.py", lines)
        keep_file(workspace, run.id, "util.py", b"same")
        keep_file(workspace, run.id, "model.pkl", commit.encode())
    keep_file(workspace, second.id, "only.py", b"")
    app = logged.open("logged", **address)
    said = text(app)
    assert f"commit **{'a' * 10}**" in said
    assert "1 of 2 source files that both keep differ; only 2 keeps 1 more: only.py." in said
    assert [box.label for box in app.expander] == ["code/\\*train\\*.py"]
    found = workspace.code.difference(first.id, second.id, "code/*train*.py")
    assert found.splitlines()[1:] == [" x = 1", "-y = 2", "+y = 3"]
    with pytest.raises(NotFound):
        workspace.code.difference(first.id, second.id, "only.py")


def test_a_run_that_the_address_names_and_the_filter_hides_is_said(logged):
    experiment = logged.workspace.experiments.named("boosting")
    runs = logged.workspace.tracking.search(run_query(limit=9), [experiment.id]).items
    one = next(run for run in runs if run.name == "one")
    app = logged.open("logged", runs=one.id, where="metrics.auc > 0.7")
    assert "Not among these: 1 run that the address names." in text(app)
    app.button(key="logged-all").click().run()
    assert "runs" not in app.query_params
    assert "Not among these" not in text(app)
