from dataclasses import replace

from streamlit.testing.v1 import AppTest

from core.frames.slice import Condition, Slice
from core.modelling.slices.weak import WeakSlices, weak_slices
from core.scoping.project import TaskKind
from dashboard.charts.weak_slices import listed, slices_measured
from dashboard.components.activity import say
from dashboard.components.criterion_form import fits
from tests.core.monitoring.hurting_worlds import FEATURES, agreed_on, flights
from tests.dashboard.stages import primary, text

CARRIER = Slice(conditions=(Condition(column="carrier", operator="==", value="AA"),))


def _agreed_on_a_slice(stage):
    life = stage.life
    recall = next(c for c in life.criteria_in_force if c.metric == "recall")
    stage.workspace.scoping.agree(life.project.id, [replace(recall, slice=CARRIER)])
    return recall


def test_without_a_run_the_way_to_the_runs_is_offered(at):
    app = at("begun").open("errors")
    assert "Nothing to look through yet" in text(app)
    assert primary(app) == "Go to the runs"


def test_few_rows_are_said_with_the_figure_and_how_many_slices_were_looked_at(at):
    said = text(at("trained").open("errors"))
    assert "No slice stands out" in said
    assert "slices looked at" in said
    assert "Recall 0." in said


def test_a_criterions_slice_is_shown_whatever_it_measures_and_its_rows_on_request(at):
    stage = at("serving")
    recall = _agreed_on_a_slice(stage)
    run = stage.life.run(stage.life.champion.run_id)
    app = stage.open("errors", by=recall.key)
    assert app.dataframe[0].value["why"].to_list() == ["agreed"]
    app = stage.open("errors", by=recall.key, slice=CARRIER.hash)
    assert "rows that turned out positive, the worst first" in text(app)
    rows = stage.workspace.errors.rows_of(run.id, recall.id, CARRIER)
    missed = rows["score"] <= recall.parameters["cut"]
    assert set(rows["carrier"]) == {"AA"}
    assert set(rows["label"].cast(int)) == {1}
    assert missed.to_list() == sorted(missed, reverse=True)
    assert not [button for button in app.button if button.key == "weak-agree"], "it is one already"


def test_the_chart_has_a_line_for_all_rows_and_one_for_what_was_agreed():
    found = weak_slices(agreed_on("recall"), flights(31), FEATURES, TaskKind.BINARY, (CARRIER,))
    figure = slices_measured(found, agreed_on("recall"), "", "light").to_dict()
    assert {shape["x0"] for shape in figure["layout"]["shapes"]} == {0.5, found.overall.value}
    assert len(figure["data"][1]["x"]) == len([one for one in listed(found) if one.estimate]) > 3
    assert not listed(WeakSlices(measured_as="recall"))


def test_the_form_holds_no_more_than_it_can_show():
    assert fits(CARRIER)
    missing = Condition(column="carrier", operator="is missing")
    assert not fits(Slice(conditions=(missing,)))
    assert not fits(Slice(conditions=CARRIER.conditions * 4))


def _drawn(stage):
    run = stage.life.run(stage.life.champion.run_id)
    return run, stage.workspace.tagging.draw(run.id)


def test_twenty_errors_are_drawn_at_a_press_and_the_first_is_shown(at):
    stage = at("serving")
    app = stage.open("errors")
    assert primary(app) == "Tag 20 errors"
    app.button(key="errors-tag").click().run()
    assert not app.exception
    review = stage.workspace.tagging.review(stage.life.run(stage.life.champion.run_id))
    assert len(review.drawn) == min(20, review.errors)
    said = text(stage.open("errors", show="tags"))
    assert f"Error 1 of {len(review.drawn)}" in said
    assert "missed" in said or "falsely flagged" in said


def test_a_tag_is_stored_and_the_next_error_shown(at):
    stage = at("serving")
    run, review = _drawn(stage)
    app = stage.open("errors", show="tags")
    app.multiselect[0].set_value(["warm"]).run()
    app.button(key="error-save").click().run()
    assert "Error 2 of" in text(app)
    assert stage.workspace.tagging.review(run).drawn[0].tags == ("warm",)
    assert review.drawn[0].tags == ()


def test_tags_are_counted_and_the_best_becomes_a_task(at):
    stage = at("serving")
    run, review = _drawn(stage)
    recall = next(c for c in stage.life.criteria_in_force if c.metric == "recall")
    rows = stage.workspace.tagging.rows(review)
    missed = next(place for place, label in enumerate(rows["label"].cast(int)) if label == 1)
    for place, one in enumerate(review.drawn):
        stage.workspace.tagging.tag(review.id, one.row, ["carrier is AA"] if place == missed else ["=noise"])
    app = stage.open("errors", show="tags", by=recall.key, tag="carrier is AA")
    assert primary(app) in {"Tag 20 more", None}
    shown = app.dataframe[0].value
    assert "carrier is AA" in shown["tag"].to_list()
    assert "rows" in shown["within"].to_list()[shown["tag"].to_list().index("carrier is AA")]
    app.text_input[0].set_value("two days").run()
    app.button(key="tag-task").click().run()
    assert not app.exception
    task = stage.workspace.thread.life(stage.life.project.id).tasks[0]
    assert (task.run_id, task.rows, task.figures["Effort"]) == (run.id, (review.drawn[missed].row,), "two days")
    assert task.text.startswith("# Data task: carrier is AA")
    assert "two days" in task.text
    assert app.code[0].value == task.text
    entered = stage.workspace.thread.ledger(stage.life.project.id)[-1]
    assert say(entered, stage.life).text == "You made a data task of **carrier is AA**"
    _is_done(app)
    assert not stage.workspace.thread.life(stage.life.project.id).open_tasks


def _is_done(app: AppTest) -> None:
    assert "nobody sees to it yet" in text(app)
    app.button(key="task-take").click().run()
    assert "you see to it" in text(app)
    app.button(key="task-finish").click().run()
    assert "Say with which dataset version the task is done" in text(app)
    app.text_area(key="task-reason").set_value("The labels were right.").run()
    app.button(key="task-finish").click().run()
    assert not app.exception
    assert "The labels were right." in text(app)
