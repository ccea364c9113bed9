"""What a run says against what happened, class by class, with the share of each and its interval."""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from core.metrics.estimation import estimated
from core.metrics.labelled import binary, classes
from core.metrics.share import share
from core.modelling.evaluation import outcomes
from core.scoping.project import TaskKind
from core.statistics.blocks import code_blocks

MOST_CLASSES = 10
"""More classes than this are too many to read: the rarest are put together."""

OTHERS = "others"
YES, NO = "yes", "no"


def confusion_table(holdout: pl.DataFrame, kind: TaskKind, cut: float = 0.5) -> pl.DataFrame:
    """Return ``label, predicted, rows, share, lower, upper`` for every two classes, the most common first.

    ``share`` is the part of the rows of a label that is predicted so (the diagonal: recall); its interval resamples
    blocks and is at least Wilson's.
    """
    found = outcomes(holdout, kind)
    label, predicted, known = _yes_or_no(holdout, cut) if kind is TaskKind.BINARY else _few(*classes(found))
    blocks = code_blocks(found.blocks)
    names = [YES, NO] if kind is TaskKind.BINARY else _by_size(label[known], predicted[known])
    cells: list[dict[str, Any]] = []
    for true in names:
        members = known & (label == true)
        for said in names:
            hits = members & (predicted == said)
            measured = share(hits, among=members, rows=members, blocks=blocks)
            estimate = measured and estimated(measured, blocks)
            interval = estimate.interval if estimate else None
            cells.append(
                {
                    "label": true,
                    "predicted": said,
                    "rows": int(hits.sum()),
                    "share": estimate.value if estimate else None,
                    "lower": interval.lower if interval else None,
                    "upper": interval.upper if interval else None,
                }
            )
    schema = {"label": pl.String, "predicted": pl.String, "rows": pl.Int64}
    return pl.DataFrame(cells, schema=schema | dict.fromkeys(("share", "lower", "upper"), pl.Float64))


_Classes = tuple[NDArray[Any], NDArray[Any], NDArray[np.bool_]]


def _yes_or_no(holdout: pl.DataFrame, cut: float) -> _Classes:
    positive, score, known = binary(outcomes(holdout, TaskKind.BINARY))
    return np.where(positive, YES, NO).astype(object), np.where(score > cut, YES, NO).astype(object), known


def _few(label: NDArray[Any], predicted: NDArray[Any], known: NDArray[np.bool_]) -> _Classes:
    names = _by_size(label[known], predicted[known])
    if len(names) <= MOST_CLASSES:
        return label, predicted, known
    kept = set(names[: MOST_CLASSES - 1])
    pooled = [np.array([v if v in kept else OTHERS for v in values], dtype=object) for values in (label, predicted)]
    return pooled[0], pooled[1], known


def _by_size(label: NDArray[Any], predicted: NDArray[Any]) -> list[str]:
    counts = pl.Series("label", label.tolist(), pl.String).value_counts(sort=True)
    common = counts.sort("count", "label", descending=[True, False])["label"].to_list()
    only_said = sorted(set(predicted.tolist()) - set(common))
    names = [*common, *only_said]
    return [name for name in names if name != OTHERS] + [OTHERS] * (OTHERS in names)
