from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import polars as pl
import pytest

from core.modelling.comparison import Word
from core.modelling.holdout import by_block, fingerprint
from core.modelling.ranking import estimate_for, held_out, judged_on, leading, ranked, registrable, rivals
from core.modelling.run import Evaluation, LoggedOrigin, Run
from core.modelling.score_groups import calibration
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.estimate import Estimate

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def criterion(metric="roc_auc", **parameters):
    return Criterion(
        id=f"c-{metric}",
        project_id="p",
        key="K1",
        metric=metric,
        parameters=parameters,
        direction=">=",
        threshold=0.6,
        created_at=NOW,
    )


def run(recipe, value, metric="roc_auc", **parameters):
    estimate = Estimate(value=value, n=100, n_blocks=10)
    found = Evaluation(metric=metric, parameters=parameters, criterion_id="old", estimate=estimate)
    return Run(
        id=recipe,
        project_id="p",
        dataset_id="d",
        recipe=recipe,
        name=recipe,
        parameters={},
        evaluations=(found,),
        model=None if recipe in {"majority", "mean"} else "sha",
        created_at=NOW,
    )


def test_a_figure_answers_a_criterion_that_demands_the_same_whatever_its_version():
    assert estimate_for(run("logistic", 0.7), replace(criterion(), id="newer", threshold=0.9)) is not None
    assert estimate_for(run("logistic", 0.7, "recall", cut=0.5), criterion("recall", cut=0.3)) is None


@pytest.mark.parametrize(
    ("metric", "values", "best"),
    [("roc_auc", (0.7, 0.8), "boosting"), ("mae", (3.0, 4.0), "logistic"), ("share_gap", (-0.1, 0.02), "boosting")],
)
def test_the_best_value_stands_first(metric, values, best):
    runs = [run("logistic", values[0], metric), run("boosting", values[1], metric)]
    assert ranked(runs, criterion(metric))[0].id == best


def said(word):
    return lambda left, right: SimpleNamespace(word=word)  # noqa: ARG005


def test_the_simpler_of_two_that_are_not_told_apart_leads():
    runs = [run("boosting", 0.71), run("logistic", 0.70)]
    assert leading(runs, said(Word.NO_DIFFERENCE)).id == "logistic"
    assert leading(runs, said(Word.WORSE)).id == "boosting"
    assert leading(runs, lambda left, right: None).id == "boosting"  # noqa: ARG005


def test_a_baseline_never_leads():
    baseline = run("majority", 0.99)
    assert not registrable(baseline)
    assert leading([baseline, run("logistic", 0.7)], said(Word.NO_DIFFERENCE)).id == "logistic"
    assert leading([baseline], said(Word.NO_DIFFERENCE)) is None


def holdout(label, score, predicted=None):
    return pl.DataFrame(
        {"block": ["a", "a", "b", "b"], "label": label, "score": score, "predicted": predicted or [None] * 4}
    )


def test_the_days_of_a_hold_out():
    rows = by_block(holdout([1.0, 0.0, 1.0, 1.0], [0.5, 0.1, 0.9, 0.7]), TaskKind.BINARY)
    assert rows["rows"].to_list() == [2, 2]
    assert rows["happened"].to_list() == [0.5, 1.0]
    assert rows["predicted"].to_list() == pytest.approx([0.3, 0.8])


def test_calibration_of_classes_is_whether_the_named_one_was_right():
    rows = calibration(
        holdout(["x", "y", "x", "y"], [0.9, 0.9, 0.6, 0.6], ["x", "y", "y", "x"]), TaskKind.MULTICLASS, bins=2
    )
    assert rows.select("predicted", "happened", "rows").rows() == [(0.6, 0.0, 2), (0.9, 1.0, 2)]


def test_equal_scores_share_a_group():
    rows = calibration(holdout([1.0, 0.0, 1.0, 0.0], [0.5] * 4), TaskKind.BINARY)
    assert rows.select("predicted", "happened", "rows").rows() == [(0.5, 0.5, 4)]


def test_a_hold_out_is_known_by_its_rows_and_labels_whatever_their_order():
    rows = pl.DataFrame({"entity_id": ["a", "b", None], "event_time": [NOW, NOW, None], "label": [1.0, 0.0, 1.0]})
    mark = fingerprint(rows)
    assert mark == fingerprint(rows.reverse().with_columns(score=0.5))
    others = [
        pl.col("entity_id").replace("b", "c"),
        pl.col("event_time").dt.offset_by("1s"),
        (1 - pl.col("label")).alias("label"),
    ]
    assert mark not in {fingerprint(rows.with_columns(other)) for other in [*others, pl.lit("a").alias("entity_id")]}
    older, newer = run("logistic", 0.7), run("boosting", 0.7)
    assert held_out(older) == held_out(newer)  # by day and number, as long as nobody took a fingerprint
    assert held_out(replace(older, holdout_hash=mark)) != held_out(replace(newer, holdout_hash="other"))


def test_different_runs_on_the_same_rows_are_counted():
    runs = [
        replace(run("boosting", 0.7), predictions=said, holdout_hash=rows) for said, rows in ("aA", "bA", "bA", "cB")
    ]
    assert [judged_on(runs, one) for one in runs] == [2, 2, 2, 1]
    assert judged_on([run("boosting", 0.7)], runs[0]) == 0  # not finished


def test_the_best_has_as_many_rivals_as_may_be_registered():
    assert rivals([run("boosting", 0.71), run("logistic", 0.7), run("linear", 0.7), run("majority", 0.5)]) == 2
    assert rivals([run("majority", 0.5)]) == 1


def test_nobody_knows_whether_the_run_of_other_code_is_simpler():
    brought = replace(run("logged", 0.71), origin=LoggedOrigin(run_id="r", file="model.onnx"))
    assert leading([brought, run("logistic", 0.70)], said(Word.NO_DIFFERENCE)) is brought
