"""Where the loss of what served changed, row by row: by detectors of streams, on the rows whose label is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from core.data.labels import label_texts
from core.scoping.project import TaskKind
from core.statistics.blocks import Floats
from core.statistics.streaming import alarms


@dataclass(frozen=True, slots=True, kw_only=True)
class LossChanges:
    """The event times at which each detector marked a change, by its name, in ``rows`` rows with a label."""

    rows: int
    by_detector: Mapping[str, tuple[datetime, ...]]


def loss_changes(rows: pl.DataFrame, kind: TaskKind, *, span: float) -> LossChanges:
    """Run the detectors over production rows of the champion.

    Parameters
    ----------
    rows
        Rows as :func:`~core.monitoring.production.production_rows` returns them, in any order.
    span
        What a regression's errors are measured in, in the unit of the label: largest minus smallest in the hold-out.
    """
    known = rows.filter((pl.col("variant") == "champion") & pl.col("label").is_not_null() & pl.col("score").is_finite())
    known = known.sort("event_time", "entity_id")
    found = alarms(_loss(known, kind, span)) if known.height else {}
    times = known["event_time"]
    return LossChanges(
        rows=known.height, by_detector={name: tuple(times[place] for place in places) for name, places in found.items()}
    )


def _loss(rows: pl.DataFrame, kind: TaskKind, span: float) -> Floats:
    """Return 1 for a wrong class and 0 for a right one; of a regression the absolute error in parts of ``span``."""
    if kind is TaskKind.REGRESSION:
        missed = np.abs(rows["score"].to_numpy() - rows["label"].to_numpy())
        return np.clip(missed / span, 0.0, 1.0) if span > 0 else (missed > 0).astype(np.float64)
    return (rows["predicted"] != label_texts(rows["label_text"])).cast(pl.Float64).to_numpy()
