"""The rows of both sides as a metric reads them: what each turned out as, and in which group of like rows it lies."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.metrics import METRICS
from core.metrics.estimation import filled
from core.monitoring.hurting.masses import Masses, masses
from core.scoping.criterion import Criterion
from core.scoping.project import TaskKind
from core.statistics.blocks import Blocks, Codes, Floats, code_blocks
from core.statistics.calibration import group_edges, groups_of

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """One side's rows: ``outcomes`` (rows x classes; for a number: 1 and what it brings to the metric) and groups."""

    outcomes: Floats
    scores: Floats
    groups: Codes
    flagged: Bools
    blocks: Blocks

    def of(self, rows: Bools) -> "Grouped":
        """Return some of the rows, their blocks coded as in the whole."""
        return replace(
            self,
            outcomes=self.outcomes[rows],
            scores=self.scores[rows],
            groups=self.groups[rows],
            blocks=self.blocks.rows(rows),
        )

    def masses(self, weights: Floats) -> Masses:
        """Sum weights (rows x classes) by unit."""
        return masses(weights, self.scores, self.groups, self.flagged, self.blocks)

    def as_one_unit(self) -> "Grouped":
        """Return the rows with all blocks as one: what is summed is then the whole."""
        none = np.zeros(len(self.scores), dtype=np.intp)
        return replace(self, blocks=Blocks(codes=none, units=none, n_units=1))


def grouped(
    criterion: Criterion, sides: Sequence[pl.DataFrame], kind: TaskKind, *, exact: bool
) -> tuple[Grouped, Grouped]:
    """Return both sides; scores are groups of one where it is to be ``exact``, else of a hundredth of the rows each."""
    scores = [side["score"].cast(pl.Float64).to_numpy() for side in sides]
    outcomes, groups, flagged = _GROUPS[kind](criterion, sides, scores, exact)
    first, second = (
        Grouped(
            outcomes=outcomes[place],
            scores=scores[place],
            groups=groups[place],
            flagged=flagged,
            blocks=code_blocks(texts(side["block"])),
        )
        for place, side in enumerate(sides)
    )
    return first, second


def texts(values: pl.Series) -> NDArray[Any]:
    """Return values as an array of text."""
    return np.array(values.cast(pl.String).to_list(), dtype=object)


_Groups = tuple[list[Floats], list[Codes], Bools]


def _binary(criterion: Criterion, sides: Sequence[pl.DataFrame], scores: Sequence[Floats], exact: bool) -> _Groups:
    cut = filled(METRICS[criterion.metric], criterion.parameters).get("cut", 0.5)
    together = np.concatenate(scores)
    edges = np.unique(np.append(together, cut)) if exact else group_edges(together, cut)
    labels = [side["label"].cast(pl.Float64).to_numpy() for side in sides]
    outcomes = [np.column_stack([label != 1, label == 1]).astype(np.float64) for label in labels]
    return outcomes, [groups_of(score, edges) for score in scores], np.append(edges, np.inf) > cut


def _multiclass(criterion: Criterion, sides: Sequence[pl.DataFrame], scores: Sequence[Floats], exact: bool) -> _Groups:
    del criterion, scores, exact
    labels, predicted = ([texts(side[name]).tolist() for side in sides] for name in ("label", "predicted"))
    names = sorted({str(name) for column in (*labels, *predicted) for name in column})
    place = {name: number for number, name in enumerate(names)}

    def coded(columns: list[list[Any]]) -> list[Codes]:
        return [np.array([place[str(name)] for name in column], dtype=np.intp) for column in columns]

    one_hot = [np.eye(len(names))[codes] for codes in coded(labels)]
    return one_hot, coded(predicted), np.ones(len(names), dtype=np.bool_)


def _regression(criterion: Criterion, sides: Sequence[pl.DataFrame], scores: Sequence[Floats], exact: bool) -> _Groups:
    del exact
    misses = [score - side["label"].cast(pl.Float64).to_numpy() for side, score in zip(sides, scores, strict=True)]
    brought = [np.abs(miss) if criterion.metric == "mae" else miss for miss in misses]
    outcomes = [np.column_stack([np.ones(len(value)), value]) for value in brought]
    return outcomes, [np.zeros(len(value), dtype=np.intp) for value in brought], np.ones(1, dtype=np.bool_)


_GROUPS: Mapping[TaskKind, Callable[[Criterion, Sequence[pl.DataFrame], Sequence[Floats], bool], _Groups]] = {
    TaskKind.BINARY: _binary,
    TaskKind.MULTICLASS: _multiclass,
    TaskKind.REGRESSION: _regression,
}
