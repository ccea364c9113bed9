"""Predictions that training code logged with a run, held against the labels of a dataset that people accepted."""

import polars as pl

from core.data.labels import label_text, label_texts
from core.errors import InvalidInput
from core.modelling.run import LeftOut
from core.scoping.project import Task, TaskKind

FILE = "predictions.parquet"
"""Where a run keeps them: a row a held-out row, with its id, its score and, for many classes, the predicted class."""

_IDS = ("entity_id", "id")
_EXAMPLES = 3
_YES, _NO = ("1", "true"), ("0", "false")
_SCORES = ("score", "prediction", "y_score", "y_pred")


def scored_rows(predictions: pl.DataFrame, known: pl.DataFrame, task: Task, *, name: str = FILE) -> pl.DataFrame:
    """Return the rows of ``known`` that were predicted, with ``score`` and, where it was logged, ``predicted``.

    Parameters
    ----------
    predictions
        A column ``id`` (``entity_id``, or the project's own name), a column ``score``: the probability of the positive
        class, or the predicted number; optionally ``predicted`` and ``label``.
    known
        Rows of a dataset as ``labelled_rows`` gives them. The label that counts is theirs.
    name
        The file, for what is said about it.

    Raises
    ------
    InvalidInput
        A column is missing or no number, an id comes twice, no row is known, or a logged label contradicts the dataset.
    """
    rows = _read(predictions, task, name)
    _check_once(rows["entity_id"], name)
    found = known.join(rows, on="entity_id", how="inner", maintain_order="left")
    if found.is_empty():
        raise InvalidInput(f"No id of {name} is in the accepted dataset. Give {_ids(task)}.")
    said = found["logged"] if "logged" in found.columns else found["label"]
    if not said.equals(found["label"], null_equal=True):
        raise InvalidInput(f"{name} holds other labels than the accepted dataset. Predict the rows of that version.")
    return found.drop("logged", strict=False)


def left_out(predictions: pl.DataFrame, known: pl.DataFrame, task: Task, *, name: str = FILE) -> LeftOut | None:
    """Return what ``scored_rows`` does not measure, because its id is not known; ``None`` where all is.

    Raises
    ------
    InvalidInput
        A column is missing or no number.
    """
    ids = _read(predictions, task, name)["entity_id"]
    strange = ids.filter(~ids.is_in(known["entity_id"].implode()).fill_null(value=False))
    if strange.is_empty():
        return None
    examples = tuple(strange.head(_EXAMPLES).fill_null("no id").to_list())
    return LeftOut(rows=strange.len(), given=ids.len(), examples=examples)


def _check_once(ids: pl.Series, name: str) -> None:
    twice = ids.filter(ids.is_duplicated()).unique(maintain_order=True).fill_null("no id")
    if twice.is_empty():
        return
    named = ", ".join(twice.head(_EXAMPLES).to_list()) + (" …" if twice.len() > _EXAMPLES else "")
    raise InvalidInput(
        f"{name} holds {'an id' if twice.len() == 1 else f'{twice.len():,} ids'} more than once ({named}). Give one "
        "row for each row that was held out."
    )


def _read(predictions: pl.DataFrame, task: Task, file: str) -> pl.DataFrame:
    ids = _column(predictions, (*_IDS, *((task.entity,) if task.entity else ())), "which row is predicted", file)
    score = next((name for name in _SCORES if name in predictions.columns), None)
    if score is None and task.kind is not TaskKind.MULTICLASS:
        _column(predictions, _SCORES[:1], "what is predicted", file)
    unscored = pl.Series("score", [None], pl.Float64).new_from_index(0, predictions.height)
    read = [label_texts(predictions[ids]).alias("entity_id"), _numbers(predictions, score, file) if score else unscored]
    if "predicted" in predictions.columns:
        read.append(label_texts(predictions["predicted"]).alias("predicted"))
    if "label" in predictions.columns:
        read.append(_logged_labels(predictions["label"], task).alias("logged"))
    return pl.DataFrame(read)


def _logged_labels(values: pl.Series, task: Task) -> pl.Series:
    """Return logged labels as the dataset has them; code often writes 1 where the dataset has the positive class."""
    if task.kind is TaskKind.REGRESSION:
        return values.cast(pl.Float64, strict=False)
    texts, positive = label_texts(values), label_text(task.positive)
    if task.kind is TaskKind.MULTICLASS:
        return texts
    if positive in _NO:
        return texts.is_in(_NO).cast(pl.Float64)
    counted = positive in _YES or texts.is_in([*_YES, *_NO]).all()
    return (texts.is_in(_YES) if counted else texts == positive).cast(pl.Float64)


def _numbers(predictions: pl.DataFrame, name: str, file: str) -> pl.Series:
    numbers = predictions[name].cast(pl.Float64, strict=False)
    if not numbers.is_finite().fill_null(value=False).all():
        raise InvalidInput(f"The column {name!r} of {file} is not a finite number in every row. Give one for each row.")
    return numbers.alias("score")


def _ids(task: Task) -> str:
    return f"the ids of its column {task.entity!r}" if task.entity else "the places of its rows, the first being 0"


def _column(table: pl.DataFrame, names: tuple[str, ...], says: str, file: str) -> str:
    found = next((name for name in names if name in table.columns), None)
    if found is None:
        raise InvalidInput(f"{file} has no column {names[0]!r} that says {says}. Give it under that name.")
    return found
