"""A file of predictions as what training leaves behind, but for the model: criteria judge both alike."""

import polars as pl

from core.errors import InvalidInput
from core.modelling.brought import Demand, HeldOut
from core.modelling.preparation import feature_of
from core.modelling.run import Feature
from core.modelling.tracking.predictions import left_out, scored_rows
from core.modelling.training import TrainedModel


def scores_only(predictions: pl.DataFrame, known: pl.DataFrame, demand: Demand, *, name: str) -> TrainedModel:
    """Return predicted rows of a dataset as a run without a model.

    Parameters
    ----------
    predictions
        As ``scored_rows`` reads them; several classes need the column ``predicted``.
    known
        Rows of the dataset as ``labelled_rows`` gives them.
    name
        The file, for what is said about it.

    Raises
    ------
    InvalidInput
        A column is missing or no number, an id comes twice or is not known, a label contradicts the dataset, or a
        score is no probability.
    """
    if predictions.is_empty():
        raise InvalidInput(f"{name} holds no row. Write one row for each row that was predicted.")
    rows = scored_rows(predictions, known, demand.task, name=name)
    holdout = _said(rows, demand, name=name)
    train = known.join(rows, on="entity_id", how="anti")
    parted = HeldOut(train=train, predicted=holdout)
    since = parted.from_time if train.height else None
    return TrainedModel(
        onnx=None,
        features=tuple(_feature(known[column]) for column in demand.columns),
        classes=demand.classes,
        holdout=holdout,
        reference=train.select(*demand.columns, "block"),
        importance={},
        train_rows=0,
        holdout_rows=holdout.height,
        train_from=None,
        holdout_from=since,
        seconds=0.0,
        parameters={} if demand.cut is None else {"cut": demand.cut},
        left_out=left_out(predictions, known, demand.task, name=name),
    )


def _said(rows: pl.DataFrame, demand: Demand, *, name: str) -> pl.DataFrame:
    """Return the rows with what they say, checked."""
    classes, score = demand.classes, pl.col("score")
    if not classes:
        return rows.with_columns(predicted=pl.lit(None, pl.String))
    _check_probabilities(rows, "the predicted class" if demand.cut is None else repr(classes[1]), name)
    if demand.cut is not None:
        said = pl.when(score > demand.cut).then(pl.lit(classes[1])).otherwise(pl.lit(classes[0]))
        return rows.with_columns(predicted=said)
    if "predicted" not in rows.columns or rows["predicted"].null_count():
        raise InvalidInput(f"{name} does not name the predicted class of every row. Write it in a column 'predicted'.")
    return rows


def _check_probabilities(rows: pl.DataFrame, of: str, name: str) -> None:
    beyond = int((~rows["score"].is_between(0, 1)).sum())
    if beyond:
        raise InvalidInput(
            f"{name} has scores beyond 0 and 1 in {beyond:,} of {rows.height:,} rows, which are no probabilities. "
            f"Write the probability of {of}."
        )


def _feature(values: pl.Series) -> Feature:
    return feature_of(values.cast(pl.Int8) if values.dtype == pl.Boolean else values)
