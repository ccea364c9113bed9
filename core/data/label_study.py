"""A label study: how far annotators agree, where they do not, and how well one of them does what a model shall do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np

from core.data.annotations import Annotations, Layout
from core.data.human_level import Against, HumanLevel, human_level
from core.scoping.project import Task, TaskKind
from core.statistics.agreement import (
    Scale,
    cohen,
    confused,
    fleiss,
    krippendorff,
    raw_agreement,
)
from core.statistics.estimate import Estimate

_DISPUTED, _PAIRS, _GRADES, _CONFUSED = 50, 190, 20, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Cohen's kappa of two annotators over the ``items`` that both have labelled."""

    first: str
    second: str
    items: int
    kappa: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """An item that annotators disagree on: who said what, and the share of pairs of labels that agree."""

    item: str
    labels: Mapping[str, str]
    agreement: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFigures:
    """What a study measures.

    ``agreement`` holds ``raw``, ``fleiss`` and ``nominal``, ``ordinal`` or ``interval`` (Krippendorff's alpha) where
    they can be had; ``scale`` is the one that suits the labels. ``confusion`` counts the pairs of labels that met in an
    item, by ``confused`` (the commonest labels). ``note`` says what else a reader should know.
    """

    items: int
    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    scale: Scale
    agreement: Mapping[str, Estimate]
    pairs: tuple[Pair, ...] = ()
    confused: tuple[str, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    disputed: tuple[Disputed, ...] = ()
    human: tuple[HumanLevel, ...] = ()
    against: Against = "consensus"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelStudy:
    """One file of several annotators' labels, measured. ``source`` is its SHA-256, ``layout`` how it was understood."""

    id: str
    project_id: str
    dataset_id: str | None = None
    file_name: str
    source: str
    layout: Layout
    figures: StudyFigures
    created_by: str
    created_at: datetime
    created_on: datetime | None = None

    def human_level(self, metric: str, parameters: Mapping[str, float] | None = None) -> Estimate | None:
        """Return what annotators together reach in a metric, or ``None`` where labels do not tell.

        A label is a score of 0 or 1: every cut from 0 to below 1 reads it the same, and no other parameter is known.
        """
        if not all(name == "cut" and 0 <= value < 1 for name, value in (parameters or {}).items()):
            return None
        return next((h.estimate for h in self.figures.human if h.metric == metric and h.annotator is None), None)


def said_beside(figures: StudyFigures) -> tuple[tuple[float, ...], ...]:
    """Return how often (0-1) which label stands beside each label in one item: a row a label, one in all.

    Where one annotator says what the row says, another says what the column says in that share of their pairs.
    """
    pairs = np.array(figures.confusion, dtype=np.float64).reshape(len(figures.confused), len(figures.confused))
    ordered = pairs + np.diag(pairs.diagonal())  # who says the same is both the one and the other
    totals = ordered.sum(axis=1, keepdims=True)
    shares = np.divide(ordered, totals, out=np.zeros_like(ordered), where=totals > 0)
    return tuple(tuple(row) for row in shares.tolist())


def study(given: Annotations, task: Task | None = None) -> StudyFigures:
    """Measure agreement and the human level; ``task`` says what a model is to predict."""
    scale = _scale(given)
    kind = task.kind if task else TaskKind.REGRESSION if scale == "interval" else TaskKind.MULTICLASS
    human = human_level(given, kind, task.positive if task else None)
    shown = _commonest(given)
    repeated = f"{given.repeated:,} labels were given again; the last one counts. " if given.repeated else ""
    return StudyFigures(
        items=len(given.items),
        annotators=given.annotators,
        labels=given.labels if scale != "interval" else (),
        scale=scale,
        agreement=_agreement(given, scale),
        pairs=_pairs(given) if scale != "interval" else (),
        confused=tuple(given.labels[i] for i in shown) if scale != "interval" else (),
        confusion=_confusion(given, shown) if scale != "interval" else (),
        disputed=_disputed(given),
        human=human.levels,
        against=human.against,
        note=(repeated + human.note).strip(),
    )


def _scale(given: Annotations) -> Scale:
    values = given.ratings.values
    if values is None or len(values) <= 2:
        return "nominal"
    return "ordinal" if len(values) <= _GRADES and bool((values == values.round()).all()) else "interval"


def _agreement(given: Annotations, scale: Scale) -> dict[str, Estimate]:
    ratings = given.ratings
    if scale == "interval":
        found = {"interval": krippendorff(ratings, "interval")}
    else:
        found = {"raw": raw_agreement(ratings), "fleiss": fleiss(ratings), "nominal": krippendorff(ratings, "nominal")}
        if scale == "ordinal":
            found |= {kind: krippendorff(ratings, kind) for kind in ("ordinal", "interval")}
    return {name: estimate for name, estimate in found.items() if estimate is not None}


def _pairs(given: Annotations) -> tuple[Pair, ...]:
    known = given.ratings.codes >= 0
    shared = {(a, b): int((known[:, a] & known[:, b]).sum()) for a, b in combinations(range(len(given.annotators)), 2)}
    most = sorted((pair for pair in shared if shared[pair]), key=lambda pair: -shared[pair])[:_PAIRS]
    return tuple(
        Pair(
            first=given.annotators[a],
            second=given.annotators[b],
            items=shared[a, b],
            kappa=cohen(given.ratings, a, b),
        )
        for a, b in sorted(most)
    )


def _commonest(given: Annotations) -> list[int]:
    """Return the places of the labels that are shown, in the labels' own order."""
    totals = given.ratings.counts.sum(axis=0)
    return sorted(np.argsort(-totals, kind="stable")[:_CONFUSED].tolist())


def _confusion(given: Annotations, shown: list[int]) -> tuple[tuple[int, ...], ...]:
    met = confused(given.ratings)[np.ix_(shown, shown)]
    return tuple(tuple(int(count) for count in row) for row in met)


def _disputed(given: Annotations) -> tuple[Disputed, ...]:
    codes = given.ratings.codes
    rows = np.arange(len(codes))
    counts = np.zeros((len(codes), given.ratings.labels))
    for who in range(codes.shape[1]):
        known = codes[:, who] >= 0
        counts[rows[known], codes[known, who]] += 1
    n = counts.sum(axis=1)
    agree = (counts * (counts - 1)).sum(axis=1) / np.maximum(n * (n - 1), 1)
    at_odds = np.flatnonzero((n >= 2) & (agree < 1))
    first = at_odds[np.lexsort((at_odds, -n[at_odds], agree[at_odds]))][:_DISPUTED]
    return tuple(
        Disputed(
            item=given.items[i],
            labels={who: given.labels[c] for who, c in zip(given.annotators, codes[i], strict=True) if c >= 0},
            agreement=float(agree[i]),
        )
        for i in first.tolist()
    )
