"""Criteria to begin with: what knowing nothing is worth, and a margin above it. A person changes and signs them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl

from core.errors import InvalidInput
from core.scoping.criterion import Criterion, Direction
from core.scoping.project import TaskKind

LATENCY_MS = 50.0
"""What a person does not notice in a page, with room for the network."""

_STEP = 0.05
_NO_TIME = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proposal:
    metric: str
    parameters: Mapping[str, float]
    direction: Direction
    threshold: float
    rationale: str


def propose_criteria(label: pl.Series, *, kind: TaskKind) -> tuple[Criterion, ...]:
    """Return two or three unsigned criteria that a decent model meets and the baseline does not.

    They are drafts: who adds them to a project gives them their ids, their time and the project's block.

    ``label`` is the target as ``core.modelling.split.labels`` gives it: 0 or 1, a number, or the class as text.

    Raises
    ------
    InvalidInput
        There is no label, or all labels are alike.
    """
    known = label.drop_nulls()
    if known.n_unique() < 2:
        raise InvalidInput("All labels are alike, so there is nothing to tell apart; choose another target.")
    makers = {TaskKind.BINARY: _binary, TaskKind.MULTICLASS: _multiclass, TaskKind.REGRESSION: _regression}
    return tuple(
        Criterion(
            id="",
            project_id="",
            key=f"K{number}",
            metric=proposal.metric,
            parameters=proposal.parameters,
            direction=proposal.direction,
            threshold=proposal.threshold,
            rationale=proposal.rationale,
            created_at=_NO_TIME,
        )
        for number, proposal in enumerate([*makers[kind](known), _latency()], start=1)
    )


def suggested_cut(share: float) -> float:
    """Return the score above which to say yes where a ``share`` of all rows is positive.

    It is 0.5 where the classes are about even, and near the share where yes is rare; always above the share, so that
    a model which gives every row the share finds nothing.
    """
    if 0.3 <= share < 0.45:
        return 0.5
    near = math.ceil(round((share + 0.03) / _STEP, 6)) * _STEP
    return round(near, 2) if near < 1 else round((1 + share) / 2, 4)


def _per_cent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _binary(label: pl.Series) -> list[_Proposal]:
    share = _mean(label)
    cut, wanted = suggested_cut(share), _between(share, 1.0, 0.1)
    return [
        _Proposal(
            metric="recall",
            parameters={"cut": cut},
            direction=">=",
            threshold=wanted,
            rationale=f"{_per_cent(share)} of the rows are positive: flagging as many at random finds that share.",
        ),
        _Proposal(
            metric="roc_auc",
            parameters={},
            direction=">=",
            threshold=0.65,
            rationale="A coin has 0.5: of a positive and a negative row it ranks the right one first half of the time.",
        ),
    ]


def _multiclass(label: pl.Series) -> list[_Proposal]:
    largest, classes = _mean(label == label.mode().sort()[0]), label.n_unique()
    return [
        _Proposal(
            metric="correct_share",
            parameters={},
            direction=">=",
            threshold=_between(largest, 1.0, 0.25),
            rationale=f"Always saying the commonest class is right for {_per_cent(largest)} of the rows.",
        ),
        _Proposal(
            metric="macro_recall",
            parameters={},
            direction=">=",
            threshold=_between(1 / classes, 1.0, 0.25),
            rationale=f"Always saying the same of {classes} classes finds {_per_cent(1 / classes)} a class on average.",
        ),
    ]


def _regression(label: pl.Series) -> list[_Proposal]:
    typical = _mean((label - _mean(label)).abs())
    return [
        _Proposal(
            metric="mae",
            parameters={},
            direction="<=",
            threshold=_two_digits(typical * 0.85),
            rationale=f"Always saying the mean is off by {typical:.3g} on average; ask for a seventh less.",
        )
    ]


def _latency() -> _Proposal:
    return _Proposal(
        metric="latency_p95",
        parameters={},
        direction="<=",
        threshold=LATENCY_MS,
        rationale="An answer within a twentieth of a second is not waited for.",
    )


def _between(baseline: float, best: float, way: float) -> float:
    """Return what lies ``way`` (0-1) of the way from ``baseline`` to ``best``, in steps of 0.05 where one fits."""
    target = baseline + (best - baseline) * way
    stepped = round(round(target / _STEP) * _STEP, 2)
    return stepped if baseline < stepped < best else round(target, 3)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _mean(values: pl.Series) -> float:
    return float(values.cast(pl.Float64).mean() or 0.0)  # pyright: ignore[reportArgumentType]
