"""The options of a case, weighed on rows that none of them has seen, and the decision between them."""

from collections.abc import Mapping

import streamlit as st

from core.errors import InvalidInput
from core.iteration.backtest import ADJUST_DAYS
from core.iteration.case import Backtest, Case, Choice, may_decide
from core.iteration.post_check import CHECK_AFTER_DAYS
from core.lifecycle.case_story import JudgedOption, Result, best_option, gain_of_retraining, judged_options
from core.lifecycle.life import Life
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import figure, resampled, shown, title
from dashboard.components.beside_fresh import gain_words
from dashboard.components.chart import how_computed
from dashboard.components.empty import problem
from dashboard.components.table import listing
from dashboard.components.working import at_work, failure, progress
from dashboard.vocabulary import state_of

_THEN: Mapping[Choice, str] = {
    Choice.WAIT: "Nothing changes; the criterion is looked at again after {weeks}.",
    Choice.THRESHOLD: "Fullcircle records this decision and looks again after {weeks}; moving the cut is yours to do.",
    Choice.RECALIBRATE: "Fullcircle records this decision and looks again after {weeks}; recalibrating is yours to do.",
    Choice.RETRAIN: "A job fits the same recipe on logged rows and judges it beside the champion; you approve or not.",
}


def options(life: Life, case: Case, criterion: Criterion, *, primary: bool) -> None:
    """Show what each choice would have done, and let a person decide where the case waits for it.

    ``primary`` tells whether deciding is what the case waits for first.
    """
    project = life.project
    job = at_work(project, "backtest")
    if case.backtest is not None:
        judged = judged_options(life, case.backtest)
        _table(judged, criterion)
        gain = gain_of_retraining(case.backtest, criterion)
        if gain is not None:
            st.markdown(f"A model retrained on the weeks before {gain_words(criterion, *gain)}.")
        if may_decide(case):
            _decide(case, judged, criterion, primary=primary)
        _foot(project, case, busy=job is not None)
    elif may_decide(case):
        st.markdown(":gray[Each option is tried on the newest labelled rows first, fitted on earlier ones only.]")
        _decide(case, (), criterion, primary=primary)
        _foot(project, case, busy=job is not None)
    if job is not None:
        progress(job.id)
    else:
        failure(project, "backtest")


def _table(judged: tuple[JudgedOption, ...], criterion: Criterion) -> None:
    criteria = {c.key: c for option in judged for c, _, _ in option.results}
    listing(
        [_row(option, criteria, criterion) for option in judged],
        alt="What each option would have done on the newest labelled rows",
    )


def _row(option: JudgedOption, criteria: Mapping[str, Criterion], about: Criterion) -> dict[str, str]:
    state = state_of(option.choice)
    row = {
        "Option": f"**:material/{state.icon}: {state.word}**",
        "What it is": f":small[{formats.escape(option.note)}]",
    }
    for key, criterion in sorted(criteria.items(), key=lambda item: (item[0] != about.key, item[0])):
        result = option.result(key)
        row[f"{key} {title(criterion)}"] = _cell(criterion, result, own=key == about.key)
    return row


def _cell(criterion: Criterion, result: Result | None, *, own: bool) -> str:
    if result is None:
        return formats.NOTHING
    _, estimate, judgement = result
    state, said = shown(criterion, judgement.verdict), figure(criterion, estimate).replace(", ", ",\N{NO-BREAK SPACE}")
    return f"**{said}** {state.badge}" if own else f"{said}\N{NO-BREAK SPACE}:{state.colour}[{state.mark}]"


def _decide(case: Case, judged: tuple[JudgedOption, ...], criterion: Criterion, *, primary: bool) -> None:
    offered = [option.choice for option in judged] or [Choice.WAIT, Choice.RETRAIN]
    best = best_option(judged, criterion)
    with st.container(horizontal=True, vertical_alignment="bottom", key="case-decide"):
        choice = st.selectbox(
            "Decision",
            offered,
            index=offered.index(best.choice) if best else 0,
            format_func=lambda one: state_of(one).word.capitalize(),
            key=f"case-choice-{case.id}",
            width=200,
        )
        reason = st.text_input(
            "Why",
            key=f"case-reason-{case.id}",
            placeholder="One sentence: whoever reads the case next year will want to know",
            width="stretch",
        )
        label = "Retrain" if choice is Choice.RETRAIN else "Decide"
        decided = st.button(
            label,
            type="primary" if primary else "secondary",
            icon=f":material/{state_of(choice).icon}:",
            key="case-decide-button",
        )
    weeks = formats.plural(CHECK_AFTER_DAYS[choice] // 7, "week")
    st.markdown(f":small[:gray[{_THEN[choice].format(weeks=weeks)}]]")
    if decided:
        try:
            session.workspace().iteration.decide(case.id, choice, reason or "")
        except InvalidInput as missing:
            problem(str(missing))
        else:
            st.rerun()


def _foot(project: Project, case: Case, *, busy: bool) -> None:
    with st.container(horizontal=True, horizontal_alignment="right", key="case-options-foot"):
        if may_decide(case):
            st.button(
                "Back-test again" if case.backtest else "Back-test the options",
                icon=":material/science:",
                key="case-backtest",
                disabled=busy,
                on_click=_ask,
                args=(case.id,),
            )
        if case.backtest:
            how_computed(_method(case.backtest, project), key="case-options")


def _ask(case_id: str) -> None:
    session.workspace().iteration.ask_backtest(case_id)


def _method(backtest: Backtest, project: Project) -> str:
    judged = formats.span(backtest.judged_from, backtest.judged_to, project.zone)
    fitted = formats.span(backtest.fitted_from, backtest.judged_from, project.zone)
    block = project.task.block if project.task else "row"
    return (
        f"All options are measured on the same {formats.plural(backtest.rows, 'labelled row')} of {judged}, which none "
        f"of them has seen. Retraining is fitted on {fitted}; the threshold and the recalibration on the last "
        f"{ADJUST_DAYS} days of that.\n\nIntervals are 95 %: {resampled(block)}. The verdict is "
        "that of the criterion as it was agreed, by the same judge as at the gate."
    )
