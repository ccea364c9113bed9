from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_wine

from core.deployment.parity import check_parity
from core.errors import InvalidInput
from core.modelling.evaluation import evaluate
from core.modelling.onnx_model import OnnxModel
from core.modelling.recipes import RECIPES, recipes_for
from core.modelling.split import labelled_rows, labels
from core.modelling.training import TrainedModel, train
from core.scoping.criterion import Criterion, Verdict, judge
from core.scoping.project import Task, TaskKind
from core.scoping.proposal import propose_criteria, suggested_cut

ZONE = ZoneInfo("UTC")
LOADERS = {
    TaskKind.BINARY: load_breast_cancer,
    TaskKind.MULTICLASS: load_wine,
    TaskKind.REGRESSION: load_diabetes,
}


def table(kind: TaskKind) -> tuple[pl.DataFrame, Task]:
    frame = pl.from_pandas(LOADERS[kind](as_frame=True).frame)
    inputs = tuple(name for name in frame.columns if name != "target")
    return frame, Task(kind=kind, target="target", inputs=inputs, positive="0" if kind is TaskKind.BINARY else None)


def proposals(frame: pl.DataFrame, task: Task) -> tuple[Criterion, ...]:
    return propose_criteria(labels(frame["target"], task), kind=task.kind)


def fitted(kind: TaskKind, recipe: str) -> tuple[TrainedModel, tuple[Criterion, ...]]:
    frame, task = table(kind)
    criteria = proposals(frame, task)
    cut = next((c.parameters["cut"] for c in criteria if "cut" in c.parameters), None)
    parameters = None if cut is None else {"cut": cut}
    return train(frame, task, RECIPES[recipe], zone=ZONE, parameters=parameters), criteria


@pytest.mark.parametrize(
    ("kind", "recipe"), [(kind, recipe.name) for kind in TaskKind for recipe in recipes_for(kind) if recipe.registrable]
)
def test_a_model_meets_what_is_proposed_and_its_file_repeats_it(kind: TaskKind, recipe: str) -> None:
    model, criteria = fitted(kind, recipe)
    verdicts = [judge(criteria[0], e.estimate).verdict for e in evaluate(model.holdout, criteria[:1], kind=kind)]
    assert verdicts == [Verdict.MET]
    assert model.onnx is not None
    served = OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=model.cut)
    parity = check_parity(served, model.holdout)
    assert parity.holds, parity
    assert parity.rows == model.holdout_rows
    assert parity.latency.n == 200


@pytest.mark.parametrize("kind", list(TaskKind))
def test_the_baseline_does_not_meet_what_is_proposed(kind: TaskKind) -> None:
    model, criteria = fitted(kind, recipes_for(kind)[0].name)
    measured = evaluate(model.holdout, criteria, kind=kind)
    assert model.onnx is None
    assert measured
    verdicts = [judge(c, e.estimate).verdict for c in criteria for e in measured if e.metric == c.metric]
    assert verdicts == [Verdict.NOT_MET] * len(measured)


@pytest.mark.parametrize("share", [0.001, 0.02, 0.24, 0.3, 0.37, 0.5, 0.63, 0.9, 0.96, 0.995])
def test_a_cut_lies_above_the_share_of_positives(share: float) -> None:
    assert share < suggested_cut(share) < 1


def test_rows_at_or_after_the_day_are_held_out_and_no_label_is_no_row() -> None:
    model = train(days(), DAYS_TASK, RECIPES["logistic"], zone=ZONE, holdout_from=datetime(2026, 1, 8, tzinfo=UTC))
    assert model.holdout["block"].unique().sort().to_list() == ["2026-01-08", "2026-01-09", "2026-01-10"]
    assert (model.train_rows, model.holdout_rows) == (7 * 24, 3 * 24 - 2)
    assert model.holdout["event_time"].is_sorted()
    assert set(model.reference.columns) == {"x", "place", "block"}


def test_by_default_the_last_third_of_the_time_is_held_out_at_a_midnight() -> None:
    model = train(days(), DAYS_TASK, RECIPES["logistic"], zone=ZoneInfo("America/New_York"))
    assert model.holdout_from is not None
    assert model.holdout_from.astimezone(ZoneInfo("America/New_York")).hour == 0
    assert 0.25 < model.holdout_rows / (model.holdout_rows + model.train_rows) < 0.4


def test_without_time_every_class_is_held_out_alike_and_twice_the_same() -> None:
    first, second = (fitted(TaskKind.MULTICLASS, "logistic")[0].holdout for _ in range(2))
    assert first.equals(second)
    counts = dict(first["label"].value_counts().iter_rows())
    assert counts == {"0": 18, "1": 21, "2": 14}


def test_rare_new_and_missing_levels_and_gaps_score_alike_in_both() -> None:
    frame = days().with_columns(
        x=pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise("x"),
        place=pl.when(pl.int_range(pl.len()) % 11 == 0).then(None).otherwise("place"),
    )
    model = train(frame, DAYS_TASK, RECIPES["boosting"], zone=ZONE)
    assert model.onnx is not None
    served = OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=model.cut)
    assert check_parity(served, model.holdout).holds
    odd = served.score({"x": [None, float("nan"), 1e300, 0.5], "place": ["Atlantis", None, "", "rare"]})
    assert np.isfinite(odd.score).all()
    assert odd.score[0] == served.score({"x": [None], "place": ["nowhere"]}).score[0]


def test_an_input_that_is_always_missing_or_always_the_same_does_no_harm() -> None:
    frame = days().with_columns(x=pl.lit(None, dtype=pl.Float64), place=pl.lit("one"), y=pl.lit(3.0))
    task = Task(kind=TaskKind.BINARY, target="late", inputs=("x", "place", "y"), time="at", positive="true")
    model = train(frame, task, RECIPES["logistic"], zone=ZONE)
    assert model.onnx is not None
    served = OnnxModel.load(model.onnx, features=model.features, classes=model.classes, cut=model.cut)
    assert check_parity(served, model.holdout).holds


def test_importance_finds_what_the_model_leans_on() -> None:
    model = train(days(), DAYS_TASK, RECIPES["logistic"], zone=ZONE)
    assert next(iter(model.importance)) == "x"
    assert model.importance["place"] < model.importance["x"] / 3


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"positive": "maybe"}, "choose which label"),
        ({"inputs": ()}, "at least one input"),
        ({"inputs": ("nothing",)}, "lacks the column 'nothing'"),
        ({"inputs": ("at",)}, "inputs are numbers or texts"),
        ({"time": "place"}, "column of dates or times"),
        ({"kind": TaskKind.REGRESSION}, "not for a regression"),
    ],
)
def test_what_cannot_be_trained_says_why(change: dict[str, object], words: str) -> None:
    task = Task(**{**{name: getattr(DAYS_TASK, name) for name in DAYS_TASK.__slots__}, **change})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=words):
        train(days(), task, RECIPES["logistic"], zone=ZONE)


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(InvalidInput, match="no parameter 'depth'"):
        train(days(), DAYS_TASK, RECIPES["logistic"], zone=ZONE, parameters={"depth": 3})


def test_times_without_a_zone_are_local() -> None:
    naive = days().with_columns(pl.col("at").dt.replace_time_zone(None))
    rows = labelled_rows(naive, DAYS_TASK, zone=ZoneInfo("America/New_York"))
    assert rows["event_time"][0] == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert rows["block"][0] == "2026-01-01"


DAYS_TASK = Task(kind=TaskKind.BINARY, target="late", inputs=("x", "place"), time="at", positive="true")


def days() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    rows = 10 * 24
    at = pl.datetime_range(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 10, 23, tzinfo=UTC), "1h", eager=True)
    x = rng.normal(size=rows)
    late = pl.Series(x + rng.normal(size=rows) > 0.5).to_frame("late").with_row_index()
    known = late.select(pl.when(pl.col("index") < rows - 2).then("late"))["late"]
    return pl.DataFrame({"at": at, "x": x, "place": rng.choice(["a", "b", "c"], size=rows), "late": known})
