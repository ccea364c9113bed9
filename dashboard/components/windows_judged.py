"""The windows that a criterion judged, as rows of a table."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import polars as pl

from core.metrics import METRICS
from core.monitoring.window import Window, WindowJudgement, WindowState
from core.scoping.criterion import Criterion
from dashboard import formats
from dashboard.charts.agreement import figure, shown, title
from dashboard.vocabulary import State, state_of


def _standing(criterion: Criterion, window: Window, judgement: WindowJudgement) -> State:
    """Return the verdict, or that it waits for labels."""
    waits = METRICS[criterion.metric].needs == "labels" and window.state is WindowState.MATURING
    if not waits:
        return shown(criterion, judgement.verdict)
    known = formats.share(window.labels / max(window.predictions, 1))
    return state_of(window.state).saying(f"labels maturing ({known})")


def windows_table(
    judged: Sequence[tuple[Window, WindowJudgement]], criterion: Criterion, *, zone: ZoneInfo | None = None
) -> pl.DataFrame:
    """Return windows as rows of a table; blocks are counted where they are something else than rows."""
    rows = pl.DataFrame(
        {
            "window": [_which(w, zone) for w, _ in judged],
            title(criterion): [figure(criterion, j.estimate) for _, j in judged],
            "verdict": [[_standing(criterion, w, j).cell] for w, j in judged],
            "rows": [w.predictions for w, _ in judged],
            "labels": [w.labels for w, _ in judged],
            "blocks": [j.estimate.n_blocks if j.estimate else 0 for _, j in judged],
        }
    )
    return rows.drop("blocks") if criterion.block == "row" else rows


def _which(window: Window, zone: ZoneInfo | None) -> str:
    days = formats.window(window, zone)
    return f"{window.name}, {days}" if window.name else days
