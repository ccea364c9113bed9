"""A file of rows that were answered elsewhere: a window of its own, judged as every other."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from core.errors import Conflict, InvalidInput
from core.lifecycle.weeks import weeks
from core.metrics import measure
from core.modelling.evaluation import outcomes
from core.scoping.criterion import Verdict

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INPUTS = ["temp", "wind", "carrier"]


def answered(stage, *, timed=True) -> pl.DataFrame:
    """Return the last rows of the log as a file of another system has them, three hours later, with other keys."""
    window = stage.life.windows[-1]
    rows = stage.workspace.monitoring.rows(stage.life.project.id, window.starts, window.ends, as_of=window.created_at)
    rows = rows.filter((pl.col("variant") == "champion") & pl.col("label").is_not_null())
    later = (pl.col("event_time") - timedelta(days=5)).alias("departure")
    key = ("b" + pl.int_range(pl.len()).cast(pl.String)).alias("entity_id")
    late = pl.when(pl.col("label") == 1).then(pl.lit("yes")).otherwise(pl.lit("no")).alias("late")
    return rows.select(*INPUTS, "score", key, late, *([later] if timed else []))


def test_a_batch_with_times_is_a_window_over_just_that_time(at):
    stage = at("failing")
    before, project = stage.life.windows, stage.life.project
    batch = answered(stage)
    window = stage.workspace.batches.take(project.id, batch, name="hub.csv", key="job", asked=NOW)
    assert len(stage.life.windows) == len(before) + 1
    assert (window.name, window.starts) == ("hub.csv", batch["departure"].min())
    assert window.ends == batch["departure"].max() + timedelta(microseconds=1)
    # what was in the log of that time counts too, as in any window
    log = stage.workspace.monitoring.rows(project.id, window.starts, window.ends, as_of=window.created_at)
    known = log.filter(pl.col("label").is_not_null())
    assert log.filter(pl.col("request_id").str.starts_with("batch-")).height == batch.height
    assert (window.predictions, window.labels) == (log.height, known.height)
    recall = next(c for c in stage.life.criteria if c.metric == "recall")
    expected = measure("recall", recall.parameters, outcomes(known, project.task.kind))
    judged = window.judgement(recall.id)
    assert judged.estimate.value == pytest.approx(expected.value)
    assert judged.estimate.interval == expected.interval
    assert judged.verdict is Verdict.NOT_MET
    week = next(w for w in weeks(stage.life) if w.window.id == window.id)
    assert (week.starts, week.column("temp").n_current) == (window.starts, log.height)
    assert "hub.csv, " in " ".join(stage.open("performance").dataframe[-1].value["window"])


def test_a_batch_without_times_or_keys_counts_as_answered_now(at):
    stage = at("failing")
    project = stage.life.project
    batch = answered(stage, timed=False).drop("entity_id", "late")
    window = stage.workspace.batches.take(project.id, batch, name="hub.csv", key="job", asked=NOW)
    assert (window.starts, window.ends - window.starts) == (project.clock, timedelta(microseconds=1))
    assert (window.predictions, window.labels) == (batch.height, 0)
    assert window.service is None
    with pytest.raises(Conflict, match=r"hub\.csv was read before"):
        stage.workspace.batches.take(project.id, batch, name="hub.csv", key="another", asked=NOW)
    assert len([w for w in stage.life.windows if w.name]) == 1


def test_a_batch_that_was_cut_off_is_finished_by_its_own_job(at, monkeypatch):
    stage = at("failing")
    project, batches = stage.life.project, stage.workspace.batches
    batch = answered(stage, timed=False)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(type(stage.workspace.monitoring), "measure_span", killed)
        with pytest.raises(KeyboardInterrupt):
            batches.take(project.id, batch, name="hub.csv", key="job", asked=NOW)
    window = batches.take(project.id, batch, name="hub.csv", key="job", asked=NOW)
    assert (window.predictions, window.labels) == (batch.height, batch.height)
    assert batches.take(project.id, batch, name="hub.csv", key="job", asked=NOW) == window
    assert len([w for w in stage.life.windows if w.name]) == 1
    with pytest.raises(Conflict, match="was read before"):
        batches.take(project.id, batch, name="copy.csv", key="another", asked=NOW)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.drop("score"), "no column `score`"),
        (lambda f: f.drop("wind"), "no column `wind`, which the model reads"),
        (lambda f: f.with_columns(temp=pl.lit("warm")), "`temp` holds text"),
        (lambda f: f.with_columns(score=pl.lit(3.0)), "a probability, from 0 to 1"),
        (lambda f: f.with_columns(score=pl.lit(None, pl.Float64)), "not a number in every row"),
        (lambda f: f.with_columns(pl.col("departure") + timedelta(days=99)), "rows lie after"),
        (lambda f: f.clear(), "has no rows"),
    ],
)
def test_a_file_that_is_no_batch_is_refused_in_a_sentence_and_leaves_nothing(at, change, says):
    stage = at("failing")
    commits = stage.workspace.deployment.commits(stage.life.project.id)
    with pytest.raises(InvalidInput, match=says):
        stage.workspace.batches.take(
            stage.life.project.id, change(answered(stage)), name="hub.csv", key="job", asked=NOW
        )
    assert stage.workspace.deployment.commits(stage.life.project.id) == commits
