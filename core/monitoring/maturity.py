"""How complete the labels of a window are: some outcomes are known the same evening, others after weeks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import polars as pl
from scipy.stats import CensoredData, ecdf

from core.metrics import METRICS
from core.monitoring.window import WindowJudgement, WindowState
from core.scoping.criterion import Criterion, Verdict

_MOST_TO_COME = 0.05


def completeness(
    criteria: Sequence[Criterion], rows: pl.DataFrame, labels: pl.DataFrame, as_of: datetime
) -> WindowState:
    """Return whether a window's labels are complete: some are known, and at most one in twenty is still to come.

    A window that no criterion asks labels of is complete without them. ``rows`` and ``labels`` as in
    ``labels_to_come``; ``rows`` also has ``label``.
    """
    if not _of_labels(criteria):
        return WindowState.COMPLETE
    known, to_come = int(rows["label"].is_not_null().sum()), labels_to_come(rows, labels, as_of)
    enough = known > 0 and to_come <= _MOST_TO_COME * (known + to_come)
    return WindowState.COMPLETE if enough else WindowState.MATURING


def labels_to_come(rows: pl.DataFrame, labels: pl.DataFrame, as_of: datetime) -> float:
    """Return how many labels of these rows are still expected.

    The delays follow from the rows themselves: a labelled row has waited so long, one without a label at least as
    long as it is old (Kaplan and Meier 1958). A row that has waited ``a`` gets a label with the probability
    ``(S(a) - S(end)) / S(a)``; what takes longer than the oldest row has waited cannot be foreseen.

    Parameters
    ----------
    rows
        ``entity_id`` and ``event_time``, one row a prediction.
    labels
        ``entity_id`` and ``observed_at``, one row an entity.
    """
    waits = rows.join(labels.select("entity_id", "observed_at"), on="entity_id", how="left").select(
        known=pl.col("observed_at").is_not_null(),
        hours=((pl.col("observed_at").fill_null(as_of) - pl.col("event_time")).dt.total_seconds() / 3600).clip(0),
    )
    known, hours = waits["known"].to_numpy(), waits["hours"].to_numpy()
    if known.all() or not known.any():
        return 0.0
    staying = ecdf(CensoredData(uncensored=hours[known], right=hours[~known])).sf
    now = np.maximum(staying.evaluate(hours[~known]), staying.probabilities[-1])
    return float(((now - staying.probabilities[-1]) / np.where(now > 0, now, 1.0)).sum())


def held_back(
    judgements: Sequence[WindowJudgement], criteria: Sequence[Criterion], rows: pl.DataFrame
) -> tuple[WindowJudgement, ...]:
    """Return the judgements of a window whose labels still come: what needs labels is not decided yet.

    Early labels are no sample of all: an outcome that is known at once is often another one than what takes weeks.
    """
    waiting = {c.id for c in _of_labels(criteria)}
    reason = f"Labels are still coming: {rows['label'].count():,} of {rows.height:,} are known."
    return tuple(
        replace(j, verdict=Verdict.UNDECIDED, reason=reason)
        if j.criterion_id in waiting and j.verdict in {Verdict.MET, Verdict.NOT_MET}
        else j
        for j in judgements
    )


def _of_labels(criteria: Sequence[Criterion]) -> list[Criterion]:
    return [c for c in criteria if METRICS[c.metric].needs == "labels"]
