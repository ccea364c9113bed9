"""A file of predictions is judged like a run, or refused with a sentence and nothing left behind."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from core.errors import Conflict, FullcircleError, InvalidInput
from core.metrics import measure
from core.modelling.evaluation import outcomes
from core.modelling.ranking import registrable
from core.modelling.recipes.uploaded import UPLOADED
from core.modelling.run import RunState
from core.settings import Settings
from core.workspace.workspace import Workspace
from dashboard.cli import CANNOT, app
from tests.small_projects import Small, begun, guessed, sklearn_csv


@pytest.fixture
def small(tmp_path: Path, settings: Settings) -> Small:
    workspace = Workspace.open(settings)
    csv = sklearn_csv("breast_cancer", tmp_path)
    small = begun(workspace, csv, guessed(csv))
    workspace.scoping.sign(small.project.id, "goals")
    workspace.data.accept(small.life.datasets[0].id)
    return small


def scores(small: Small, **columns: object) -> pl.DataFrame:
    """Return a score of every second row that goes with its label."""
    task = small.project.task
    assert task is not None
    frame = small.workspace.data.frame(small.life.datasets[0]).rename({str(task.entity): "id"})
    positive = (frame[task.target].cast(pl.String) == task.positive).to_numpy()
    noise = np.random.default_rng(0).normal(0, 1, frame.height)
    rows = frame.select("id").with_columns(score=1 / (1 + np.exp(-(3 * positive - 1.5 + noise))), label=positive)
    return rows[1::2].with_columns(**columns)  # type: ignore[arg-type]


def written(table: pl.DataFrame, folder: Path, name: str = "rival.csv") -> Path:
    table.write_csv(folder / name)
    return folder / name


def test_predictions_are_measured_by_what_was_agreed_and_never_registered(small: Small, tmp_path: Path) -> None:
    table = scores(small)
    run = small.workspace.uploaded.evaluate(small.project.id, written(table, tmp_path), name="rival.csv")
    assert (run.state, run.recipe, run.name, run.model) == (RunState.FINISHED, UPLOADED.name, "rival", None)
    assert run.holdout_rows == table.height
    holdout = small.workspace.modelling.holdout(run)
    assert small.project.task is not None
    found = outcomes(holdout, small.project.task.kind)
    assert run.evaluations
    for evaluation in run.evaluations:
        own = measure(evaluation.metric, evaluation.parameters, found)
        assert own is not None
        assert evaluation.estimate.value == own.value
    assert not registrable(run)
    with pytest.raises(InvalidInput, match="cannot be registered"):
        small.workspace.deployment.register(run.id, "rival")


REFUSED: Mapping[str, Mapping[str, pl.Expr]] = {
    "scores beyond 0 and 1 in 190 of 190 rows": {"score": pl.lit(1.5)},
    "rival.csv holds other labels": {"label": ~pl.col("label")},
    r"rival.csv holds an id more than once \(3\)": {"id": pl.lit(3)},
    "No id of rival.csv is in the accepted dataset": {"id": pl.col("id") + 10_000},
    "'score' of rival.csv is not a finite number": {"score": pl.lit("high")},
}


def test_what_does_not_fit_is_said_and_leaves_nothing(small: Small, tmp_path: Path) -> None:
    evaluate = small.workspace.uploaded.evaluate
    for said, change in REFUSED.items():
        with pytest.raises(InvalidInput, match=said):
            evaluate(small.project.id, written(scores(small, **change), tmp_path), name="rival.csv")
    (tmp_path / "noise.parquet").write_bytes(b"PAR1nothing")
    with pytest.raises(FullcircleError, match=r"noise\.parquet"):
        evaluate(small.project.id, tmp_path / "noise.parquet", name="noise.parquet")
    assert not small.workspace.modelling.runs(small.project.id)
    empty = small.workspace.projects.begin("Empty")
    with pytest.raises(Conflict, match="no accepted dataset"):
        evaluate(empty.id, tmp_path / "noise.parquet", name="noise.parquet")


def test_predictions_of_rows_that_are_not_there_are_counted_and_kept_with_the_run(small: Small, tmp_path: Path) -> None:
    table = scores(small)
    strange = table.head(4).with_columns(pl.col("id") + 10_000)
    file = written(pl.concat([strange, table]), tmp_path)
    run = small.workspace.uploaded.evaluate(small.project.id, file, name="rival.csv")
    kept = small.workspace.modelling.get(run.id).left_out
    assert kept is not None
    ids = tuple(map(str, strange["id"].head(3)))
    assert (kept.rows, kept.given, kept.examples) == (4, table.height + 4, ids)
    assert kept.sentence.startswith(f"4 of {table.height + 4} predictions were left out")
    assert run.holdout_rows == table.height
    answer = CliRunner().invoke(
        app, ["evaluate", str(file), "--project", small.project.slug, "--home", str(small.workspace.settings.home)]
    )
    assert kept.sentence in answer.output


def test_the_command_says_the_verdicts(small: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = str(small.workspace.settings.home)
    monkeypatch.setenv("FULLCIRCLE_HOME", home)
    file = written(scores(small), tmp_path)
    answer = CliRunner().invoke(app, ["evaluate", str(file), "--project", small.project.slug, "--home", home])
    assert "190 of 380 labelled rows were predicted and measured" in answer.output
    assert ": met" in answer.output
    missing = CliRunner().invoke(app, ["evaluate", str(tmp_path / "none.csv"), "--project", small.project.slug])
    assert missing.exit_code == CANNOT
