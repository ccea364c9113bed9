"""Of several runs, only what differs is told; what MLflow tags by itself is not."""

from core.modelling.tracking.differing import Difference, differing
from core.modelling.tracking.experiment import Lifecycle
from core.modelling.tracking.logged_run import InputDataset, LoggedRun, Point, Status


def run(number: int, params: dict[str, str], metrics: dict[str, float], digest: str = "d1") -> LoggedRun:
    return LoggedRun(
        id=str(number),
        experiment_id="1",
        name=f"run {number}",
        user="",
        status=Status.FINISHED,
        lifecycle=Lifecycle.ACTIVE,
        started_ms=number,
        params=params,
        metrics=[Point(name, value, 0) for name, value in metrics.items()],
        tags={"mlflow.runName": f"run {number}", "mlflow.source.git.commit": "abc", "team": "delays"},
        datasets=[InputDataset(name="flights", digest=digest, source_type="local", source="x")],
    )


FIRST = run(1, {"depth": "3", "seed": "1"}, {"auc": 0.7, "loss": 0.2})
SECOND = run(2, {"depth": "5", "seed": "1"}, {"auc": 0.7}, digest="d2")


def test_only_what_differs_is_told():
    assert differing([FIRST, SECOND]) == (
        Difference(sort="parameter", name="depth", values=("3", "5")),
        Difference(sort="dataset", name="flights", values=("d1", "d2")),
        Difference(sort="metric", name="loss", values=(0.2, None)),
    )


def test_runs_that_are_alike_and_one_alone_differ_in_nothing():
    assert differing([FIRST, FIRST]) == differing([FIRST]) == differing([]) == ()
