"""What the criteria say of a window, and which of it is an alert."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import polars as pl

from core.deployment.model_version import ModelVersion
from core.ids import new_id
from core.metrics import METRICS, Outcomes, measure
from core.modelling.evaluation import outcomes
from core.modelling.run import Feature
from core.monitoring.service import ServiceSignals
from core.monitoring.window import Alert, AlertKind, Window, WindowJudgement
from core.scoping.criterion import Criterion, Role, Verdict, judge
from core.scoping.project import TaskKind
from core.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A version in a window: its rows as ``production_rows`` gives them."""

    version: ModelVersion
    variant: str
    rows: pl.DataFrame


def judge_window(
    criteria: Sequence[Criterion],
    watched: Sequence[Watched],
    *,
    kind: TaskKind,
    as_of: datetime,
    service: ServiceSignals | None = None,
) -> tuple[WindowJudgement, ...]:
    """Judge every version in a window by every criterion, those of requests by what the endpoint did."""
    return tuple(
        _judgement(criterion, one, _estimate(criterion, one, kind, as_of, service))
        for one in watched
        for criterion in criteria
        if one.variant == "champion" or METRICS[criterion.metric].needs == "labels"
    )


def _estimate(
    criterion: Criterion, watched: Watched, kind: TaskKind, as_of: datetime, service: ServiceSignals | None
) -> Estimate | None:
    if METRICS[criterion.metric].needs == "requests":
        return measured_on_requests(criterion, service, as_of=as_of)
    return measured(criterion, watched.rows, watched.version.features, kind=kind, as_of=as_of)


def _judgement(criterion: Criterion, watched: Watched, estimate: Estimate | None) -> WindowJudgement:
    judgement = judge(criterion, estimate, reason="" if estimate else "nothing to measure it on in this window")
    return WindowJudgement(
        criterion_id=criterion.id,
        criterion_hash=criterion.content_hash,
        model_version_id=watched.version.id,
        variant=watched.variant,
        estimate=estimate,
        verdict=judgement.verdict,
        reason=judgement.reason,
        blocks_to_decide=judgement.blocks_to_decide,
    )


def measured(
    criterion: Criterion, rows: pl.DataFrame, features: Sequence[Feature], *, kind: TaskKind, as_of: datetime
) -> Estimate | None:
    """Measure a criterion's metric on production rows; ``None`` where there is nothing to measure it on."""
    rows = criterion.slice.select(rows)
    needs = METRICS[criterion.metric].needs
    if needs == "labels":
        rows = rows.filter(pl.col("label").is_not_null())
    elif needs == "latency":
        # the rows of one request were answered together: it is one measurement
        # and rows that came in a batch were answered elsewhere: nobody here waited for them
        rows = rows.filter(pl.col("latency_ms").is_not_null())
        rows = rows.unique(subset="request_id", keep="first", maintain_order=True)
    if rows.is_empty():
        return None
    measured_rows = _latencies(rows) if needs == "latency" else outcomes(rows, kind, features)
    return measure(criterion.metric, criterion.parameters, measured_rows, as_of=as_of)


def measured_on_requests(criterion: Criterion, service: ServiceSignals | None, *, as_of: datetime) -> Estimate | None:
    """Measure a criterion's metric on the requests of a span; ``None`` where none came, or they were not counted."""
    if service is None or service.failed is None:
        return None
    failed = np.arange(service.asked) < service.failed
    return measure(criterion.metric, criterion.parameters, Outcomes(blocks=failed, failed=failed), as_of=as_of)


def _latencies(rows: pl.DataFrame) -> Outcomes:
    return Outcomes(blocks=rows["block"].to_numpy(), latency_ms=rows["latency_ms"].to_numpy())


def shares_outside(rows: pl.DataFrame, features: Sequence[Feature]) -> Mapping[str, float]:
    """Return the share of rows outside the training range, for each numeric input; a missing value is not outside."""
    ranged = [f for f in features if f.lower is not None and f.upper is not None and f.name in rows.columns]
    return {
        f.name: int(((rows[f.name] < f.lower) | (rows[f.name] > f.upper)).sum()) / max(rows.height, 1) for f in ranged
    }


def new_alerts(
    window: Window, criteria: Sequence[Criterion], open_alerts: Sequence[Alert], *, at: datetime
) -> tuple[Alert, ...]:
    """Return the alerts that a window raises: one an onset, so none where one is open for the criterion."""
    keys = {c.id: c.key for c in criteria}
    alarmed = {keys.get(alert.criterion_id) for alert in open_alerts if alert.kind is AlertKind.CRITERION}
    raised: list[Alert] = []
    for criterion in criteria:
        judgement = window.judgement(criterion.id)
        if judgement is None or judgement.estimate is None or judgement.verdict is not Verdict.NOT_MET:
            continue
        if criterion.role is Role.GATE and criterion.key not in alarmed:
            raised.append(
                Alert(
                    id=new_id(),
                    project_id=window.project_id,
                    criterion_id=criterion.id,
                    window_id=window.id,
                    model_version_id=judgement.model_version_id,
                    onset=window.ends,
                    estimate=judgement.estimate,
                    created_at=at,
                )
            )
    return tuple(raised)


def still_muted(alert: Alert, earlier: Sequence[Alert], *, on: datetime) -> Alert:
    """Return a new alert, muted where an earlier one on the same criterion is: a mute outlasts a short recovery."""
    mutes = [a for a in earlier if (a.kind, a.criterion_id) == (alert.kind, alert.criterion_id) and a.muted(on)]
    if not mutes:
        return alert
    return replace(alert, muted_until=mutes[-1].muted_until, mute_reason=mutes[-1].mute_reason)


def recovered(window: Window, open_alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """Return the open alerts whose criterion this window meets again; a window from before its onset closes none."""
    met = {j.criterion_id for j in window.judgements if j.variant == "champion" and j.verdict is Verdict.MET}
    before = [a for a in open_alerts if a.kind is AlertKind.CRITERION and a.onset <= window.ends]
    return tuple(a for a in before if a.criterion_id in met)
