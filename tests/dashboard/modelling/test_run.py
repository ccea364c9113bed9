from importlib.util import find_spec

import pytest

from tests.dashboard.stages import primary, text


def run_of(stage, recipe):
    return next(run for run in stage.life.runs if run.recipe == recipe)


def test_a_run_says_what_it_measured_and_offers_to_be_registered(at):
    stage = at("trained")
    app = stage.open("run", id=run_of(stage, "logistic").id)
    said = text(app)
    assert "met on the hold-out" in said
    assert "Not registered" in said
    assert primary(app) == "Register"


def test_a_baseline_cannot_be_registered_and_says_why(at):
    stage = at("trained")
    app = stage.open("run", id=run_of(stage, "majority").id)
    assert "A baseline is never registered" in text(app)
    assert primary(app) is None


def test_a_registered_run_names_its_version(at):
    stage = at("registered")
    app = stage.open("run", id=run_of(stage, "logistic").id)
    assert "Registered as **late 1**" in text(app)
    assert primary(app) is None


@pytest.mark.parametrize("show", ["inputs", "scores", "days", "parameters", "nonsense"])
@pytest.mark.parametrize("recipe", ["logistic", "majority"])
def test_every_closer_look_opens(at, show, recipe):
    stage = at("trained")
    assert not stage.open("run", id=run_of(stage, recipe).id, show=show).exception


def test_what_inputs_move_by_shap_is_drawn_or_the_extra_is_named(at):
    stage = at("trained")
    app = stage.open("run", id=run_of(stage, "logistic").id, show="inputs", worth="shap")
    assert not app.exception
    absent = find_spec("shap") is None
    assert ('pip install "fullcircle[shap]"' in text(app)) is absent
    assert len(app.get("plotly_chart")) == 3 - absent


@pytest.mark.parametrize("part", ["calibration", "roc", "pr", "confusion"])
def test_every_question_about_scores_is_answered_with_a_figure(at, part):
    stage = at("trained")
    app = stage.open("run", id=run_of(stage, "logistic").id, show="scores", scores=part)
    assert not app.exception
    assert len(app.get("plotly_chart")) == 2


def test_every_metric_stands_in_a_table_and_what_was_agreed_is_marked(at):
    stage = at("trained")
    app = stage.open("run", id=run_of(stage, "logistic").id, show="metrics")
    assert not app.exception
    rows = next(frame.value for frame in app.dataframe if "When it misleads" in frame.value)
    titles = rows["Metric"].tolist()
    assert {"Recall", "F1", "Average precision", "Brier score"} <= set(titles)
    assert "Gap of recall" not in titles
    agreed = dict(zip(titles, rows["Agreed"].tolist(), strict=True))
    assert "at least" in agreed["ROC AUC"]
    assert agreed["Brier score"] == "–"


def test_an_unknown_run_is_one_sentence(at):
    said = text(at("trained").open("run", id="nowhere"))
    assert "There is no run" in said
