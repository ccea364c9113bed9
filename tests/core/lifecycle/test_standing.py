from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.lifecycle.life import Life
from core.lifecycle.standing import Phase, PhaseState, standings, waiting
from core.lifecycle.thread import thread
from core.monitoring.window import Alert, AlertState, Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict
from core.scoping.project import Project
from core.statistics.estimate import Estimate, Interval

NOW = datetime(2024, 1, 1, tzinfo=UTC)
LOW = Estimate(value=0.2, interval=Interval(lower=0.1, upper=0.25), n=100, n_blocks=10)
K1 = Criterion(
    id="k1", project_id="p", key="K1", metric="recall", parameters={}, direction=">=", threshold=0.5, created_at=NOW
)
ALERT = Alert(
    id="a",
    project_id="p",
    criterion_id="k1",
    window_id="w1",
    model_version_id="v",
    onset=NOW + timedelta(days=14),
    estimate=LOW,
    created_at=NOW,
)


def window(number: int, verdict: Verdict) -> Window:
    said = WindowJudgement(
        criterion_id="k1", criterion_hash="", model_version_id="v", variant="champion", estimate=LOW, verdict=verdict
    )
    return Window(
        id=f"w{number}",
        project_id="p",
        endpoint="e",
        starts=NOW + timedelta(days=7 * number),
        ends=NOW + timedelta(days=7 * number + 7),
        state=WindowState.COMPLETE,
        predictions=10,
        labels=10,
        judgements=(said,),
        created_at=NOW,
    )


def life(alert: Alert) -> Life:
    windows = tuple(window(n, verdict) for n, verdict in enumerate((Verdict.MET, Verdict.NOT_MET, Verdict.MET)))
    return Life(
        project=Project(id="p", slug="p", name="P", created_at=NOW), criteria=(K1,), windows=windows, alerts=(alert,)
    )


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (AlertState.NEW, "Look at the alert on K1"),
        (AlertState.SEEN, "Open a case about K1"),
        (AlertState.IN_CASE, None),
        (AlertState.CLOSED, None),
    ],
)
def test_an_alert_waits_until_a_case_or_a_word_deals_with_it(state: AlertState, title: str | None) -> None:
    steps = waiting(life(replace(ALERT, state=state)))
    assert [(step.title, step.record_id) for step in steps if step.view == "alert"] == ([(title, "a")] if title else [])


def test_a_thread_tells_each_phase_in_the_order_of_its_days() -> None:
    told = [step.record_id for step in thread(life(ALERT), K1) if step.phase == "monitoring"]
    assert told == ["w0", "w1", "a", "w2"]


@pytest.mark.parametrize(
    ("verdict", "state"),
    [(Verdict.MET, PhaseState.FINE), (Verdict.UNDECIDED, PhaseState.ACTIVE), (Verdict.NOT_MET, PhaseState.ACT)],
)
def test_monitoring_that_decided_nothing_yet_is_not_fine(verdict: Verdict, state: PhaseState) -> None:
    lived = replace(life(ALERT), criteria=(replace(K1, signed_at=NOW),), windows=(window(0, verdict),))
    monitoring = next(standing for standing in standings(lived) if standing.phase is Phase.MONITORING)
    assert monitoring.state is state
