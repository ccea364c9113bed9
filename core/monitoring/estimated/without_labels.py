"""What a window's criteria can be expected to say without its labels; or why nothing can be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.metrics import METRICS
from core.modelling.run import Feature
from core.monitoring.estimated.cbpe import Scored, Turned, expected_metric
from core.monitoring.estimated.dle import Inputs, Missed, expected_mae
from core.monitoring.estimated.expected import EXPECTED
from core.monitoring.estimated.overlap import Overlap, overlap
from core.monitoring.estimated.support import as_numbers, too_far, too_few
from core.monitoring.window import WindowJudgement, WithoutLabels
from core.scoping.criterion import Criterion, Role
from core.scoping.project import TaskKind
from core.statistics.blocks import Floats
from core.statistics.estimate import Estimate, Interval

MARGIN = 0.05
"""Sides whose rows are told apart by less than this above a half are alike: weights would only add noise."""

_WINDOW_ROWS = 20_000

_NOT_ESTIMATED: Mapping[str, str] = {
    "macro_recall": "the log keeps the probability of the predicted class, and this takes one for each class",
    "bias": "the direction of an error cannot be told from the inputs of a model that has learned from them",
}

_ESTIMATED: Mapping[TaskKind, frozenset[str]] = {
    TaskKind.BINARY: frozenset(EXPECTED),
    TaskKind.MULTICLASS: frozenset({"correct_share"}),
    TaskKind.REGRESSION: frozenset({"mae"}),
}


class Basis:
    """A version's labelled hold-out and a window of its production, as estimates without labels need them.

    ``known`` and ``rows`` have the inputs, ``score``, ``predicted``, ``label`` and ``block``.
    """

    def __init__(self, known: pl.DataFrame, rows: pl.DataFrame, features: Sequence[Feature], kind: TaskKind) -> None:
        answered = pl.col("score").cast(pl.Float64).is_finite()
        self.known = known.filter(answered & pl.col("label").is_not_null()).with_row_index("known_row")
        self.rows = rows.filter(answered)
        self.features = tuple(features)
        self.kind = kind

    @cached_property
    def overlap(self) -> Overlap:
        """Return what tells the hold-out from the window: learned once, for every criterion."""
        window = self.rows if self.rows.height <= _WINDOW_ROWS else self.rows.sample(_WINDOW_ROWS, seed=0)
        return overlap(
            as_numbers(self.known, self.features),
            as_numbers(window, self.features),
            _texts(self.known["block"]),
            _texts(window["block"]),
        )

    def weights(self, known: pl.DataFrame) -> Floats | None:
        """Return how much each of some hold-out rows counts; nothing where hold-out and window are alike."""
        return self.overlap.weights[known["known_row"].to_numpy()] if self.overlap.auc > 0.5 + MARGIN else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    criterion: Criterion
    basis: Basis
    known: pl.DataFrame

    def estimate(self, rows: pl.DataFrame) -> Estimate | None:
        """Estimate the criterion's metric on rows of the window."""
        weights = self.basis.weights(self.known)
        if self.basis.kind is TaskKind.REGRESSION:
            return expected_mae(_missed(self.known, self.basis.features, weights), _inputs(rows, self.basis.features))
        known = Turned(
            scores=_scores(self.known),
            blocks=_texts(self.known["block"]),
            positive=happened(self.known, self.basis.kind),
            weights=weights,
        )
        window = Scored(scores=_scores(rows), blocks=_texts(rows["block"]))
        return expected_metric(
            self.criterion.metric, known, window, cut=float(self.criterion.parameters.get("cut", 0.5))
        )


def beside_realised(
    judgements: Sequence[WindowJudgement], criteria: Sequence[Criterion], basis: Basis, *, as_of: datetime
) -> tuple[WindowJudgement, ...]:
    """Return the judgements; a champion's on a gate also says what was to be expected without labels.

    It judges nothing: only what the labels showed does.
    """
    gates = {c.id: c for c in criteria if c.role is Role.GATE and METRICS[c.metric].needs == "labels"}
    return tuple(
        replace(one, without_labels=without_labels(gates[one.criterion_id], basis, one.estimate, as_of=as_of))
        if one.variant == "champion" and one.criterion_id in gates
        else one
        for one in judgements
    )


def without_labels(criterion: Criterion, basis: Basis, realised: Estimate | None, *, as_of: datetime) -> WithoutLabels:
    """Estimate a criterion's metric on a window, or say why not.

    ``realised`` is what the labels that are known showed; the estimate of the same rows is then held against it.
    """
    if criterion.metric not in _ESTIMATED[basis.kind]:
        return WithoutLabels(reason=f"{_NOT_ESTIMATED.get(criterion.metric, 'no formula is known for this metric')}.")
    known, rows = criterion.slice.select(basis.known), criterion.slice.select(basis.rows)
    reason = too_few(known, rows, basis.kind) or too_far(rows, basis.features) or basis.overlap.refusal
    if reason:
        return WithoutLabels(reason=reason)
    asked = _Asked(criterion=criterion, basis=basis, known=known)
    found = asked.estimate(rows)
    if found is None:
        return WithoutLabels(reason="the model says yes to no row of the window: there is nothing to estimate.")
    labelled = rows.filter(pl.col("label").is_not_null())
    same = found if labelled.height == rows.height else None if labelled.is_empty() else asked.estimate(labelled)
    return WithoutLabels(
        method=_method(basis),
        estimate=replace(found, as_of=as_of),
        unexplained=_unexplained(realised, same),
    )


def happened(rows: pl.DataFrame, kind: TaskKind) -> NDArray[np.bool_]:
    """Return which labelled rows turned out as their score says the chance of: positive, or as predicted."""
    outcome = pl.col("label") == pl.col("predicted") if kind is TaskKind.MULTICLASS else pl.col("label") == 1
    return rows.select(outcome=outcome.fill_null(value=False))["outcome"].to_numpy()


def _unexplained(realised: Estimate | None, expected: Estimate | None) -> Estimate | None:
    """Return realised minus expected: its interval holds zero just where the expected band holds what was realised."""
    if realised is None or expected is None or expected.interval is None:
        return None
    band = expected.interval
    return Estimate(
        value=realised.value - expected.value,
        interval=Interval(lower=realised.value - band.upper, upper=realised.value - band.lower),
        n=expected.n,
        n_blocks=expected.n_blocks,
        as_of=realised.as_of,
    )


def _method(basis: Basis) -> str:
    if basis.kind is TaskKind.REGRESSION:
        return "DLE"
    return "PAPE" if basis.overlap.auc > 0.5 + MARGIN else "CBPE"


def _inputs(rows: pl.DataFrame, features: Sequence[Feature]) -> Inputs:
    values = np.column_stack([as_numbers(rows, features), _scores(rows)])
    return Inputs(values=values, blocks=_texts(rows["block"]))


def _missed(rows: pl.DataFrame, features: Sequence[Feature], weights: Floats | None) -> Missed:
    inputs = _inputs(rows, features)
    misses = _scores(rows) - rows["label"].cast(pl.Float64).to_numpy()
    return Missed(values=inputs.values, blocks=inputs.blocks, misses=misses, weights=weights)


def _scores(rows: pl.DataFrame) -> Floats:
    return rows["score"].cast(pl.Float64).to_numpy()


def _texts(values: pl.Series) -> NDArray[Any]:
    return np.array(values.cast(pl.String).to_list(), dtype=object)
