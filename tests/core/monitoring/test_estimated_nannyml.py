"""CBPE and DLE say what NannyML 0.13.1 says of its data; `tests/benchmarks/nannyml_golden.py` wrote what it said."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from core.monitoring.estimated.dle import expected_losses
from core.monitoring.estimated.expected import EXPECTED, masses_of
from core.monitoring.estimated.multiclass import ClassScores, class_probabilities, expected_over_classes
from core.statistics.calibration import calibrate

FOLDER = Path(__file__).parents[2] / "golden" / "nannyml"
FIGURES: dict[str, Any] = json.loads((FOLDER / "figures.json").read_text())
CHUNK = 1_000


def _parts(name: str) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    rows, known = pl.read_parquet(FOLDER / f"{name}.parquet"), FIGURES[name]["known"]
    return rows[:known], [rows[start : start + CHUNK] for start in range(known, rows.height, CHUNK)]


@pytest.mark.parametrize("metric", sorted(FIGURES["employment"]["values"]))
@pytest.mark.parametrize(("said", "calibrated"), [("employment", False), ("employment_calibrated", True)])
def test_a_metric_of_two_classes_is_nannymls(metric: str, said: str, calibrated: bool) -> None:
    known, chunks = _parts("employment")
    assert FIGURES[said]["calibrated"] is calibrated
    learned = calibrate(known["score"].to_numpy(), known["label"].to_numpy())
    found = []
    for chunk in chunks:
        scores, flagged = chunk["score"].to_numpy(), chunk["predicted"].to_numpy() == 1
        chances = learned(scores) if calibrated else scores
        found.append(float(EXPECTED[metric](masses_of(chances, scores, flagged))))
    assert found == pytest.approx(FIGURES[said]["values"][metric], abs=1e-6)


@pytest.mark.parametrize("metric", sorted(FIGURES["cards"]["values"]))
def test_a_metric_over_classes_is_nannymls(metric: str) -> None:
    known, chunks = _parts("cards")
    calibrated = FIGURES["cards"]["calibrated"]
    classes = sorted(calibrated)
    label = known["label"].to_numpy()
    calibrators = [calibrate(known[c].to_numpy(), label == c) if calibrated[c] else None for c in classes]
    assert any(calibrators)
    found = []
    for chunk in chunks:
        window = ClassScores(
            classes=classes, scores=chunk.select(classes).to_numpy(), predicted=chunk["predicted"].to_numpy()
        )
        found.append(expected_over_classes(metric, window, class_probabilities(window.scores, calibrators)))
    # NannyML ranks rows of one score in no order of its own making; here they share what they have
    near = 2e-3 if metric == "roc_auc" else 1e-6
    assert found == pytest.approx(FIGURES["cards"]["values"][metric], abs=near)


class LightGbmOfNannyMl:
    """What NannyML's own trees expect of each row of the window: they cannot be fitted without LightGBM."""

    def __init__(self, loss: str) -> None:
        self._said = pl.read_parquet(FOLDER / "cars.parquet")[loss].to_numpy()

    def fit(self, *_: np.ndarray) -> "LightGbmOfNannyMl":
        return self

    def predict(self, _: np.ndarray) -> np.ndarray:
        return self._said


@pytest.mark.parametrize(("metric", "loss"), [("mae", "absolute"), ("rmse", "squared")])
def test_the_error_of_a_number_is_nannymls_with_its_trees(metric: str, loss: str) -> None:
    nothing = np.zeros((5_000, 1))
    expected = expected_losses(nothing, nothing[:, 0], nothing, learner=lambda: LightGbmOfNannyMl(loss))
    found = expected.reshape(-1, CHUNK).mean(axis=1)
    found = np.sqrt(found) if metric == "rmse" else found
    assert found == pytest.approx(FIGURES["cars"]["values"][metric], abs=1e-6)


def test_probabilities_of_the_classes_sum_to_one() -> None:
    rng = np.random.default_rng(0)
    scores = rng.dirichlet(np.ones(3), 400)
    labels = np.array([rng.choice(3, p=row) for row in scores])
    found = class_probabilities(scores, [calibrate(scores[:, k], labels == k) for k in range(3)])
    assert found.sum(axis=1) == pytest.approx(np.ones(400))
    assert class_probabilities(np.zeros((2, 3)), [None, None, None]) == pytest.approx(np.full((2, 3), 1 / 3))
