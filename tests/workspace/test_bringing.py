"""The thread from other people's training code: a logged run is judged, registered and let in by what was signed."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from core.errors import InvalidInput
from core.modelling.holdout import fingerprint
from core.modelling.run import RunState
from core.modelling.tracking.artifact import Place
from core.modelling.tracking.logged_run import ModelLink
from core.scoping.criterion import Verdict
from core.settings import Settings
from core.workspace.logged_models import NewModel
from core.workspace.modelling import TrainingOrder
from core.workspace.tracking import NewRun
from core.workspace.workspace import Workspace
from tests.small_projects import Small, begun, carry_out, guessed, sklearn_csv


@pytest.fixture
def small(tmp_path: Path, settings: Settings) -> Small:
    workspace = Workspace.open(settings)
    csv = sklearn_csv("breast_cancer", tmp_path)
    small = begun(workspace, csv, guessed(csv))
    workspace.scoping.sign(small.project.id, "goals")
    workspace.data.accept(small.life.datasets[0].id)
    return small


def keep(small: Small, place: Place, content: bytes) -> None:
    files = small.workspace.files
    with files.receive(place) as arriving:
        arriving.write(content)
        files.keep(place, arriving)


def logged(
    small: Small, *, model: bool = True, predictions: bool = True, wrong: bool = False, beside: bool = False
) -> str:
    """Log what a script would: a model trained on even rows, and what it says of the odd ones.

    ``beside`` keeps the file with a logged model that the run wrote, as ``mlflow.onnx.log_model`` does.
    """
    workspace, task = small.workspace, small.project.task
    assert task is not None
    frame = workspace.data.frame(small.life.datasets[0]).with_row_index("row")
    table = frame.select(task.inputs).to_pandas().astype(np.float64)
    positive = (frame[task.target].cast(pl.String) == task.positive).to_numpy()
    trained = make_pipeline(StandardScaler(), LogisticRegression()).fit(table[::2], positive[::2])
    scores = trained.predict_proba(table[1::2])[:, 1]
    run = workspace.tracking.create(NewRun(name="script"))
    if model:
        file = to_onnx(trained, pd.DataFrame(table[:1])).SerializeToString()
        place = workspace.files.of_run(run.id, "model/model.onnx")
        if beside:
            made = workspace.models.create(NewModel(name="model", source_run_id=run.id))
            workspace.tracking.log_outputs(run.id, [ModelLink(model_id=made.id)])
            place = workspace.files.of_model(made.id, "model.onnx")
        keep(small, place, file)
    if predictions:
        ids = frame[1::2][task.entity] if task.entity else frame[1::2]["row"]
        content = io.BytesIO()
        pl.DataFrame({"id": ids.cast(pl.String), "score": scores[::-1] if wrong else scores}).write_parquet(content)
        keep(small, workspace.files.of_run(run.id, "predictions.parquet"), content.getvalue())
    return run.id


def test_a_logged_run_goes_through_the_gate_by_the_signed_criteria(small: Small):
    workspace = small.workspace
    run_id = logged(small)
    ordered, job = workspace.bringing.order(small.project.id, run_id)
    carry_out(workspace, job)
    run = workspace.modelling.get(ordered.id)
    assert (run.state, run.error) == (RunState.FINISHED, "")
    assert run.origin is not None
    assert (run.origin.run_id, run.origin.file, run.origin.unlike) == (run_id, "model/model.onnx", 0)
    assert run.train_rows + run.holdout_rows == small.life.datasets[0].rows
    assert run.holdout_hash == fingerprint(workspace.modelling.holdout(run))
    assert workspace.bringing.brought(small.project.id, run_id) == run
    again = TrainingOrder(dataset_id=run.dataset_id, recipes=(run.recipe,))
    with pytest.raises(InvalidInput, match="only that code can train it again"):
        workspace.modelling.train(small.project.id, again)
    carry_out(workspace, workspace.deployment.register(run.id, "from a script"))
    version = small.life.versions[0]
    gate = workspace.deployment.judge_gate(version.id)
    signed = {(c.id, c.content_hash) for c in small.life.criteria_in_force}
    assert {(line.criterion_id, line.criterion_hash) for line in gate.lines} <= signed
    assert any(line.verdict is Verdict.MET for line in gate.lines)
    workspace.deployment.approve(version.id, reason="A test says so.")
    workspace.deployment.deploy(version.id)
    assert workspace.deployment.current(small.project.id) is not None


def test_a_file_of_a_logged_model_is_found_too_and_two_files_are_one_too_many(small: Small):
    workspace = small.workspace
    run_id = logged(small, beside=True)
    run, job = workspace.bringing.order(small.project.id, run_id)
    carry_out(workspace, job)
    assert workspace.modelling.get(run.id).state is RunState.FINISHED
    keep(small, workspace.files.of_run(run_id, "again.onnx"), b"another")
    with pytest.raises(InvalidInput, match="keeps 2 ONNX files"):
        workspace.bringing.order(small.project.id, run_id)


def test_a_model_that_did_not_make_the_predictions_is_told_and_nothing_is_registered(small: Small):
    run, job = small.workspace.bringing.order(small.project.id, logged(small, wrong=True))
    carry_out(small.workspace, job)
    failed = small.workspace.modelling.get(run.id)
    assert failed.state is RunState.FAILED
    assert "gives other scores than predictions.parquet" in failed.error
    with pytest.raises(InvalidInput, match="cannot be registered"):
        small.workspace.deployment.register(run.id, "wrong")


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"model": False}, "keeps no ONNX file, and pickled models are never opened here"),
        ({"predictions": False}, "logged no predictions.parquet: nothing says which rows its training did not see"),
    ],
)
def test_what_is_missing_is_named_before_any_work_begins(small: Small, kept: dict[str, bool], said: str):
    with pytest.raises(InvalidInput, match=said):
        small.workspace.bringing.order(small.project.id, logged(small, **kept))
    assert not small.life.runs


def test_a_run_of_before_rows_had_a_fingerprint_gets_it_when_the_next_one_finishes(small: Small):
    modelling = small.workspace.modelling
    order = TrainingOrder(dataset_id=small.life.datasets[0].id, recipes=("majority",))
    for _ in range(2):
        carry_out(small.workspace, modelling.train(small.project.id, order)[1])
        modelling._change(small.life.runs[0].id, holdout_hash=None)
    carry_out(small.workspace, modelling.train(small.project.id, order)[1])
    assert len({run.holdout_hash for run in small.life.runs} - {None}) == 1
    assert all(run.holdout_hash for run in small.life.runs)
