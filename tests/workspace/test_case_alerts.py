"""When a case closes, its alerts close with it; one whose own criterion is still not met does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.ids import new_id
from core.iteration.case import Case, CaseState
from core.monitoring.window import Alert, AlertState, Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict
from core.settings import Settings
from core.statistics.estimate import Estimate, Interval
from core.workspace.workspace import Workspace

START = datetime(2013, 4, 1, tzinfo=UTC)
LOW = Estimate(value=0.1, interval=Interval(lower=0.05, upper=0.2), n=100, n_blocks=14)


def judged(criterion: Criterion, verdict: Verdict) -> WindowJudgement:
    return WindowJudgement(
        criterion_id=criterion.id,
        criterion_hash=criterion.content_hash,
        model_version_id="m",
        variant="champion",
        estimate=LOW,
        verdict=verdict,
    )


@pytest.mark.parametrize(
    ("other_verdict", "state"), [(Verdict.NOT_MET, AlertState.SEEN), (Verdict.UNDECIDED, AlertState.CLOSED)]
)
def test_what_is_still_not_met_stays_open(settings: Settings, other_verdict: Verdict, state: AlertState):
    workspace = Workspace.open(settings)
    project = workspace.projects.begin("Flights")
    draft = Criterion(
        id="", project_id="", key="", metric="recall", parameters={}, direction=">=", threshold=0.3, created_at=START
    )
    own, other = workspace.scoping.agree(project.id, [draft, replace(draft, metric="roc_auc")])
    window = Window(
        id=new_id(),
        project_id=project.id,
        endpoint="flights",
        starts=START,
        ends=START + timedelta(days=14),
        state=WindowState.COMPLETE,
        predictions=100,
        labels=100,
        judgements=(judged(own, Verdict.MET), judged(other, other_verdict)),
        created_at=START,
    )
    case_id = new_id()
    alerts = [
        Alert(
            id=new_id(),
            project_id=project.id,
            criterion_id=criterion.id,
            window_id=window.id,
            model_version_id="m",
            state=AlertState.IN_CASE,
            onset=START,
            estimate=LOW,
            case_id=case_id,
            created_at=START,
        )
        for criterion in (own, other)
    ]
    case = Case(
        id=case_id,
        project_id=project.id,
        number=1,
        criterion_id=own.id,
        alert_id=alerts[0].id,
        opened_on=START,
        created_at=START,
    )
    with workspace._storage.write() as records:
        for record in (window, *alerts, case):
            records.add(record)
    assert workspace.iteration.accept_as_is(case.id, "It is fine.").state is CaseState.CLOSED_ACCEPTED
    after = {alert.criterion_id: alert for alert in workspace.thread.life(project.id).alerts}
    assert after[own.id].state is AlertState.CLOSED
    assert after[other.id].state is state
    assert (after[other.id].case_id is None) == (state is AlertState.SEEN)
