"""A gate is estimated beside what was realised; where it should not speak, it says why."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from core.frames.slice import Condition, Slice
from core.modelling.run import Feature
from core.monitoring.estimated.without_labels import Basis, beside_realised, without_labels
from core.monitoring.window import WindowJudgement, WithoutLabels
from core.scoping.criterion import Criterion, Role, Verdict
from core.scoping.project import TaskKind
from core.statistics.estimate import Estimate, Interval

NOW = datetime(2024, 5, 1, tzinfo=UTC)
FEATURES = (
    Feature(name="temp", kind="number", lower=-4.0, upper=4.0),
    Feature(name="origin", kind="category", levels=("EWR", "JFK")),
)
REALISED = Estimate(value=0.2, interval=Interval(lower=0.15, upper=0.25), n=1_000, n_blocks=10)


def _criterion(metric: str = "recall", **changes: object) -> Criterion:
    parameters = {"cut": 0.5} if metric in {"recall", "precision"} else {}
    asked = {"metric": metric, "parameters": parameters, "direction": ">=", "threshold": 0.3, **changes}
    return Criterion(id=metric, project_id="p", key="K1", created_at=NOW, **asked)  # type: ignore[arg-type]


def _rows(n: int, seed: int, *, shift: float = 0.0, days: int = 20) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    temp = np.clip(rng.normal(shift, 1, n), -4, 9)
    score = 1 / (1 + np.exp(-temp))
    return pl.DataFrame(
        {
            "temp": temp,
            "origin": rng.choice(["EWR", "JFK"], n),
            "score": score,
            "predicted": np.where(score > 0.5, "1", "0"),
            "label": (rng.random(n) < score).astype(float),
            "block": (np.arange(n) % days).astype(str),
        }
    )


def _basis(rows: pl.DataFrame, known: pl.DataFrame | None = None, kind: TaskKind = TaskKind.BINARY) -> Basis:
    return Basis(_rows(2_000, 0) if known is None else known, rows, FEATURES, kind)


def test_a_window_without_any_label_is_estimated() -> None:
    rows = _rows(1_000, 1).with_columns(label=pl.lit(None, pl.Float64))
    found = without_labels(_criterion(), _basis(rows), None, as_of=NOW)
    assert (found.method, found.reason, found.unexplained, found.explained) == ("CBPE", "", None, None)
    assert found.estimate is not None
    assert (found.estimate.n, found.estimate.n_blocks, found.estimate.as_of) == (1_000, 20, NOW)


def test_a_shift_inside_what_was_seen_weighs_the_hold_out() -> None:
    assert without_labels(_criterion(), _basis(_rows(1_000, 2, shift=1.0)), None, as_of=NOW).method == "PAPE"


def test_what_inputs_do_not_explain_is_realised_minus_estimated() -> None:
    found = without_labels(_criterion(), _basis(_rows(1_000, 3)), REALISED, as_of=NOW)
    assert found.estimate is not None
    assert found.unexplained is not None
    band, gap = found.estimate.interval, found.unexplained.interval
    assert band is not None
    assert gap is not None
    assert found.unexplained.value == pytest.approx(0.2 - found.estimate.value)
    assert (gap.lower, gap.upper) == pytest.approx((0.2 - band.upper, 0.2 - band.lower))
    assert found.explained is False


def test_the_difference_is_taken_on_rows_whose_label_is_known() -> None:
    rows = _rows(1_000, 4)
    high = rows.with_columns(label=pl.when(pl.col("temp") > 0).then("label"))
    found = without_labels(_criterion("share_gap"), _basis(high), REALISED, as_of=NOW)
    alone = without_labels(_criterion("share_gap"), _basis(high.drop_nulls("label")), REALISED, as_of=NOW)
    assert found.unexplained is not None
    assert found.unexplained.n == high["label"].is_not_null().sum()
    assert alone.estimate is not None
    # the same rows, though calibrated by weights there
    assert found.unexplained.value == pytest.approx(0.2 - alone.estimate.value, abs=0.02)


@pytest.mark.parametrize(
    ("rows", "known", "reason"),
    [
        (_rows(99, 5), None, "the window has 99 rows for it; an estimate takes at least 100."),
        (_rows(400, 5), _rows(299, 6), "the hold-out has 299 labelled rows in 20 blocks for it"),
        (_rows(400, 5), _rows(600, 6, days=4), "the hold-out has 600 labelled rows in 4 blocks for it"),
        (
            _rows(400, 5),
            _rows(600, 6).with_columns(label=(pl.int_range(pl.len()) < 19).cast(pl.Float64)),
            "only 19 hold-out rows turned out positive",
        ),
        (_rows(400, 5, shift=5.0), None, "temp leaves what training saw in"),
        (_rows(400, 5).with_columns(origin=pl.lit("LGA")), None, "origin leaves what training saw in 100 %"),
        (_rows(400, 5).with_columns(temp=pl.lit(3.9)), None, "the window's rows have no like in the hold-out"),
        (_rows(400, 5).with_columns(score=pl.lit(0.4)), None, ""),
    ],
)
def test_where_it_should_not_speak_it_says_why(rows: pl.DataFrame, known: pl.DataFrame | None, reason: str) -> None:
    found = without_labels(_criterion("precision"), _basis(rows, known), None, as_of=NOW)
    assert found.estimate is None
    assert found.reason.startswith(reason or "the model says yes to no row")


def test_a_slice_is_estimated_from_its_own_hold_out_rows() -> None:
    known = pl.concat([_rows(1_500, 7), _rows(1_500, 8).with_columns(origin=pl.lit("JFK"), label=pl.lit(0.0))])
    rows = _rows(1_000, 9)
    jfk, ewr = (
        without_labels(
            _criterion("share_gap", slice=Slice(conditions=(Condition(column="origin", operator="==", value=value),))),
            _basis(rows, known),
            None,
            as_of=NOW,
        ).estimate
        for value in ("JFK", "EWR")
    )
    assert jfk is not None
    assert ewr is not None
    assert jfk.value > 0.25
    assert abs(ewr.value) < 0.06


def test_the_share_predicted_right_and_the_absolute_error_are_estimated_too() -> None:
    rng = np.random.default_rng(10)

    def classes(seed: int) -> pl.DataFrame:
        rows = _rows(1_200, seed).with_columns(score=pl.max_horizontal("score", 1 - pl.col("score")))
        return rows.with_columns(
            predicted=pl.lit("a"), label=pl.Series(np.where(rng.random(1_200) < rows["score"].to_numpy(), "a", "b"))
        )

    right = without_labels(
        _criterion("correct_share"), _basis(classes(1), classes(2), TaskKind.MULTICLASS), None, as_of=NOW
    )
    assert right.estimate is not None
    assert right.estimate.interval is not None
    assert right.estimate.interval.contains(0.69)

    def numbers(seed: int) -> pl.DataFrame:
        return _rows(1_200, seed).with_columns(label=pl.col("score") + pl.Series(rng.normal(0, 1, 1_200)))

    basis = _basis(numbers(3), numbers(4), TaskKind.REGRESSION)
    error = without_labels(_criterion("mae"), basis, None, as_of=NOW)
    assert error.method == "DLE"
    assert error.estimate is not None
    assert error.estimate.interval is not None
    assert error.estimate.interval.contains(np.sqrt(2 / np.pi))
    assert without_labels(_criterion("bias"), basis, None, as_of=NOW).reason.startswith("the direction of an error")


def test_only_a_champions_gates_are_estimated_and_no_verdict_moves() -> None:
    gate, monitor, other = _criterion(), _criterion("roc_auc", role=Role.MONITOR), _criterion("share_gap")
    said = [
        WindowJudgement(
            criterion_id=criterion.id,
            criterion_hash="",
            model_version_id="v",
            variant=variant,
            estimate=REALISED,
            verdict=Verdict.NOT_MET,
        )
        for criterion, variant in ((gate, "champion"), (monitor, "champion"), (other, "shadow"))
    ]
    found = beside_realised(said, [gate, monitor, other], _basis(_rows(1_000, 11)), as_of=NOW)
    assert [one.without_labels is not None for one in found] == [True, False, False]
    assert isinstance(found[0].without_labels, WithoutLabels)
    assert {one.verdict for one in found} == {Verdict.NOT_MET}
    assert {one.estimate for one in found} == {REALISED}
