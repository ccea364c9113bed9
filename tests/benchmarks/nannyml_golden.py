"""Write what NannyML 0.13.1 says of part of its shipped data, for `tests/core/monitoring/test_estimated_nannyml.py`.

NannyML wants pandas below 3, so it runs in an environment of its own::

    python3.11 -m venv nannyml && nannyml/bin/pip install nannyml==0.13.1 'pandas<3' statsmodels
    NML_DISABLE_USAGE_LOGGING=1 PYTHONPATH=. nannyml/bin/python tests/benchmarks/nannyml_golden.py tests/golden/nannyml

Where the scores are calibrated well enough, NannyML leaves them as they are; ``employment_calibrated`` is the same data
with its calibrator at work all the same. Of the prices of cars, what its LightGBM expects of each row is kept too, and
our own direct loss estimation with that LightGBM is held against NannyML's figures here, where both can be imported.

The data (American Community Survey, employment in Massachusetts; synthetic credit cards and cars) are NannyML's, under
the Apache License 2.0, cut to the columns and rows that the test needs.
"""

import json
import sys
from pathlib import Path

import nannyml
import numpy as np
import pandas as pd
from lightgbm import LGBMRegressor
from nannyml.performance_estimation.confidence_based import cbpe

from core.monitoring.estimated.dle import expected_losses

SHIPPED = Path(nannyml.__file__).parent / "datasets" / "data"
METRICS = ["roc_auc", "f1", "precision", "recall", "specificity", "accuracy"]
CARDS = ["highstreet_card", "prepaid_card", "upmarket_card"]
CAR = ["car_age", "km_driven", "price_new", "accident_count", "door_count", "fuel", "transmission"]
KINDS = ["fuel", "transmission"]


def main(folder: Path) -> None:
    """Write the rows as Parquet and the figures as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = {"employment": _employment(folder), "cards": _cards(folder), "cars": _cars(folder)}
    cbpe.needs_calibration = lambda **_: True
    figures["employment_calibrated"] = _employment(folder)
    (folder / "figures.json").write_text(json.dumps(figures, indent=1))


def _employment(folder: Path) -> dict[str, object]:
    names = {"predicted_probability": "score", "prediction": "predicted", "employed": "label"}
    known = pd.read_parquet(SHIPPED / "employment_MA_reference.pq").rename(columns=names)[list(names.values())]
    later = pd.read_parquet(SHIPPED / "employment_MA_analysis.pq").rename(columns=names)
    known, later = known.iloc[::9], later[["score", "predicted"]].iloc[::35].iloc[:5_000]
    return _cbpe(
        folder / "employment.parquet", known, later, "classification_binary", y_pred_proba="score", y_pred="predicted"
    )


def _cards(folder: Path) -> dict[str, object]:
    names = {f"y_pred_proba_{c}": c for c in CARDS} | {"y_pred": "predicted", "y_true": "label"}
    known = pd.read_csv(SHIPPED / "mc_reference.csv").rename(columns=names)[list(names.values())].iloc[::12]
    later = pd.read_csv(SHIPPED / "mc_analysis.csv").rename(columns=names)[[*CARDS, "predicted"]].iloc[::20]
    scores = {c: c for c in CARDS}
    return _cbpe(
        folder / "cards.parquet", known, later, "classification_multiclass", y_pred_proba=scores, y_pred="predicted"
    )


def _cbpe(path: Path, known: pd.DataFrame, later: pd.DataFrame, problem: str, **columns: object) -> dict[str, object]:
    estimator = nannyml.CBPE(metrics=METRICS, y_true="label", problem_type=problem, chunk_size=1_000, **columns)
    estimator.fit(known.reset_index(drop=True))
    found = estimator.estimate(later.reset_index(drop=True)).filter(period="analysis").to_df()
    pd.concat([known, later]).to_parquet(path, compression="zstd", index=False)
    calibrated = {name: type(c).__name__ != "NoopCalibrator" for name, c in estimator._calibrators.items()}
    values = {metric: np.asarray(found[metric]["value"], dtype=float).tolist() for metric in METRICS}
    return {"calibrated": calibrated or bool(estimator.needs_calibration), "known": len(known), "values": values}


class _LightGbm(LGBMRegressor):
    """LightGBM's regressor as NannyML uses it: as it comes, told which columns are categories."""

    def fit(self, values: np.ndarray, losses: np.ndarray) -> "_LightGbm":
        return super().fit(_named(values), losses, categorical_feature=KINDS)

    def predict(self, values: np.ndarray) -> np.ndarray:
        return super().predict(_named(values))


def _named(values: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[*CAR, "y_pred"])


def _cars(folder: Path) -> dict[str, object]:
    known = pd.read_csv(SHIPPED / "regression_synthetic_reference.csv").iloc[::6].reset_index(drop=True)
    later = pd.read_csv(SHIPPED / "regression_synthetic_analysis.csv").iloc[::12].reset_index(drop=True)
    estimator = nannyml.DLE(CAR, "y_pred", "y_true", metrics=["mae", "rmse"], chunk_size=1_000)
    estimator.fit(known)
    found = estimator.estimate(later).filter(period="analysis").to_df()
    values = {metric: found[metric]["value"].astype(float).tolist() for metric in ("mae", "rmse")}
    numbers, misses = [_numbers(rows, known) for rows in (known, later)], (known["y_true"] - known["y_pred"]).to_numpy()
    expected = {
        name: expected_losses(numbers[0], losses, numbers[1], learner=_LightGbm)
        for name, losses in {"absolute": abs(misses), "squared": misses**2}.items()
    }
    chunks = {name: rows.reshape(-1, 1_000).mean(axis=1) for name, rows in expected.items()}
    np.testing.assert_allclose(chunks["absolute"], values["mae"], atol=1e-6, rtol=0)
    np.testing.assert_allclose(np.sqrt(chunks["squared"]), values["rmse"], atol=1e-6, rtol=0)
    models = [metric._dee_model for metric in estimator.metrics]
    table = _encoded(later, known)[[*CAR, "y_pred"]]
    rows = {name: model.predict(table) for name, model in zip(expected, models, strict=True)}
    pd.DataFrame(rows).to_parquet(folder / "cars.parquet", compression="zstd", index=False)
    return {"values": values}


def _encoded(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    codes = {name: sorted(known[name].unique()) for name in KINDS}
    return rows.assign(**{name: rows[name].map(codes[name].index).astype(float) + 1 for name in KINDS})


def _numbers(rows: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    return _encoded(rows, known)[[*CAR, "y_pred"]].to_numpy(dtype=float)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
