from dataclasses import replace

from streamlit.testing.v1 import AppTest

from core.frames.slice import Condition, Slice
from dashboard.charts.criterion import demand
from tests.dashboard.stages import primary, text


def test_what_is_demanded_reads_as_a_sentence_part(at):
    criterion = at("failing").life.criteria_in_force[0]
    slice_ = Slice(conditions=(Condition(column="carrier", operator="==", value="AA"),))
    changed = replace(criterion, parameters={"cut": 0.3}, threshold=0.3, slice=slice_)
    assert demand(changed) == "Recall (cut 0.3) at least 0.300 on carrier == 'AA'"


def test_the_record_tells_every_stage_and_links_to_it(at):
    stage = at("failing")
    criterion = stage.life.criteria_in_force[0]
    app = stage.open("criterion", id=criterion.id)
    assert "agreed at least" in text(app)
    (chart,) = app.get("plotly_chart")
    for word in ("hold-out", "gate", "live", stage.life.windows[-1].id):
        assert word in chart.proto.spec
    assert primary(app) is None
    assert len(app.metric) == 4


def form_of(criterion_id: str) -> None:
    # a dialog closes in AppTest at the second click, so its body is shown by itself
    from dashboard import session
    from dashboard.components.criterion_form import criterion_form

    life = session.life(session.workspace().projects.get("late"))
    criterion_form(life, life.criterion(criterion_id))


def test_changing_a_signed_criterion_begins_its_next_version(at):
    stage = at("failing")
    criterion = stage.life.criteria_in_force[0]
    app = AppTest.from_function(form_of, args=(criterion.id,)).run()
    assert "begins version 2, unsigned" in text(app)
    assert "until a version is approved under the new one" in text(app)
    app.number_input(key=f"criterion-form-{criterion.id}-recall-threshold").set_value(0.25).run()
    app.button(key=f"criterion-form-{criterion.id}-save").click().run()
    newest = stage.life.criteria_in_force[0]
    assert (newest.key, newest.version, newest.threshold, newest.signed_at) == ("K1", 2, 0.25, None)


def test_windows_by_count_are_asked_for_and_said(at):
    stage = at("failing")
    criterion = stage.life.criteria_in_force[0]
    key = f"criterion-form-{criterion.id}"
    app = AppTest.from_function(form_of, args=(criterion.id,)).run()
    assert app.number_input(key=f"{key}-window").value == criterion.window_days
    app.segmented_control(key=f"{key}-windows").set_value("predictions").run()
    app.number_input(key=f"{key}-rows").set_value(400).run()
    app.button(key=f"{key}-save").click().run()
    assert "A window of 400 predictions cannot end every 1,000" in text(app)
    app.number_input(key=f"{key}-every-rows").set_value(100).run()
    app.button(key=f"{key}-save").click().run()
    newest = stage.life.criteria_in_force[0]
    assert (newest.version, newest.window_rows, newest.every_rows) == (2, 400, 100)
    assert newest.window_days == criterion.window_days
    page = stage.open("criterion", id=newest.id)
    assert "A window holds 400 predictions, those of one instant together; the next is full after 100 more." in text(
        page
    )


def test_a_changed_criterion_waits_for_its_signature(at):
    stage = at("failing")
    criterion = stage.life.criteria_in_force[0]
    newer = stage.workspace.scoping.change(criterion.id, replace(criterion, threshold=0.25))
    app = stage.open("criterion", id=newer.id)
    assert "not signed" in text(app)
    assert primary(app) == "Sign K1"
    app.button(key="criterion-sign").click().run()
    assert stage.life.criteria_in_force[0].signed_by == "local"
    old = stage.open("criterion", id=criterion.id)
    assert "Version 2 is in force now" in text(old)
    assert "criterion-change" not in [button.key for button in old.button]


def test_the_criteria_are_told_by_their_newest_words(at):
    app = at("failing").open("documents", part="criteria")
    assert "not met" in text(app)
    assert app.get("plotly_chart")
