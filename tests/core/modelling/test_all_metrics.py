"""All metrics of a run: what fits its task, at its cut, each as the catalogue measures it."""

import polars as pl

from core.metrics import METRICS, measure
from core.modelling.all_metrics import every_metric
from core.modelling.evaluation import outcomes
from core.scoping.project import TaskKind
from tests.core.modelling.test_scores import binary


def test_each_is_what_a_criterion_would_measure_and_groups_are_asked_for() -> None:
    rows = binary(1).with_columns(origin=pl.Series(["a", "b"] * 1050))
    found = {one.metric.name: one for one in every_metric(rows, TaskKind.BINARY, cut=0.3)}
    fitting = {n for n, m in METRICS.items() if "binary" in m.task_kinds and m.needs == "labels"}
    assert set(found) == {name for name in fitting if "by" not in METRICS[name].parameters}
    assert found["f1"].estimate == measure("f1", {"cut": 0.3}, outcomes(rows, TaskKind.BINARY))
    grouped = {one.metric.name for one in every_metric(rows, TaskKind.BINARY, cut=0.3, by="origin") if one.estimate}
    assert grouped == fitting


def test_what_cannot_be_measured_says_why() -> None:
    rows = binary(2).with_columns(score=pl.col("score") * 5)
    found = {one.metric.name: one for one in every_metric(rows, TaskKind.BINARY, cut=0.3)}
    assert "beyond 0 and 1" in found["brier"].reason
    assert found["roc_auc"].estimate
