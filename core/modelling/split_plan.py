"""What training on a table would hold out, told before anybody trains."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from core.modelling.run import Run
from core.modelling.split import labelled_rows, split
from core.scoping.project import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPlan:
    """How many rows are trained on and held out; ``holdout_from`` is ``None`` where rows are drawn, not cut by time.

    ``unlabelled`` rows are left out of both.
    """

    train_rows: int
    holdout_rows: int
    unlabelled: int
    holdout_from: datetime | None = None


def plan_split(frame: pl.DataFrame, task: Task, *, zone: ZoneInfo) -> SplitPlan:
    """Return what training on ``frame`` would hold out by default.

    Raises
    ------
    InvalidInput
        The table does not fit the task, or is too small to be split.
    """
    rows = labelled_rows(frame, task, zone=zone)
    parts = split(rows, task, zone=zone)
    return SplitPlan(
        train_rows=parts.train.height,
        holdout_rows=parts.holdout.height,
        unlabelled=frame.height - rows.height,
        holdout_from=parts.holdout_from,
    )


def split_of(run: Run, *, rows: int) -> SplitPlan:
    """Return what a run held out of a table of ``rows``."""
    used = run.train_rows + run.holdout_rows
    return SplitPlan(
        train_rows=run.train_rows,
        holdout_rows=run.holdout_rows,
        unlabelled=max(rows - used, 0),
        holdout_from=run.holdout_from,
    )
