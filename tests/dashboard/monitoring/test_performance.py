from dataclasses import replace

import streamlit as st

from core.lifecycle.verdicts import histories, live_verdicts
from core.monitoring.window import CloseReason, WithoutLabels
from core.scoping.criterion import Verdict
from core.statistics.estimate import Estimate
from core.storage.storage import Storage
from dashboard.charts.agreement import says
from dashboard.charts.performance import Course, Line, criterion_over_windows
from dashboard.components.expected import expected_words
from dashboard.components.windows_judged import windows_table
from tests.dashboard.stages import primary, text


def test_before_the_first_window_the_replay_is_offered(at):
    app = at("serving").open("performance")
    assert "No window yet" in text(app)
    assert primary(app) == "Replay the next four weeks"


def test_a_criterion_that_is_not_met_leads_and_an_alert_without_case_is_the_next_act(at):
    stage = at("failing")
    app = stage.open("performance")
    worst = live_verdicts(stage.life)[0]
    assert worst.verdict is Verdict.NOT_MET
    assert worst.windows == 2
    said = text(app)
    assert f"Recall **{worst.judgement.estimate.value:.3f} [" in said
    assert "agreed at least 0.500: **not met** since 3 May 2024 (2 windows)" in said
    assert primary(app) == "Open case"


def test_what_too_few_calls_leave_undecided_does_not_lead_and_says_so(at):
    life = at("failing").life
    worst = live_verdicts(life)[0].criterion
    one_call = Estimate(value=9.8, n=14, n_blocks=14)
    windows = tuple(
        replace(
            window,
            judgements=tuple(
                replace(judged, verdict=Verdict.UNDECIDED, estimate=one_call)
                if judged.criterion_id == worst.id
                else replace(judged, verdict=Verdict.MET)
                for judged in window.judgements
            ),
        )
        for window in life.windows
    )
    first, *_, last = live_verdicts(replace(life, windows=windows))
    assert first.verdict is Verdict.MET
    assert last.criterion.id == worst.id
    assert says(last, life.project.zone).endswith("14 rows are too few for an interval")


def test_a_newer_signature_moves_no_live_threshold_until_it_is_approved(at):
    stage = at("failing")
    served = live_verdicts(stage.life)[0]
    draft = stage.workspace.scoping.change(served.criterion.id, replace(served.criterion, threshold=0.01))
    stage.workspace.scoping.sign_criterion(draft.id)
    now = live_verdicts(stage.life)[0]
    assert (now.criterion.threshold, now.verdict) == (0.5, Verdict.NOT_MET)
    said = text(stage.open("performance", criterion=draft.id))
    assert "agreed at least 0.500: **not met**" in said
    assert f"{draft.key} version 2, agreed at least 0.010, is signed" in said


def test_open_case_opens_it_back_tests_it_and_leads_there(at):
    stage = at("failing")
    app = stage.open("performance")
    app.button(key="performance-open").click().run()
    case = stage.life.cases[0]
    assert case.criterion_id == live_verdicts(stage.life)[0].criterion.id
    assert [job.kind for job in stage.workspace.jobs.running()] == ["backtest"]


def test_an_alert_that_needs_no_case_is_closed_with_its_reason(at):
    stage = at("failing")
    app = stage.open("performance")
    app.radio(key="performance-reason").set_value(CloseReason.EXPECTED).run()
    app.button(key="performance-close").click().run()
    assert stage.life.alerts[0].closed_reason == "expected"
    assert primary(app) == "Replay the next four weeks"


def test_replay_asks_for_four_weeks_and_shows_the_job_where_it_was_asked_for(at):
    stage = at("serving")
    app = stage.open("performance")
    app.button(key="performance-replay").click().run()
    job = stage.workspace.jobs.running()[0]
    assert job.kind == "replay"
    assert (stage.life.replay.position.date().isoformat(), job.arguments["until"][:10]) == ("2024-04-20", "2024-05-18")
    assert app.button(key="performance-replay").disabled
    assert any(button.key == f"working-cancel-{job.id}" for button in app.button)


def test_a_replay_that_failed_says_why(at):
    stage = at("serving")
    app = stage.open("performance")
    app.button(key="performance-replay").click().run()
    stage.workspace.jobs.fail(stage.workspace.jobs.running()[0].id, "The scorer has not answered for a minute.")
    assert "The scorer has not answered for a minute" in text(stage.open("performance"))


def test_the_criterion_comes_from_the_address(at):
    stage = at("failing")
    auc = next(c for c in stage.life.criteria_in_force if c.metric == "roc_auc")
    app = stage.open("performance", criterion=auc.id)
    assert app.selectbox(key="performance-criterion").value == auc.id
    assert "ROC AUC" in app.dataframe[0].value.columns


def test_two_champions_stand_one_after_the_other_and_the_old_one_listens_on(at):
    stage = at("closed")
    recall = next(c for c in stage.life.criteria_in_force if c.metric == "recall")
    found = [
        (stage.life.version(h.version_id).number, h.champion, len(h.points)) for h in histories(stage.life, recall)
    ]
    assert found == [(1, True, 2), (2, True, 5), (1, False, 5)]
    figure = stage.open("performance", criterion=recall.id).get("plotly_chart")[0].proto.spec
    assert "late 1, shadow" in figure
    assert "late 2, champion" in figure


def test_blocks_are_counted_beside_rows_and_never_in_their_place(at):
    life = at("failing").life
    criterion = life.criteria_in_force[0]
    judged = life.judgements(criterion)
    by_day, by_row = (windows_table(judged, replace(criterion, block=block)) for block in ("day", "row"))
    assert by_day["blocks"].to_list() == [judgement.estimate.n_blocks for _, judgement in judged]
    assert by_row.columns == by_day.drop("blocks").columns
    assert by_row["rows"].to_list() == [window.predictions for window, _ in judged]


def test_estimates_without_labels_are_shown_when_they_are_asked_for(at):
    stage = at("failing")
    app = stage.open("performance")
    assert "without labels" not in text(app)
    app.toggle(key="performance-expected").set_value(True).run()
    newest = stage.life.judgements(live_verdicts(stage.life)[0].criterion)[-1][1].without_labels
    assert newest is not None
    assert expected_words(live_verdicts(stage.life)[0].criterion, newest) in text(app)


def test_a_dashed_line_leaves_a_gap_where_nothing_is_estimated(at):
    life = at("failing").life
    criterion = live_verdicts(life)[0].criterion
    judged = [
        (window, replace(judgement, without_labels=WithoutLabels(method="CBPE", estimate=estimate)))
        for (window, judgement), estimate in zip(
            life.judgements(criterion)[:2], (judgement_estimate(life), None), strict=True
        )
    ]
    line = Line(name="v", champion=True, series=0, points=judged)
    course = Course(criterion=criterion, zone=life.project.zone, lines=[line])
    names = [trace.name for trace in criterion_over_windows(course, "light").data]
    assert "estimated without labels" not in names
    drawn = criterion_over_windows(replace(course, without_labels=True), "light").data
    dashed = next(trace for trace in drawn if trace.name == "estimated without labels")
    assert list(dashed.y) == [judgement_estimate(life).value, None]
    assert dashed.line.dash == "dash"


def judgement_estimate(life):
    return live_verdicts(life)[0].judgement.estimate


def test_a_replay_ends_by_an_act_that_is_asked_for_twice_and_then_windows_have_a_schedule(at):
    stage = at("failing")
    app = stage.open("performance")
    app.button(key="performance-live").click().run()
    assert "cannot be taken up again" in text(app)
    app.button(key="performance-live-confirmed").click().run()
    assert stage.life.project.clock is None
    app = stage.open("performance")
    assert any("and is measured by itself on" in caption.value for caption in app.caption)
    assert not any("Replay" in button.label for button in app.button)


def test_what_the_endpoint_did_is_shown_on_request_and_a_window_of_an_earlier_release_is_said_to_have_kept_none(at):
    stage = at("failing")
    app = stage.open("performance")
    assert "Response time" not in text(app)
    app.toggle(key="performance-service").set_value(True).run()
    said = text(app)
    known = [window.service for window in stage.life.windows]
    assert all(known)
    assert all(
        title in said for title in ("Requests", "Failed, and dotted refused", "Response time", "Rows without a score")
    )
    storage = Storage.open(stage.workspace.settings)
    with storage.write() as records:
        for window in stage.life.windows:
            records.replace(replace(window, service=None))
    storage.close()
    st.cache_resource.clear()
    earlier = stage.open("performance")
    earlier.toggle(key="performance-service").set_value(True).run()
    assert "No window kept what the endpoint did" in text(earlier)


def test_change_detectors_are_shown_on_request_and_said_to_judge_nothing(at):
    app = at("failing").open("performance")
    assert "ADWIN" not in text(app)
    app.toggle(key="performance-detectors").set_value(True).run()
    said = text(app)
    assert all(f"**{name}** (" in said for name in ("ADWIN", "HDDM-A", "FHDDM"))
    assert "not verdicts" in said
