from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.lifecycle.course import course
from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.modelling.run import Evaluation, Run, RunState
from core.monitoring.window import Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict
from core.scoping.project import Project
from core.statistics.estimate import Estimate, Interval

NOW = datetime(2024, 1, 1, tzinfo=UTC)
HIGH = Estimate(value=0.8, interval=Interval(lower=0.7, upper=0.9), n=100, n_blocks=10)
LOW = Estimate(value=0.2, interval=Interval(lower=0.1, upper=0.25), n=100, n_blocks=10)
K1 = Criterion(
    id="k1", project_id="p", key="K1", metric="recall", parameters={}, direction=">=", threshold=0.5, created_at=NOW
)


def run(name: str, model: str | None) -> Run:
    measured = Evaluation(metric="recall", parameters={}, criterion_id="k1", estimate=HIGH)
    return Run(
        id=name,
        project_id="p",
        dataset_id="d",
        recipe=name,
        name=name,
        state=RunState.FINISHED,
        parameters={},
        evaluations=(measured,),
        model=model,
        created_at=NOW,
    )


def window(number: int) -> Window:
    said = WindowJudgement(
        criterion_id="k1",
        criterion_hash="",
        model_version_id="v",
        variant="champion",
        estimate=LOW,
        verdict=Verdict.NOT_MET,
    )
    return Window(
        id=f"w{number}",
        project_id="p",
        endpoint="e",
        starts=NOW + timedelta(days=7 * number),
        ends=NOW + timedelta(days=7 * number + 14),
        state=WindowState.COMPLETE,
        predictions=10,
        labels=10,
        judgements=(said,),
        created_at=NOW,
    )


def test_every_stage_is_told_in_its_order_over_all_versions_of_the_criterion():
    newer = replace(K1, id="k1b", version=2, threshold=0.1)
    life = Life(
        project=Project(id="p", slug="p", name="P", created_at=NOW),
        criteria=(replace(K1, superseded=True), newer),
        runs=(run("majority", None), run("logistic", "sha")),
        windows=(window(1), window(0)),
    )
    told = [(w.phase, w.record_id, w.verdict) for w in course(life, newer)]
    assert told == [
        (Phase.MODELLING, "logistic", Verdict.MET),
        (Phase.MONITORING, "w0", Verdict.NOT_MET),
        (Phase.MONITORING, "w1", Verdict.NOT_MET),
    ]


def test_nothing_measured_is_nothing_told():
    life = Life(project=Project(id="p", slug="p", name="P", created_at=NOW), criteria=(K1,))
    assert course(life, K1) == ()
