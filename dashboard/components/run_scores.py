"""How a run's scores hold: one question at a time, each answered on the hold-out with its intervals."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import polars as pl
import streamlit as st

from core.modelling.confusion_table import confusion_table
from core.modelling.curves import AtCut, at_cut, precision_recall_curve, roc_curve
from core.modelling.run import Run
from core.modelling.score_groups import BINS, calibration, residuals
from core.modelling.training import DEFAULT_CUT
from core.scoping.project import Project, TaskKind
from dashboard import formats, session
from dashboard.charts import run_scores as charts
from dashboard.charts.agreement import resampled
from dashboard.components.chart import chart
from dashboard.components.segments import segments

_HEIGHT = 360
_Found = TypeVar("_Found")
_OFFERED: Mapping[TaskKind, Mapping[str, str]] = {
    TaskKind.BINARY: {
        "calibration": "Calibration",
        "roc": "ROC",
        "pr": "Precision and recall",
        "confusion": "Confusion",
    },
    TaskKind.MULTICLASS: {"confusion": "Confusion", "calibration": "Calibration"},
    TaskKind.REGRESSION: {"calibration": "Calibration", "residuals": "Errors"},
}
_AXES = {
    TaskKind.BINARY: ("predicted probability", "share that happened"),
    TaskKind.MULTICLASS: ("probability of the class named", "share that was right"),
    TaskKind.REGRESSION: ("predicted value", "mean of what happened"),
}


def run_scores(project: Project, run: Run, kind: TaskKind) -> None:
    """Show what is chosen of calibration, curves, confusion and errors."""
    offered = _OFFERED[kind]
    chosen = segments("Of the scores", offered, parameter="scores", default=next(iter(offered)), key="run-scores-part")
    {"calibration": _calibration, "roc": _roc, "pr": _precision_recall, "confusion": _confusion, "residuals": _errors}[
        chosen
    ](project, run, kind)


def _measured(project: Project, run: Run, name: str, measure: Callable[[pl.DataFrame], _Found]) -> _Found:
    return session.load(f"run-{name}", project, lambda: measure(session.workspace().modelling.holdout(run)), run.id)


def _block(project: Project) -> str:
    return project.task.block if project.task else "row"


def _cut(run: Run) -> float:
    return float(run.parameters.get("cut", DEFAULT_CUT))


def _calibration(project: Project, run: Run, kind: TaskKind) -> None:
    groups = _measured(project, run, "calibration", lambda rows: calibration(rows, kind))
    axes = _AXES[kind]
    if groups.is_empty():
        st.markdown(":gray[Its rows have no scores.]")
        return
    chart(
        charts.calibration_curve(groups, session.theme(), axes=axes),
        key="run-scores",
        alt=f"{axes[1].capitalize()} against the {axes[0]}, in groups of rows with like scores.",
        rows=groups.rename({"predicted": axes[0].capitalize(), "happened": axes[1].capitalize(), **_TABLE}),
        method=(
            f"**Calibration.** The hold-out rows are sorted by score and cut into {BINS} groups of about equally many "
            "rows (fewer where scores repeat). A point is the mean score of a group against what happened in it; on "
            f"the dotted line both agree. The bar is the 95 % interval of what happened: {resampled(_block(project))}; "
            "that of a share is at least Wilson's. Where bars miss the line, scores promise too much or too little."
        ),
        height=_HEIGHT,
        legend=True,
    )


def _roc(project: Project, run: Run, kind: TaskKind) -> None:
    del kind
    points = _measured(project, run, "roc", roc_curve)
    place = _at_cut(project, run)
    if points is None or place is None:
        st.markdown(_ONE_CLASS)
        return
    axes = ("share of negatives flagged falsely", "share of positives found")
    drawn = charts.curve(points, session.theme(), axes=axes, guess=(0.0, 1.0))
    charts.at_cut(drawn, session.theme(), x=place.false_share, y=place.found_share, words=f"cut {_cut(run):g}")
    chart(
        drawn,
        key="run-roc",
        alt=f"ROC curve of {run.name}: {axes[1]} against the {axes[0]}, with its band.",
        rows=points.rename({"false_share": axes[0].capitalize(), "found_share": axes[1].capitalize(), **_BOUNDS}),
        method=(
            "**ROC.** Every cut flags some negatives falsely and finds some positives; the curve runs over all cuts. "
            f"The band is vertical and holds at each place by itself, at 95 %: {resampled(_block(project))}; it is at "
            "least Wilson's interval over the positives. The area under it is ROC AUC."
        ),
        height=_HEIGHT,
        legend=True,
    )


def _precision_recall(project: Project, run: Run, kind: TaskKind) -> None:
    del kind
    points = _measured(project, run, "pr", precision_recall_curve)
    place = _at_cut(project, run)
    if points is None or place is None:
        st.markdown(_ONE_CLASS)
        return
    base = place.base
    drawn = charts.curve(points, session.theme(), axes=("recall", "precision"), guess=(base, base))
    if place.precision is not None:
        charts.at_cut(drawn, session.theme(), x=place.found_share, y=place.precision, words=f"cut {_cut(run):g}")
    chart(
        drawn,
        key="run-pr",
        alt=f"Precision of {run.name} against its recall, over all cuts, with its band.",
        rows=points.rename({"recall": "Recall", "precision": "Precision", **_BOUNDS}),
        method=(
            "**Precision and recall.** At each recall, the precision of the highest cut that finds so many. The band "
            f"is vertical and holds at each place by itself, at 95 %: {resampled(_block(project))}; it is at least "
            "Wilson's interval over the rows that are flagged. Guessing has the share of positives as its precision, "
            f"here {formats.share(base)}. The area by steps is average precision."
        ),
        height=_HEIGHT,
        legend=True,
    )


def _confusion(project: Project, run: Run, kind: TaskKind) -> None:
    cells = _measured(project, run, "confusion", lambda rows: confusion_table(rows, kind, _cut(run)))
    at = f" at the cut {_cut(run):g}" if kind is TaskKind.BINARY else ""
    chart(
        charts.confusion(cells, session.theme()),
        key="run-confusion",
        alt=f"What {run.name} said against what happened{at}: rows, and their share of each line.",
        rows=cells.rename({"label": "Happened", "predicted": "Said", "share": "Share of the line", **_TABLE}),
        method=(
            f"**Confusion**{at}. A line is what happened, a column what was said; the share is of the line, so the "
            f"diagonal is recall. Its 95 % interval: {resampled(_block(project))}; it is at least Wilson's. More than "
            "ten classes are too many to read: the rarest are put together as others."
        ),
        height=charts.confusion_height(cells["label"].n_unique()),
    )


def _errors(project: Project, run: Run, kind: TaskKind) -> None:
    del kind
    groups = _measured(project, run, "residuals", residuals)
    chart(
        charts.residual_bands(groups, session.theme()),
        key="run-residuals",
        alt=f"True minus predicted value of {run.name}, along the predicted value.",
        rows=groups.rename(
            {"predicted": "Predicted", "missed": "Mean error", "low": "10 % below", "high": "10 % above", **_TABLE}
        ),
        method=(
            f"**Errors.** The hold-out rows are sorted by prediction and cut into {BINS} groups of about equally many "
            "rows. The area holds the middle 80 % of true minus predicted in each group, the points are its mean, with "
            f"a 95 % interval: {resampled(_block(project))}. A slope says that a part of what happens is not learned; "
            "an area that widens, that large predictions are less sure."
        ),
        height=_HEIGHT,
        legend=True,
    )


_TABLE = {"rows": "Rows", "lower": "From", "upper": "To"}
_BOUNDS = {"lower": "From", "upper": "To"}
_ONE_CLASS = ":gray[Its hold-out has rows of one class only: there is no curve.]"


def _at_cut(project: Project, run: Run) -> AtCut | None:
    return _measured(project, run, "at-cut", lambda rows: at_cut(rows, _cut(run)))
