from core.iteration.case import CaseState, Choice
from core.lifecycle.case_story import Happening, best_option, case_events, judged_options
from core.scoping.criterion import Verdict
from tests.dashboard.stages import primary, text
from tests.small_projects import carry_out


def test_no_alert_no_case(at):
    app = at("serving").open("cases")
    assert "**Nothing to deal with**" in text(app)
    assert "No alert yet" in text(app)


def test_an_alert_waits_for_a_case(at):
    app = at("failing").open("cases")
    assert "Open a case about it" in text(app)
    assert primary(app) == "Open case"
    assert list(app.dataframe[0].value["alert"]) == ["K1 Recall"]


def test_the_options_are_judged_by_the_cases_own_criterion(at):
    stage = at("opened")
    case = stage.life.cases[0]
    options = judged_options(stage.life, case.backtest)
    verdicts = {option.choice: option.result("K1")[2].verdict for option in options}
    assert verdicts[Choice.WAIT] is Verdict.NOT_MET
    assert verdicts[Choice.RETRAIN] is Verdict.MET
    assert best_option(options, stage.life.criterion(case.criterion_id)).result("K1")[1].value > 0.5
    assert f"**{best_option(options, stage.life.criterion(case.criterion_id)).choice}**" in text(stage.open("cases"))


def test_a_live_project_tries_its_options_on_what_its_newest_window_ends_with(at):
    stage = at("opened")
    case = stage.life.cases[0]
    assert stage.life.windows[-1].ends == stage.life.project.clock
    stage.workspace.replays.go_live(stage.life.project.id)
    job = carry_out(stage.workspace, stage.workspace.iteration.ask_backtest(case.id))
    assert job.error == ""
    assert stage.workspace.iteration.get(case.id).backtest == case.backtest
    app = stage.open("cases")
    app.selectbox(key=f"case-choice-{case.id}").set_value(Choice.RETRAIN)
    app.text_input(key=f"case-reason-{case.id}").set_value("The thermometer was moved.").run()
    app.button(key="case-decide-button").click().run()
    carry_out(stage.workspace, stage.workspace.jobs.running()[0])
    assert stage.life.cases[0].challenger_id is not None


def test_a_decision_needs_a_reason(at):
    stage = at("opened")
    app = stage.open("cases")
    app.button(key="case-decide-button").click().run()
    assert "Say in a sentence why" in text(app)
    assert stage.life.cases[0].state is CaseState.OPEN


def test_retrain_is_named_on_the_button_and_starts_its_job(at):
    stage = at("opened")
    case = stage.life.cases[0]
    app = stage.open("cases")
    app.selectbox(key=f"case-choice-{case.id}").set_value(Choice.RETRAIN)
    app.text_input(key=f"case-reason-{case.id}").set_value("The thermometer was moved.").run()
    assert primary(app) == "Retrain"
    app.button(key="case-decide-button").click().run()
    assert stage.life.cases[0].state is CaseState.ACTING
    assert "A challenger is being trained" in text(app)
    assert primary(app) is None


def test_a_threshold_is_recorded_and_the_page_says_that_it_is_not_carried_out(at):
    stage = at("opened")
    case = stage.life.cases[0]
    app = stage.open("cases")
    app.selectbox(key=f"case-choice-{case.id}").set_value(Choice.THRESHOLD).run()
    assert "moving the cut is yours to do" in text(app)
    assert primary(app) == "Decide"


def test_the_challenger_stands_beside_the_champion_and_is_approved_then_promoted(at):
    stage = at("challenged")
    app = stage.open("cases")
    assert "**late 2 beside late 1**" in text(app)
    assert primary(app) == "Approve"
    version = stage.life.versions[-1]
    if any(i.key == f"case-approve-reason-{version.id}" for i in app.text_input):
        app.button(key="case-approve").click().run()
        assert "A criterion is undecided" in text(app)
        app.text_input(key=f"case-approve-reason-{version.id}").set_value("It reads the new thermometer.").run()
    app.button(key="case-approve").click().run()
    assert stage.life.approved(version.id)
    assert primary(app) == "Promote"
    app.button(key="case-promote").click().run()
    assert stage.life.champion.id == version.id
    assert "Post-check **due 7 Jun 2024**" in text(app)
    assert primary(app) == "Replay the next four weeks"


def test_what_the_last_champion_missed_is_not_laid_to_the_new_one(at):
    stage = at("checking")
    assert "; **not measured yet**. Before it *late 1* served: Recall **0." in text(stage.open("thread"))
    said = text(stage.open("overview"))
    assert "Serving *late 2*, **not measured yet**; before it *late 1* served; recall **0." in said


def test_a_challenger_need_not_be_promoted(at):
    stage = at("challenged")
    case = stage.life.cases[0]
    stage.workspace.iteration.decide(case.id, Choice.WAIT, "The old thermometer is back.")
    assert stage.life.cases[0].state is CaseState.CHECKING


def test_a_second_retraining_forgets_the_first_challenger_until_it_has_its_own(at):
    stage = at("challenged")
    case = stage.life.cases[0]
    stage.workspace.iteration.decide(case.id, Choice.RETRAIN, "Once more, with newer rows.")
    again = stage.life.cases[0]
    assert (again.challenger_id, again.challenger_run_id, again.differences) == (None, None, ())
    carry_out(stage.workspace, stage.workspace.jobs.running()[0])
    assert stage.life.cases[0].challenger_id not in {None, case.challenger_id}


def test_a_case_that_met_its_criterion_again_says_beside_what(at):
    stage = at("closed")
    app = stage.open("cases")
    check = stage.life.post_checks[0]
    said = text(app)
    assert f"**{check.estimate.value:.3f} [" in said
    assert f"beside **{check.counterfactual.value:.3f} [" in said
    assert "Case 1 is closed" in said
    assert primary(app) is None


def test_the_story_of_a_case_is_told_in_event_time(at):
    stage = at("closed")
    told = [event.happening for event in case_events(stage.life, stage.life.cases[0])]
    assert told == [
        Happening.ALERT,
        Happening.OPENED,
        Happening.DECISION,
        Happening.TRAINED,
        Happening.APPROVAL,
        Happening.PROMOTION,
        Happening.POST_CHECK,
        Happening.CLOSED,
    ]


def test_a_post_check_to_come_is_told_too(at):
    stage = at("checking")
    last = case_events(stage.life, stage.life.cases[0])[-1]
    assert last.happening is Happening.DUE
    assert last.on.date().isoformat() == "2024-06-08"


def test_a_case_is_closed_by_hand_with_a_reason(at):
    stage = at("opened")
    case = stage.life.cases[0]
    app = stage.open("cases")
    app.button(key="cases-close").click().run()
    assert "Say in a sentence why it is acceptable" in text(app)
    app.text_input(key=f"cases-accept-{case.id}").set_value("The airport closes next week.").run()
    app.button(key="cases-close").click().run()
    assert stage.life.cases[0].state is CaseState.CLOSED_ACCEPTED
    assert "closed by hand" in text(app)
