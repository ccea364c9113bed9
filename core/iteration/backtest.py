"""What would each choice of a case have done? Fitted on earlier rows, measured on the newest labelled ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars import col

from core.errors import InvalidInput
from core.iteration.case import Backtest, CaseOption, Choice
from core.metrics import metric_named
from core.modelling.comparison import differences
from core.modelling.evaluation import evaluate
from core.modelling.recipes import RECIPES
from core.modelling.run import Evaluation, Run
from core.modelling.training import fit
from core.monitoring.calendar import add_days
from core.scoping.criterion import Criterion
from core.scoping.project import Project, TaskKind

JUDGE_DAYS = 14
"""The newest days, which no option has seen."""

FIT_DAYS = 56
"""The days before them, on which a model is fitted again."""

ADJUST_DAYS = 28
"""The last of these days set a cut or a calibration: two numbers need few rows, and old rows only blur them."""

_EDGE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Champion:
    """The model that a case is about: its run, and the share of rows that it flagged on its hold-out."""

    run: Run
    flagged_share: float | None = None

    @property
    def cut(self) -> float | None:
        """Return the score above which the model says yes; ``None`` for what is not binary."""
        cut = self.run.parameters.get("cut")
        return None if cut is None else float(cut)


def champion_of(run: Run, holdout: pl.DataFrame) -> Champion:
    """Return the champion with the share of its hold-out that it flagged."""
    cut = run.parameters.get("cut")
    share = None if cut is None or holdout.is_empty() else float((holdout["score"] > float(cut)).mean())  # pyright: ignore[reportArgumentType]
    return Champion(run=run, flagged_share=share)


def backtest(
    rows: pl.DataFrame, *, project: Project, champion: Champion, criteria: Sequence[Criterion], as_of: datetime
) -> Backtest:
    """Measure every choice on the 14 local days before ``as_of``; fit those that are fitted on the 8 weeks before.

    ``rows`` are the champion's logged rows whose label is known at ``as_of``: every input, ``entity_id, event_time,
    block, label, score`` and ``predicted``.

    Raises
    ------
    InvalidInput
        There are no labelled rows in those 14 days.
    """
    kind = _kind(project)
    span = _Span.ending(as_of, project.zone)
    known = rows.filter(col("label").is_not_null() & (col("event_time") < span.judged_to))
    judged = known.filter(col("event_time") >= span.judged_from)
    earlier = known.filter((col("event_time") >= span.fitted_from) & (col("event_time") < span.judged_from))
    if judged.is_empty():
        raise InvalidInput(
            f"No row of the last {JUDGE_DAYS} days has a label yet; wait for labels, then compare again."
        )
    bench = _Bench(
        judged=judged,
        earlier=earlier,
        recent=earlier.filter(col("event_time") >= span.adjusted_from),
        champion=champion,
        kind=kind,
        measure=lambda frame, asked: evaluate(frame, asked, kind=kind, as_of=as_of),
    )
    return Backtest(
        fitted_from=span.fitted_from,
        judged_from=span.judged_from,
        judged_to=span.judged_to,
        rows=len(judged),
        options=_options(bench, criteria, project),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    fitted_from: datetime
    adjusted_from: datetime
    judged_from: datetime
    judged_to: datetime

    @classmethod
    def ending(cls, as_of: datetime, zone: ZoneInfo) -> "_Span":
        def back(days: int) -> datetime:
            return add_days(as_of, -days, zone).astimezone(UTC)

        return cls(
            fitted_from=back(JUDGE_DAYS + FIT_DAYS),
            adjusted_from=back(JUDGE_DAYS + ADJUST_DAYS),
            judged_from=back(JUDGE_DAYS),
            judged_to=back(0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    judged: pl.DataFrame
    earlier: pl.DataFrame
    recent: pl.DataFrame
    champion: Champion
    kind: TaskKind
    measure: Callable[[pl.DataFrame, Sequence[Criterion]], tuple[Evaluation, ...]]


def _options(bench: _Bench, criteria: Sequence[Criterion], project: Project) -> tuple[CaseOption, ...]:
    wait = CaseOption(
        choice=Choice.WAIT, evaluations=bench.measure(bench.judged, criteria), note="The champion as it serves."
    )
    adjusted = (_threshold(bench, criteria), _recalibrate(bench, criteria)) if bench.kind is TaskKind.BINARY else ()
    return (wait, *adjusted, _retrain(bench, criteria, project))


def _threshold(bench: _Bench, criteria: Sequence[Criterion]) -> CaseOption:
    cut, share = bench.champion.cut, bench.champion.flagged_share
    if bench.recent.is_empty() or cut is None or share is None:
        return CaseOption(choice=Choice.THRESHOLD, evaluations=(), note="Too few labelled rows to set a cut on.")
    moved = float(np.quantile(bench.recent["score"].to_numpy(), 1 - share))
    asked = [replace(c, parameters=_with_cut(c.parameters, cut, moved)) for c in criteria]
    flagged = f"{100 * share:.1f} % of the last {ADJUST_DAYS} days"
    note = f"Cut {moved:.3f} instead of {cut:g}: flags {flagged}, as on the hold-out."
    return CaseOption(choice=Choice.THRESHOLD, evaluations=bench.measure(bench.judged, asked), note=note)


def _with_cut(parameters: Mapping[str, float], cut: float, moved: float) -> dict[str, float]:
    # a criterion at another cut than the model's own is about another decision: it stays
    return {name: moved if name == "cut" and value == cut else value for name, value in parameters.items()}


def _recalibrate(bench: _Bench, criteria: Sequence[Criterion]) -> CaseOption:
    if bench.recent["label"].n_unique() < 2:
        return CaseOption(choice=Choice.RECALIBRATE, evaluations=(), note="Too few labelled rows to recalibrate on.")
    from sklearn.linear_model import LogisticRegression

    calibration = LogisticRegression(C=1e6).fit(_logit(bench.recent), bench.recent["label"].to_numpy())
    score = calibration.predict_proba(_logit(bench.judged))[:, 1]
    slope, shift = float(calibration.coef_[0, 0]), float(calibration.intercept_[0])
    sign = "plus" if shift >= 0 else "less"
    note = f"Log-odds times {slope:.2f} {sign} {abs(shift):.2f}, fitted on the last {ADJUST_DAYS} days before."
    judged = bench.judged.with_columns(score=score)
    return CaseOption(choice=Choice.RECALIBRATE, evaluations=bench.measure(judged, criteria), note=note)


def _logit(frame: pl.DataFrame) -> NDArray[np.float64]:
    score = frame["score"].to_numpy().clip(_EDGE, 1 - _EDGE)
    return np.log(score / (1 - score)).reshape(-1, 1)


def _retrain(bench: _Bench, criteria: Sequence[Criterion], project: Project) -> CaseOption:
    run = bench.champion.run
    inputs = project.task.inputs if project.task else ()
    try:
        fitted = fit(bench.earlier, RECIPES[run.recipe], inputs=inputs, classes=run.classes, parameters=run.parameters)
    except InvalidInput as reason:
        return CaseOption(choice=Choice.RETRAIN, evaluations=(), note=str(reason))
    judged = fitted.scored(bench.judged)
    days = f" of the {bench.earlier['block'].n_unique():,} days" if project.task and project.task.block == "day" else ""
    note = f"The same recipe on {len(bench.earlier):,} rows{days} before."
    return CaseOption(
        choice=Choice.RETRAIN,
        evaluations=bench.measure(judged, criteria),
        note=note,
        differences=differences([c for c in criteria if _can_differ(bench, c)], bench.judged, judged, kind=bench.kind),
    )


def _can_differ(bench: _Bench, criterion: Criterion) -> bool:
    return (
        bench.kind in metric_named(criterion.metric).task_kinds and not criterion.slice.select(bench.judged).is_empty()
    )


def _kind(project: Project) -> TaskKind:
    if project.task is None:
        raise InvalidInput("The project does not say yet what it predicts; fill in the data definition first.")
    return project.task.kind
