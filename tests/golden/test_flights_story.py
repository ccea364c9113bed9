"""The flights story, told by the product's own code on the shipped data: verdicts of recall, not its figures."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from core.frames.slice import ALL_ROWS
from core.iteration.backtest import backtest, champion_of
from core.iteration.case import Choice
from core.modelling.comparison import Word, Yardstick, compare_runs
from core.modelling.evaluation import evaluation
from core.modelling.onnx_model import OnnxModel
from core.modelling.preparation import input_columns
from core.modelling.recipes import RECIPES
from core.modelling.run import Run
from core.modelling.split import labelled_rows
from core.modelling.training import TrainedModel, train
from core.scoping.criterion import Criterion, Verdict, judge
from core.scoping.project import Project, Task, TaskKind
from sample_data import ARRIVALS, FLIGHTS

ZONE = ZoneInfo("America/New_York")
KEYS = ("flight_id", "scheduled_at")


def local_day(month: int, day: int) -> datetime:
    return datetime(2013, month, day, tzinfo=ZONE).astimezone(UTC)


CRITERION = Criterion(
    id="k1",
    project_id="flights",
    key="K1",
    metric="recall",
    parameters={"cut": 0.3},
    slice=ALL_ROWS,
    direction=">=",
    threshold=0.3,
    created_at=local_day(2, 28),
)


@pytest.fixture(scope="module")
def flights() -> pl.DataFrame:
    frame = pl.read_parquet(FLIGHTS).join(pl.read_parquet(ARRIVALS), on="flight_id", how="left")
    return frame.filter(pl.col("scheduled_at") < local_day(7, 30))


@pytest.fixture(scope="module")
def task(flights: pl.DataFrame) -> Task:
    inputs = tuple(name for name in flights.columns if name not in (*KEYS, "late", "arrived_at"))
    return Task(
        kind=TaskKind.BINARY,
        target="late",
        inputs=inputs,
        time="scheduled_at",
        entity="flight_id",
        positive="true",
    )


@pytest.fixture(scope="module")
def champion(flights: pl.DataFrame, task: Task) -> TrainedModel:
    return trained(flights, task, "logistic", ("01-01", "03-01", "04-01"))


@pytest.fixture(scope="module")
def challenger(flights: pl.DataFrame, task: Task) -> TrainedModel:
    return trained(flights, task, "logistic", ("04-23", "06-18", "07-02"))


@pytest.fixture(scope="module")
def boosting(flights: pl.DataFrame, task: Task) -> TrainedModel:
    return trained(flights, task, "boosting", ("01-01", "03-01", "04-01"))


@pytest.fixture(scope="module")
def production(flights: pl.DataFrame, task: Task, champion: TrainedModel) -> pl.DataFrame:
    later = labelled_rows(between(flights, "04-01", "07-30"), task, zone=ZONE)
    return served(champion, later)


def test_the_champion_meets_recall_on_march(champion: TrainedModel) -> None:
    assert (champion.train_rows, champion.holdout_rows) == (50_009, 27_902)
    estimate, verdict = judged("March", champion.holdout)
    assert verdict is Verdict.MET
    assert estimate == pytest.approx(0.448, abs=0.005)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("04-02", "04-16", Verdict.UNDECIDED),
        ("04-09", "04-23", Verdict.UNDECIDED),
        ("04-16", "04-30", Verdict.NOT_MET),
        ("04-30", "05-14", Verdict.NOT_MET),
        ("06-18", "07-02", Verdict.NOT_MET),
    ],
)
def test_a_window_of_production_has_its_verdict(
    production: pl.DataFrame, starts: str, ends: str, expected: Verdict
) -> None:
    assert judged(f"{starts} to {ends}", between(production, starts, ends, time="event_time"))[1] is expected


def test_retraining_meets_recall_again_where_the_old_champion_does_not(
    production: pl.DataFrame, challenger: TrainedModel
) -> None:
    july = between(production, "07-02", "07-30", time="event_time")
    assert judged("July, champion", july)[1] is Verdict.NOT_MET
    estimate, verdict = judged("July, challenger", served(challenger, july))
    assert verdict is Verdict.MET
    assert estimate == pytest.approx(0.507, abs=0.01)


def test_boosting_ties_on_march_and_keeps_its_head_in_july(
    production: pl.DataFrame, champion: TrainedModel, boosting: TrainedModel
) -> None:
    found = compare_runs(champion.holdout, boosting.holdout, Yardstick(metric="roc_auc"), kind=TaskKind.BINARY)
    assert found is not None
    show("boosting less logistic, March:", found.difference)
    assert found.word is Word.NO_DIFFERENCE
    july = between(production, "07-02", "07-30", time="event_time")
    assert judged("July, boosting", served(boosting, july))[0] > 0.35


def test_the_case_is_best_served_by_retraining(production: pl.DataFrame, champion: TrainedModel, task: Task) -> None:
    project = Project(
        id="flights", slug="flights", name="Flights", task=task, time_zone=str(ZONE), created_at=local_day(1, 1)
    )
    run = Run(
        id="run",
        project_id="flights",
        dataset_id="dataset",
        recipe="logistic",
        name="logistic",
        parameters=champion.parameters,
        features=champion.features,
        classes=champion.classes,
        created_at=local_day(4, 1),
    )
    found = backtest(
        production,
        project=project,
        champion=champion_of(run, champion.holdout),
        criteria=[CRITERION],
        as_of=local_day(7, 2),
    )
    recall = {option.choice: option.evaluations[0].estimate.value for option in found.options}
    show([(option.choice.value, option.evaluations[0].estimate, option.note) for option in found.options])
    expected = {Choice.WAIT: 0.050, Choice.THRESHOLD: 0.233, Choice.RECALIBRATE: 0.348, Choice.RETRAIN: 0.580}
    assert recall == pytest.approx(expected, abs=0.01)


def trained(flights: pl.DataFrame, task: Task, recipe: str, days: tuple[str, str, str]) -> TrainedModel:
    starts, held_out, ends = days
    return train(
        between(flights, starts, ends),
        task,
        RECIPES[recipe],
        zone=ZONE,
        holdout_from=moment(held_out),
        parameters={"cut": 0.3},
    )


def served(model: TrainedModel, rows: pl.DataFrame) -> pl.DataFrame:
    assert model.onnx is not None
    served = OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=model.cut)
    scores = served.score(input_columns(rows, model.features))
    return rows.with_columns(score=scores.score, predicted=pl.Series(scores.predicted, dtype=pl.String))


def show(*parts: object) -> None:
    print(*parts)  # noqa: T201 - the story's figures, with pytest -s


def judged(what: str, rows: pl.DataFrame) -> tuple[float, Verdict]:
    found = evaluation(rows, CRITERION, kind=TaskKind.BINARY)
    assert found is not None
    assert found.estimate.interval is not None
    verdict = judge(CRITERION, found.estimate).verdict
    interval = found.estimate.interval
    show(f"{what}: {found.estimate.value:.3f} [{interval.lower:.3f}, {interval.upper:.3f}] {verdict.value}")
    return found.estimate.value, verdict


def between(frame: pl.DataFrame, starts: str, ends: str, *, time: str = "scheduled_at") -> pl.DataFrame:
    return frame.filter(pl.col(time).is_between(moment(starts), moment(ends), closed="left"))


def moment(month_and_day: str) -> datetime:
    month, day = map(int, month_and_day.split("-"))
    return local_day(month, day)
