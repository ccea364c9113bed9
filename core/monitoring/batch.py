"""A batch: a file of rows that a model answered elsewhere, made ready for the prediction log."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.data.labels import label_texts
from core.deployment.model_version import ModelVersion
from core.errors import InvalidInput
from core.modelling.run import Feature
from core.modelling.split import event_times
from core.monitoring.shipped import INPUT_PREFIX
from core.scoping.project import Task, TaskKind

SCORE, PREDICTED, EVENT_TIME, ENTITY = "score", "predicted", "event_time", "entity_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Who answered the rows of a batch, and when they came: ``arrived`` is the time of rows that have none.

    ``request_id`` names the batch in the log.
    """

    version: ModelVersion
    revision: int
    request_id: str
    arrived: datetime


def batch_rows(frame: pl.DataFrame, task: Task, answered: Answered, *, zone: ZoneInfo) -> pl.DataFrame:
    """Return a batch as rows of the prediction log.

    Parameters
    ----------
    frame
        Every input of the version, and ``score``: the probability of the positive class, that of the likeliest class
        (then with ``predicted``), or the predicted number. Where they are there: the time of a row (under the
        project's name for it, or ``event_time``) and its key (likewise, or ``entity_id``).
    zone
        Where times without a zone are local, and days begin.

    Raises
    ------
    InvalidInput
        A column is missing or not readable, there are no rows, or a row lies in the future.
    """
    if frame.is_empty():
        raise InvalidInput("The file has no rows. Send a row an answer.")
    times = _times(frame, task, answered.arrived, zone)
    _all_in_the_past(times, answered.arrived)
    keys = next((label_texts(frame[name]) for name in (ENTITY, task.entity) if name in frame.columns), None)
    place = pl.int_range(frame.height, dtype=pl.Int64, eager=True)
    return pl.DataFrame(
        {
            "row": place,
            ENTITY: (f"{answered.request_id} " + place.cast(pl.String)) if keys is None else keys,
            EVENT_TIME: times,
            "day": times.dt.convert_time_zone(zone.key).dt.strftime("%Y-%m-%d"),
            SCORE: _scores(frame, task),
            PREDICTED: _predicted(frame, task, answered.version),
            **{INPUT_PREFIX + f.name: _input(frame, f) for f in answered.version.features},
        }
    ).with_columns(
        request_id=pl.lit(answered.request_id),
        variant=pl.lit("champion"),
        model_version_id=pl.lit(answered.version.id),
        deployment_revision=pl.lit(answered.revision, pl.Int64),
        answered_at=pl.lit(answered.arrived),
    )


def labels_in(frame: pl.DataFrame, rows: pl.DataFrame, task: Task) -> pl.DataFrame | None:
    """Return the labels that a batch brings, by the keys of its rows; ``None`` where it has none."""
    name = next((n for n in ("label", task.target) if n in frame.columns), None)
    if name is None or not frame[name].count():
        return None
    observed = {"observed_at": frame["observed_at"]} if "observed_at" in frame.columns else {}
    return pl.DataFrame({ENTITY: rows[ENTITY], "label": frame[name], **observed})


def _times(frame: pl.DataFrame, task: Task, arrived: datetime, zone: ZoneInfo) -> pl.Series:
    name = next((n for n in (EVENT_TIME, task.time) if n in frame.columns), None)
    if name is None:
        return pl.Series([arrived], dtype=pl.Datetime("us", "UTC")).new_from_index(0, frame.height)
    return frame.select(event_times(frame, name, zone).alias(EVENT_TIME))[EVENT_TIME]


def _all_in_the_past(times: pl.Series, arrived: datetime) -> None:
    if times.null_count():
        raise InvalidInput(f"{times.null_count():,} rows have no time. Fill it in, or leave the column out altogether.")
    if (times > arrived).any():
        raise InvalidInput(
            f"{int((times > arrived).sum()):,} rows lie after {arrived:%-d %b %Y}, where the project's clock stands. "
            "Send them when that time has come; a project whose replay is over goes live first."
        )


def _scores(frame: pl.DataFrame, task: Task) -> pl.Series:
    if SCORE not in frame.columns:
        raise InvalidInput("There is no column `score` that says what the model answered. Name it so.")
    scores = frame[SCORE].cast(pl.Float64, strict=False)
    if not scores.is_finite().fill_null(value=False).all():
        raise InvalidInput("`score` is not a number in every row. Send the rows that were answered.")
    if task.kind is not TaskKind.REGRESSION and not scores.is_between(0, 1).all():
        raise InvalidInput("`score` is to be a probability, from 0 to 1, in every row.")
    return scores


def _predicted(frame: pl.DataFrame, task: Task, version: ModelVersion) -> pl.Series:
    if task.kind is TaskKind.BINARY and version.cut is not None:
        says_yes = frame[SCORE].cast(pl.Float64) > version.cut
        return pl.Series([version.classes[int(yes)] for yes in says_yes], dtype=pl.String)
    if task.kind is TaskKind.REGRESSION:
        return pl.Series([None] * frame.height, dtype=pl.String)
    if PREDICTED not in frame.columns:
        raise InvalidInput("There is no column `predicted` that says which class the model chose. Name it so.")
    return label_texts(frame[PREDICTED])


def _input(frame: pl.DataFrame, feature: Feature) -> pl.Series:
    name = feature.name
    if name not in frame.columns:
        raise InvalidInput(f"There is no column `{name}`, which the model reads. Send every input.")
    if feature.kind != "number":
        return label_texts(frame[name])
    values = frame[name].cast(pl.Float64, strict=False)
    if values.null_count() > frame[name].null_count():
        raise InvalidInput(f"`{name}` holds text where the model reads a number. Leave unknown ones empty.")
    return values
