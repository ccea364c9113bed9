"""A fresher model beside the one that served: on rows that it never learnt from, or not at all."""

from datetime import timedelta

import polars as pl
import pytest

from core.iteration.case import Choice
from core.lifecycle.case_story import gain_of_retraining
from core.lifecycle.verdicts import live_verdicts
from core.metrics import METRICS
from core.metrics.estimation import estimate_difference
from core.modelling.comparison import Word
from core.modelling.evaluation import outcomes
from core.monitoring.staleness import Trained, fresher
from tests.dashboard.stages import text


def _shown(app):
    return text(app.toggle(key="performance-fresh").set_value(True).run())


def test_without_a_fresher_model_a_sentence_says_what_gives_one(at):
    stage = at("failing")
    app = stage.open("performance")
    assert "fresher" not in text(app)
    assert "No model is fresher than the one that serves. Retraining in a case gives one" in _shown(app)


def test_the_challenger_is_measured_on_the_rows_after_its_training(at):
    stage = at("challenged")
    recall = next(v.criterion for v in live_verdicts(stage.life) if v.criterion.metric == "recall")
    found = stage.workspace.staleness.beside_fresh(recall.id)
    challenger = stage.life.version(stage.life.cases[0].challenger_id)
    trained_to = stage.life.run(challenger.run_id).holdout_from
    assert [one.window.id for one in found] == [w.id for w in stage.life.windows if w.starts >= trained_to]
    one = found[-1]
    assert (one.fresh, one.compared.word) == (challenger, Word.BETTER)
    # the challenger's own hold-out, as its training scored it, where the window lies inside it
    held = stage.workspace.monitoring.holdout(challenger)
    inside = held.filter(pl.col("event_time").is_between(one.window.starts, one.window.ends, closed="left"))
    logged = stage.workspace.monitoring.rows(
        stage.life.project.id, one.window.starts, one.window.ends, as_of=one.window.created_at
    ).filter((pl.col("model_version_id") == one.serving.id) & pl.col("label").is_not_null())
    assert inside.height == logged.height
    kind = stage.life.project.task.kind
    sides = (outcomes(frame.sort("entity_id"), kind) for frame in (logged, inside))
    expected = estimate_difference(METRICS["recall"], *sides, parameters=recall.parameters)
    assert one.compared.difference.value == pytest.approx(expected.value, abs=1e-12)
    assert one.compared.difference.interval.lower == pytest.approx(expected.interval.lower, abs=0.02)
    assert "would have gained **+" in _shown(stage.open("performance", criterion=recall.id))


def test_nothing_is_fresher_than_a_model_that_was_just_promoted(at):
    stage = at("closed")
    recall = next(v.criterion for v in live_verdicts(stage.life) if v.criterion.metric == "recall")
    newest = stage.life.version(stage.life.deployment.champion_id)
    assert all(one.serving != newest for one in stage.workspace.staleness.beside_fresh(recall.id))


def test_a_window_that_begins_before_the_training_ended_never_counts(at):
    stage = at("challenged")
    old, new = stage.life.versions[0], stage.life.version(stage.life.cases[0].challenger_id)
    ends = {v.id: stage.life.run(v.run_id).holdout_from for v in (old, new)}
    trained = [Trained(version=v, ends=ends[v.id]) for v in (old, new)]
    assert fresher(trained, old.id, before=ends[new.id]) == (old, new)
    assert fresher(trained, old.id, before=ends[new.id] - timedelta(seconds=1)) is None
    assert fresher(trained, new.id, before=ends[new.id]) is None
    assert fresher([], old.id, before=ends[new.id]) is None


def test_the_case_says_what_retraining_would_have_gained_on_the_same_rows(at):
    stage = at("opened")
    case = stage.life.cases[0]
    criterion = stage.life.criterion(case.criterion_id)
    gain, word = gain_of_retraining(case.backtest, criterion)
    wait, again = (next(o for o in case.backtest.options if o.choice is c) for c in (Choice.WAIT, Choice.RETRAIN))
    before, after = (next(e.estimate for e in o.evaluations if e.answers(criterion)) for o in (wait, again))
    assert gain.value == pytest.approx(after.value - before.value)
    assert word is Word.BETTER
    assert f"A model retrained on the weeks before would have gained **{gain.value:+.3f} [" in text(
        stage.open("cases", id=case.id)
    )
