"""A run: one execution of a training recipe, with what it measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.frames.slice import ALL_ROWS, Slice
from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate

LARGEST = 1e37
"""The largest number that a model reckons with: float32 ends soon above it, and differences still have to fit."""


class RunState(StrEnum):
    """Where a run or a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a model measured on one slice; ``criterion_id`` is ``None`` for a metric that nobody agreed on."""

    metric: str
    parameters: Mapping[str, Any]
    slice: Slice = ALL_ROWS
    criterion_id: str | None = None
    estimate: Estimate

    def answers(self, criterion: Criterion) -> bool:
        """Tell whether this is what a criterion demands to know.

        By what it demands, not by its id: a criterion signed again with another threshold has a new id, and the same
        figure still answers it; one with another cut or slice has not been measured.
        """
        mine = self.metric, dict(self.parameters), self.slice.hash
        return mine == (criterion.metric, dict(criterion.parameters), criterion.slice.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """An input of a model: how the wire names and types it, and what training saw of it.

    ``lower`` and ``upper`` are the training range of a numeric input; ``levels`` the categories seen in training.
    """

    name: str
    kind: str
    lower: float | None = None
    upper: float | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOrigin:
    """Where a run came from that other code trained: the logged run, its ONNX file, and how many scores differ.

    ``unlike`` counts the held-out rows to which the served file gives another score than was logged.
    """

    run_id: str
    file: str
    unlike: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Predictions that were given and could not be measured, because their ids are of no labelled row.

    ``rows`` of ``given`` predictions; ``examples`` are the first ids.
    """

    rows: int
    given: int
    examples: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say how many were left out, which, and what to do."""
        named = ", ".join(self.examples) + (" …" if self.rows > len(self.examples) else "")
        return (
            f"{self.rows:,} of {self.given:,} predictions were left out: no labelled row of the accepted dataset has "
            f"their id ({named}). If they belong there, predict the rows of that version and give the file again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One setting that a search tried and its mean loss over the folds; ``None`` where it could not be trained.

    ``losses`` are those of the folds, in their order.
    """

    parameters: Mapping[str, float]
    loss: float | None
    seconds: float
    losses: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The budget of a search, and what was tried: the first setting is the recipe's own.

    At most ``most`` settings within about ``seconds``, drawn by ``seed``; ``loss`` names what they were judged by.
    ``tested`` is how many rows a fold judges for each that it was trained on, where folds were drawn from independent
    rows; ``None`` where days follow one another, or rows of one block resemble each other.
    """

    most: int
    seconds: float
    seed: int = 0
    trials: tuple[Trial, ...] = ()
    folds: int = 0
    loss: str = ""
    tested: float | None = None

    @property
    def best(self) -> Trial | None:
        """Return the trial with the least loss, the earliest among equals; ``None`` where none could be trained."""
        told = [trial for trial in self.trials if trial.loss is not None]
        return min(told, key=lambda trial: trial.loss or 0.0) if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run and where its results lie (SHA-256 of artifacts).

    ``model`` is the ONNX file; ``predictions`` a Parquet table of the hold-out rows with every input, ``entity_id``,
    ``event_time``, ``block``, ``label``, ``score`` and ``predicted``; ``reference`` a Parquet table of the training
    rows' inputs with ``block``. ``parameters["cut"]`` is the score from which a binary model says yes. ``holdout_hash``
    is the fingerprint of the rows held out and their labels, ``None`` until it is known.
    """

    id: str
    project_id: str
    dataset_id: str
    recipe: str
    name: str
    state: RunState = RunState.QUEUED
    purpose: str = "development"
    parameters: Mapping[str, Any]
    train_from: datetime | None = None
    holdout_from: datetime | None = None
    train_rows: int = 0
    holdout_rows: int = 0
    holdout_blocks: int = 0
    holdout_hash: str | None = None
    evaluations: tuple[Evaluation, ...] = ()
    features: tuple[Feature, ...] = ()
    classes: tuple[str, ...] = ()
    model: str | None = None
    predictions: str | None = None
    reference: str | None = None
    importance: Mapping[str, float] | None = None
    seconds: float = 0.0
    error: str = ""
    case_id: str | None = None
    origin: LoggedOrigin | None = None
    search: Search | None = None
    left_out: LeftOut | None = None
    created_at: datetime
    created_on: datetime | None = None
    finished_at: datetime | None = None

    def evaluation(self, criterion_id: str) -> Evaluation | None:
        """Return what the run measured for a criterion, or ``None`` where it was not measured."""
        return next((e for e in self.evaluations if e.criterion_id == criterion_id), None)
