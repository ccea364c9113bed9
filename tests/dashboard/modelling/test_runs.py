from core.job import JobState
from core.workspace.modelling import TrainingOrder
from tests.dashboard.stages import primary, text
from tests.small_projects import carry_out


def test_without_an_accepted_dataset_the_way_to_the_datasets_is_offered(at):
    app = at("begun").open("runs")
    assert "accept a dataset" in text(app)
    assert primary(app) == "Go to the datasets"


def test_an_accepted_dataset_offers_to_train_what_fits_the_task(at):
    stage = at("begun")
    stage.workspace.data.accept(stage.life.datasets[0].id)
    app = stage.open("runs")
    assert primary(app) == "Train"
    app.button(key="empty").click().run()
    assert [box.label for box in app.checkbox] == [
        "Commonest class (baseline)",
        "Logistic regression",
        "Gradient boosting",
        "Look for better parameters",
    ]


def test_runs_at_work_show_their_progress(at):
    stage = at("begun")
    dataset = stage.life.datasets[0]
    stage.workspace.data.accept(dataset.id)
    stage.workspace.modelling.train(
        stage.small.project.id, TrainingOrder(dataset_id=dataset.id, recipes=("logistic", "majority"))
    )
    app = stage.open("runs")
    assert "2 runs at work" in text(app)
    assert app.button(key="runs-train").disabled


def test_the_sentence_names_the_best_with_interval_agreed_value_and_verdict(at):
    said = text(at("trained").open("runs"))
    sentence = next(line for line in said.splitlines() if line.startswith("Best:"))
    assert "**Logistic regression**" in sentence
    assert "agreed at least" in sentence
    assert "[" in sentence
    assert "Gradient boosting is **" in sentence
    assert "Next: **register it**" in sentence


def test_the_best_is_offered_for_registration_and_named(at):
    app = at("trained").open("runs")
    assert primary(app) == "Register Logistic regression"
    app.button(key="runs-register").click().run()
    assert app.text_input(key="register-name").value == "late"


def test_once_a_version_exists_training_is_primary_again(at):
    assert primary(at("registered").open("runs")) == "Train"


def test_the_criterion_that_leads_is_in_the_address(at):
    stage = at("trained")
    keys = [c.key for c in stage.life.criteria_in_force]
    app = stage.open("runs", by=keys[1])
    assert app.selectbox(key="runs-by").value == keys[1]
    unknown = stage.open("runs", by="K99")
    assert unknown.selectbox(key="runs-by").value == keys[0]


def test_two_runs_are_compared_criterion_by_criterion(at):
    stage = at("trained")
    runs = {run.recipe: run.id for run in stage.life.runs}
    app = stage.open("runs", left=runs["majority"], right=runs["logistic"])
    table = app.table[0].value
    assert table["The right one is"].str.contains("better").any()
    same = stage.open("runs", left=runs["logistic"], right=runs["logistic"])
    assert "Choose two different runs" in text(same)


def test_runs_of_different_hold_outs_cannot_be_compared_and_say_so(at):
    stage = at("trained")
    dataset = stage.life.datasets[0]
    middle = dataset.starts + (dataset.ends - dataset.starts) / 3
    early = stage.life.runs[1].holdout_from
    _, job = stage.workspace.modelling.train(
        stage.small.project.id,
        TrainingOrder(
            dataset_id=dataset.id, recipes=("logistic",), holdout_from=dataset.ends - (dataset.ends - middle) / 8
        ),
    )
    assert carry_out(stage.workspace, job).state is JobState.FINISHED
    left, right = stage.life.runs[1], stage.life.runs[-1]
    assert right.holdout_from != early
    app = stage.open("runs", left=left.id, right=right.id)
    assert not app.exception
    # where the address names no pair, it is one of the same hold-out
    offered = stage.open("runs")
    pair = [stage.life.run(offered.selectbox(key=f"runs-{side}").value) for side in ("left", "right")]
    assert [run.holdout_from for run in pair] == [early, early]
    # the newest hold-out leads, and its only run has nobody to be compared with
    assert "run 4" in next(line for line in text(app).splitlines() if line.startswith("Best:"))


def test_a_failed_run_says_why_in_its_row_and_on_its_page(at):
    stage = at("trained")
    run = stage.life.runs[0]
    stage.workspace.modelling.failed(run.id, "The rows hold one class only. Add rows.")
    app = stage.open("run", id=run.id)
    assert "The rows hold one class only" in text(app)
    assert primary(app) is None
