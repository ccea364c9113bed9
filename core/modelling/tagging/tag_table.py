"""What the tags of an error review say: how common each sort of error is, and what mending it would bring."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.modelling.run import Feature
from core.modelling.slices.sides import plain_columns
from core.modelling.tagging.error_review import ErrorReview
from core.modelling.tagging.tag_condition import slice_said
from core.modelling.tagging.wrong_rows import Costs, known_rows
from core.statistics.estimate import Interval
from core.statistics.intervals import wilson


@dataclass(frozen=True, slots=True, kw_only=True)
class TagFigure:
    """One tag: ``errors`` of the errors looked at have it, a share with its Wilson interval.

    ``wrong`` of ``rows`` is the error rate among the rows that the tag says in words, ``None`` where it says none.
    ``gain`` is by how much the metric would be better if all errors of the tag were mended; ``None`` where no error
    that was looked at costs it anything.
    """

    tag: str
    errors: int
    share: float
    interval: Interval
    wrong: int | None = None
    rows: int | None = None
    gain: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TagTable:
    """The tags, the largest gain first; ``metric`` is what gains are in, ``value`` what it is now.

    ``looked_at`` of ``errors`` errors have tags; ``costing`` of them cost the metric something.
    """

    metric: str
    value: float
    errors: int
    looked_at: int
    costing: int
    tags: tuple[TagFigure, ...] = ()


def tag_table(
    review: ErrorReview,
    holdout: pl.DataFrame,
    features: Sequence[Feature],
    wrong: NDArray[np.bool_],
    cost: Costs,
) -> TagTable:
    """Count the tags of a review.

    Notes
    -----
    The gain is the ceiling of a tag (Ng, Machine Learning Yearning, 2018, chapters 14-20): its share of the errors
    times what errors take from the metric. Errors count by what they cost: ``sum of costs with the tag / sum of costs
    looked at``, a ratio estimate from a simple random sample, times the costs of all wrong rows. Of a recall only
    missed rows cost something. Tags of one error overlap, so gains do not add up.
    """
    looked = review.tagged
    each = np.array([cost.of_rows[one.row] for one in looked], dtype=np.float64)
    whole = float(cost.of_rows[wrong].sum())
    plain = plain_columns(holdout, features)
    figures: list[TagFigure] = []
    for tag in review.tags:
        has = np.array([tag in one.tags for one in looked], dtype=np.bool_)
        rate = _rate(tag, plain, features, wrong)
        figures.append(
            TagFigure(
                tag=tag,
                errors=int(has.sum()),
                share=float(has.mean()),
                interval=wilson(int(has.sum()), len(looked)),
                wrong=rate[0] if rate else None,
                rows=rate[1] if rate else None,
                gain=float(each[has].sum() / each.sum()) * whole if each.sum() > 0 else None,
            )
        )
    figures.sort(key=lambda one: (-(one.gain or 0.0), -one.errors, one.tag))
    return TagTable(
        metric=cost.metric,
        value=cost.value,
        errors=review.errors,
        looked_at=len(looked),
        costing=int((each > 0).sum()),
        tags=tuple(figures),
    )


def _rate(
    tag: str, plain: pl.DataFrame, features: Sequence[Feature], wrong: NDArray[np.bool_]
) -> tuple[int, int] | None:
    said = slice_said(tag, [feature for feature in features if feature.name in plain.columns])
    if said is None:
        return None
    inside = plain.select(said.expression().alias("in")).to_series().to_numpy() & known_rows(plain)
    return int((wrong & inside).sum()), int(inside.sum())
