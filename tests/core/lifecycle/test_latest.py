"""The newest word on a criterion follows the project: runs, then the gate, then production."""

from dataclasses import replace
from datetime import UTC, datetime

from core.deployment.model_version import GateLine, GateResult, GateState
from core.lifecycle.latest import latest_word, latest_words, worst_criterion
from core.lifecycle.life import Life
from core.lifecycle.standing import Phase
from core.modelling.run import Evaluation, Run, RunState
from core.monitoring.window import Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Role, Verdict
from core.scoping.project import Project
from core.statistics.estimate import Estimate, Interval

AT = datetime(2024, 5, 6, tzinfo=UTC)


def criterion(key: str = "K1", role: Role = Role.GATE) -> Criterion:
    return Criterion(
        id=f"c-{key}",
        project_id="p",
        key=key,
        metric="recall",
        parameters={"cut": 0.5},
        direction=">=",
        threshold=0.3,
        role=role,
        created_at=AT,
    )


def estimate(value: float) -> Estimate:
    return Estimate(value=value, interval=Interval(lower=value - 0.05, upper=value + 0.05), n=100, n_blocks=20)


def run(name: str, value: float, model: str | None = "sha") -> Run:
    evaluation = Evaluation(metric="recall", parameters={"cut": 0.5}, criterion_id="c-K1", estimate=estimate(value))
    return Run(
        id=name,
        project_id="p",
        dataset_id="d",
        recipe=name,
        name=name,
        state=RunState.FINISHED,
        parameters={},
        evaluations=(evaluation,),
        model=model,
        created_at=AT,
    )


def gate(value: float, verdict: Verdict) -> GateResult:
    line = GateLine(criterion_id="c-K1", criterion_hash="", estimate=estimate(value), verdict=verdict)
    return GateResult(
        id="g", project_id="p", model_version_id="v", state=GateState.OPEN, lines=(line,), created_at=AT, created_on=AT
    )


def window(verdicts: dict[str, Verdict]) -> Window:
    judged = tuple(
        WindowJudgement(
            criterion_id=f"c-{key}",
            criterion_hash="",
            model_version_id="v",
            variant="champion",
            estimate=estimate(0.1),
            verdict=verdict,
        )
        for key, verdict in verdicts.items()
    )
    return Window(
        id="w",
        project_id="p",
        endpoint="p",
        starts=AT,
        ends=AT,
        state=WindowState.COMPLETE,
        predictions=100,
        labels=100,
        judgements=judged,
        created_at=AT,
    )


def life(*criteria: Criterion, **records: object) -> Life:
    project = Project(id="p", slug="p", name="p", created_at=AT)
    return Life(project=project, criteria=criteria or (criterion(),), **records)  # pyright: ignore[reportArgumentType]


def test_nothing_measured_is_not_applicable():
    word = latest_word(life(), criterion())
    assert (word.verdict, word.estimate, word.phase) == (Verdict.NOT_APPLICABLE, None, None)
    assert (word.view, word.record_id) == ("criterion", "c-K1")


def test_a_run_that_can_be_served_speaks_before_a_baseline():
    runs = (run("logistic", 0.5), run("majority", 0.0, model=None))
    word = latest_word(life(runs=runs), criterion())
    assert (word.record_id, word.verdict, word.phase) == ("logistic", Verdict.MET, Phase.MODELLING)


def test_the_gate_speaks_after_the_runs_and_production_after_the_gate():
    first = life(runs=(run("logistic", 0.5),), gates=(gate(0.4, Verdict.MET),))
    assert latest_word(first, criterion()).phase is Phase.DEPLOYMENT
    second = replace(first, windows=(window({"K1": Verdict.NOT_MET}),))
    word = latest_word(second, criterion())
    assert (word.phase, word.verdict, word.record_id) == (Phase.MONITORING, Verdict.NOT_MET, "w")


def test_the_worst_is_a_gate_that_is_not_met_and_never_a_monitor_before_it():
    criteria = (criterion("K1"), criterion("K2", Role.MONITOR), criterion("K3"))
    verdicts = {"K1": Verdict.MET, "K2": Verdict.NOT_MET, "K3": Verdict.NOT_MET}
    found = worst_criterion(life(*criteria, windows=(window(verdicts),)))
    assert found is not None
    assert found.key == "K3"
    assert [word.criterion.key for word in latest_words(life(*criteria))] == ["K1", "K2", "K3"]


def test_without_criteria_there_is_no_worst():
    project = Project(id="p", slug="p", name="p", created_at=AT)
    assert worst_criterion(Life(project=project)) is None
