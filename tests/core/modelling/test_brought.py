"""Models that other code trained: whatever form their file has, the served one gives the code's own scores."""

import numpy as np
import onnx
import pandas as pd
import polars as pl
import pytest
from onnx import TensorProto, helper
from skl2onnx import to_onnx
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from core.errors import InvalidInput, RefusedFile
from core.modelling.brought import BroughtModel, Demand, bring, held_out
from core.modelling.onnx_model import OnnxModel
from core.modelling.preparation import input_columns
from core.scoping.project import Task, TaskKind

ROWS, HELD = 600, 300
COLUMNS = ("a", "b", "c")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    chance = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "a": chance.normal(size=ROWS).round(3),
            "b": chance.integers(0, 9, ROWS),
            "c": chance.choice(["x", "y"], ROWS),
        }
    )


@pytest.fixture(scope="module")
def yes(table: pd.DataFrame) -> np.ndarray:
    noise = np.random.default_rng(1).normal(size=ROWS) / 3
    return (table.a + table.b / 9 + (table.c == "x") + noise > 0.8).to_numpy()


def known(table: pd.DataFrame, label: pl.Series) -> pl.DataFrame:
    return pl.from_pandas(table).with_columns(
        entity_id=pl.int_range(ROWS).cast(pl.String),
        event_time=pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        block=pl.int_range(ROWS).cast(pl.String),
        label=label,
    )


def task(kind: TaskKind, positive: str | None = None, inputs: tuple[str, ...] = COLUMNS) -> Task:
    return Task(kind=kind, target="y", positive=positive, inputs=inputs, entity="id")


def preparing() -> ColumnTransformer:
    return ColumnTransformer([("numbers", StandardScaler(), ["a", "b"]), ("texts", OneHotEncoder(), ["c"])])


def brought(model: onnx.ModelProto, rows: pl.DataFrame, scores: np.ndarray, of: Task, classes: tuple[str, ...]):
    predicted = rows[HELD:].with_columns(score=pl.Series(scores, dtype=pl.Float64))
    cut = 0.5 if of.kind is TaskKind.BINARY else None
    parted = held_out(rows, predicted)
    return bring(model.SerializeToString(), parted, Demand(task=of, classes=classes, cut=cut, columns=of.inputs))


def serves(found: BroughtModel, rows: pl.DataFrame, scores: np.ndarray, cut: float | None = 0.5) -> None:
    """Check that the stored file alone gives the scores, from one row as from many."""
    trained = found.trained
    assert trained.onnx is not None
    model = OnnxModel.load(trained.onnx, features=trained.features, classes=trained.classes, cut=cut)
    given = model.score(input_columns(rows[HELD:], model.features)).score
    assert np.mean(np.abs(given - scores) > 1e-4) <= 0.05
    one = model.score({feature.name: [rows[HELD][feature.name][0]] for feature in model.features})
    assert one.score[0] == pytest.approx(given[0], abs=1e-6)


@pytest.mark.parametrize("estimator", [LogisticRegression(), RandomForestClassifier(20), GradientBoostingClassifier()])
@pytest.mark.parametrize("zipmap", [True, False])
@pytest.mark.parametrize(
    "names", [(0, 1), ("n", "y"), ("yes", "no"), (False, True), (-1, 1)], ids=lambda names: f"{names[0]}-{names[1]}"
)
def test_a_pipeline_of_scikit_learn_keeps_its_probabilities(
    table: pd.DataFrame, yes: np.ndarray, estimator: object, zipmap: bool, names: tuple[object, object]
) -> None:
    target = np.where(yes, names[1], names[0])
    model = make_pipeline(preparing(), estimator).fit(table[:HELD], target[:HELD])
    file = to_onnx(model, table[:1], options=None if zipmap else {id(model): {"zipmap": False}})
    scores = model.predict_proba(table[HELD:])[:, list(model.classes_).index(names[1])]
    texts = ("no", "yes") if names == ("yes", "no") else tuple(str(name) for name in names)
    if names == ("yes", "no"):  # what is looked for comes first in the alphabet
        texts = ("yes", "no")
    rows = known(table, pl.Series(yes.astype(float)))
    found = brought(file, rows, scores, task(TaskKind.BINARY, texts[1]), texts)
    assert found.trained.classes == texts
    assert found.unlike <= 0.05 * (ROWS - HELD)
    serves(found, rows, scores)


def test_classes_named_otherwise_than_in_the_data_are_matched_by_their_sign(table: pd.DataFrame, yes: np.ndarray):
    model = make_pipeline(preparing(), LogisticRegression()).fit(table[:HELD], yes[:HELD].astype(int))
    scores = model.predict_proba(table[HELD:])[:, 1]
    rows = known(table, pl.Series(yes.astype(float)))
    found = brought(to_onnx(model, table[:1]), rows, scores, task(TaskKind.BINARY, "late"), ("on time", "late"))
    assert found.unlike == 0
    serves(found, rows, scores)


def test_a_model_of_one_matrix_reads_the_columns_in_order(table: pd.DataFrame, yes: np.ndarray):
    numbers = table[["a", "b"]].to_numpy(np.float32)
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(numbers[:HELD], yes[:HELD].astype(int))
    scores = model.predict_proba(numbers[HELD:])[:, 1]
    file, rows = to_onnx(model, numbers[:1]), known(table, pl.Series(yes.astype(float)))
    found = brought(file, rows, scores, task(TaskKind.BINARY, "1", ("a", "b")), ("0", "1"))
    serves(found, rows, scores)
    with pytest.raises(InvalidInput, match=r"gives other scores than predictions.parquet in \d+ of 300 rows"):
        brought(file, rows, scores, task(TaskKind.BINARY, "1", ("b", "a")), ("0", "1"))
    with pytest.raises(InvalidInput, match="reads a table of 2 columns, and the project has 3 inputs"):
        brought(file, rows, scores, task(TaskKind.BINARY, "1"), ("0", "1"))


def test_many_classes_and_numbers_are_brought_too(table: pd.DataFrame, yes: np.ndarray):
    three = np.where(table.b > 5, "high", np.where(yes, "mid", "low"))
    model = make_pipeline(preparing(), LogisticRegression(max_iter=500)).fit(table[:HELD], three[:HELD])
    scores = model.predict_proba(table[HELD:]).max(axis=1)
    rows = known(table, pl.Series(three, dtype=pl.String))
    found = brought(to_onnx(model, table[:1]), rows, scores, task(TaskKind.MULTICLASS), ("high", "low", "mid"))
    assert found.trained.holdout["predicted"].to_list() == model.predict(table[HELD:]).tolist()
    serves(found, rows, scores, cut=None)

    amount = table.a * 3 + table.b
    line = make_pipeline(preparing(), LinearRegression()).fit(table[:HELD], amount[:HELD])
    rows = known(table, pl.Series(amount))
    found = brought(to_onnx(line, table[:1]), rows, line.predict(table[HELD:]), task(TaskKind.REGRESSION), ())
    assert found.unlike == 0
    serves(found, rows, line.predict(table[HELD:]), cut=None)


def test_a_network_with_one_probability_a_row_says_no_and_yes(table: pd.DataFrame, yes: np.ndarray):
    nodes = [
        helper.make_node("MatMul", ["X", "W"], ["z"]),
        helper.make_node("Sigmoid", ["z"], ["p"]),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 2])],
        [helper.make_tensor_value_info("p", TensorProto.FLOAT, [None, 1])],
        [helper.make_tensor("W", TensorProto.FLOAT, [2, 1], [1.0, 0.2])],
    )
    file = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    z = table.a[HELD:] + 0.2 * table.b[HELD:]
    rows = known(table, pl.Series(yes.astype(float)))
    scores = (1 / (1 + np.exp(-z))).to_numpy()
    found = brought(file, rows, scores, task(TaskKind.BINARY, "1", ("a", "b")), ("0", "1"))
    assert found.unlike == 0
    serves(found, rows, scores)


def test_what_cannot_be_served_says_why(table: pd.DataFrame, yes: np.ndarray):
    rows = known(table, pl.Series(yes.astype(float)))
    other = make_pipeline(preparing(), LogisticRegression()).fit(table[:HELD], yes[:HELD].astype(int))
    scores = other.predict_proba(table[HELD:])[:, 1]
    renamed = table.rename(columns={"a": "altitude"})
    stranger = make_pipeline(
        ColumnTransformer([("numbers", StandardScaler(), ["altitude", "b"])]), LogisticRegression()
    ).fit(renamed[:HELD], yes[:HELD].astype(int))
    with pytest.raises(InvalidInput, match="reads 'altitude', which is no input of this project"):
        brought(to_onnx(stranger, renamed[:1]), rows, scores, task(TaskKind.BINARY, "1"), ("0", "1"))
    with pytest.raises(InvalidInput, match="gives 2 scores a row, and the project has 3 classes"):
        brought(to_onnx(other, table[:1]), rows, scores, task(TaskKind.MULTICLASS), ("a", "b", "c"))
    with pytest.raises(InvalidInput, match="holds every row"):
        held_out(rows, rows)
    parted = held_out(rows, rows[HELD:].with_columns(score=pl.Series(scores)))
    demand = Demand(task=task(TaskKind.BINARY, "1"), classes=("0", "1"), cut=0.5, columns=COLUMNS)
    with pytest.raises(RefusedFile, match="pickled models are never opened"):
        bring(b"\x80\x05pickle", parted, demand)
