"""What a run leans on: a bar an input, and how the prediction follows the one that is picked."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.modelling.explanation import MOST_LEVELS, ROWS, SHUFFLES, Leaning, Step, dependence, leaning
from core.modelling.onnx_model import OnnxModel
from core.modelling.run import Run
from core.modelling.shapley import BESIDE, INSTALL, installed, shapley
from core.scoping.project import Project, TaskKind
from dashboard import formats, session
from dashboard.charts.explanation import dependence_curve, leaning_bars, leaning_height
from dashboard.components import choice
from dashboard.components.chart import chart
from dashboard.components.segments import segments
from dashboard.formats import escape

_WORTHS = {"shuffled": "Shuffled", "shap": "SHAP"}
_SHAP = """
**SHAP** (Lundberg and Lee 2017): how far each input moves what the model says of a row away from its mean, shared out
among the inputs by Shapley's rule; drawn is the mean without sign. The served file itself is asked about {rows:,} rows
of the hold-out, held against at most {beside} others, in one random order of the inputs and its reverse for each row.
An input that is left out takes values of other rows, so where inputs move together it also asks about rows that never
occur, and it says nothing of cause. Interval: 95 %, blocks of the explained rows resampled.
"""
_UNITS = {TaskKind.REGRESSION: "mean change of the prediction"}


def leans_on(project: Project, run: Run) -> None:
    """Show which inputs a run leans on, and one input's curve."""
    if run.model is None or not any((run.importance or {}).values()):
        st.markdown(":gray[It leans on no input: it says the same of every row.]")
        return
    kind = project.task.kind if project.task else TaskKind.BINARY
    found = session.load("run-leaning", project, lambda: leaning(_holdout(run), _model(run)), run.id)
    names = [one.name for one in found]
    worth = segments("Worth", _WORTHS, parameter="worth", default="shuffled", key="run-worth")
    bars = _by_shap(project, run, kind) if worth == "shap" else _bars(run, found, kind)
    picked = choice.newly_picked(bars, f"run-{worth}")
    if picked in names:
        choice.choose(input=str(picked))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = choice.select("Follow", names, parameter="input", default=names[0], key="run-input", width=260)
        label = _ask_class(run, kind)
    steps = session.load(
        "run-dependence",
        project,
        lambda: dependence(_holdout(run), _model(run), name, label=label),
        *(run.id, name, label or ""),
    )
    _curve(run, name, steps, _output(run, kind, label))


def _by_shap(project: Project, run: Run, kind: TaskKind) -> Sequence[object]:
    if not installed():
        st.markdown(f":gray[SHAP is an extra that is not installed here. Install it, and start again:] `{INSTALL}`")
        return []
    label = choice.chosen("class", list(run.classes), run.classes[-1]) if kind is TaskKind.MULTICLASS else None
    with st.spinner("Asking the model …"):
        found = session.load(
            "run-shap", project, lambda: shapley(_holdout(run), _model(run), label=label), run.id, label or ""
        )
    unit = f"mean absolute SHAP value of the {'prediction' if kind is TaskKind.REGRESSION else 'probability'}"
    return chart(
        leaning_bars(found, session.theme(), unit=unit),
        key="run-shap",
        alt=f"The inputs that move what {run.name} says most, the largest first.",
        rows=pl.DataFrame([{"Input": one.name, unit.capitalize(): formats.estimate(one.cost)} for one in found]),
        method=_SHAP.format(rows=found[0].cost.n, beside=BESIDE),
        height=leaning_height(found),
        selectable=True,
    )


def _model(run: Run) -> OnnxModel:
    data = session.workspace().modelling.model_file(run)
    return OnnxModel.load(data, features=run.features, classes=run.classes, cut=run.parameters.get("cut"))


def _holdout(run: Run) -> pl.DataFrame:
    return session.workspace().modelling.holdout(run)


def _ask_class(run: Run, kind: TaskKind) -> str | None:
    if kind is not TaskKind.MULTICLASS:
        return None
    return choice.select(
        "Class", list(run.classes), parameter="class", default=run.classes[-1], key="run-class", width=200
    )


def _output(run: Run, kind: TaskKind, label: str | None) -> str:
    if kind is TaskKind.REGRESSION:
        return "mean prediction"
    return f"mean probability of {escape(label or run.classes[-1])}"


def _bars(run: Run, found: Sequence[Leaning], kind: TaskKind) -> Sequence[object]:
    unit = _UNITS.get(kind, "mean change of the probability")
    return chart(
        leaning_bars(found, session.theme(), unit=unit),
        key="run-leaning",
        alt=f"The inputs that {run.name} leans on most, the largest first.",
        rows=pl.DataFrame([{"Input": one.name, unit.capitalize(): formats.estimate(one.cost)} for one in found]),
        method=(
            f"**Permutation importance**: the values of one input are shuffled {SHUFFLES} times among "
            f"{found[0].cost.n:,} rows of the hold-out (at most {ROWS:,}, drawn), and the mean absolute change "
            "of the prediction is what that input is worth to the run. It needs no label and says nothing of cause; "
            "inputs that repeat one another share their worth. Interval: 95 %, blocks resampled."
        ),
        height=leaning_height(found),
        selectable=True,
    )


def _curve(run: Run, name: str, steps: Sequence[Step], output: str) -> None:
    if not steps:
        st.markdown(f":gray[{escape(name)} is missing in every row of the hold-out.]")
        return
    chart(
        dependence_curve(steps, session.theme(), name=name, output=output),
        key="run-dependence",
        alt=f"How the prediction of {run.name} follows {name}.",
        rows=pl.DataFrame(
            {
                name: [str(step.value) for step in steps],
                output.capitalize(): [formats.estimate(step.output) for step in steps],
                "Rows": [step.rows for step in steps],
            }
        ),
        method=(
            "**Partial dependence** (Friedman 2001): every row is given this value of the input and keeps all others; "
            "drawn is the mean of what the model then says, at 20 quantiles of the hold-out or its "
            f"{MOST_LEVELS} commonest levels. Where inputs move together it also asks about rows that never occur, and "
            "it says nothing of cause. Band: 95 % for each value alone, blocks resampled."
        ),
        height=260,
    )
