"""Two questions before work begins: what to train, and under which name to register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any, cast

import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import FullcircleError
from core.job import JobState
from core.lifecycle.life import Life
from core.modelling.recipes import recipes_for
from core.modelling.run import Run, Search
from core.modelling.search import MOST_TRIALS
from core.modelling.training import DEFAULT_CUT
from core.scoping.project import Project, Task, TaskKind
from core.workspace.modelling import MOST_SEEDS, TrainingOrder
from dashboard import formats, session
from dashboard.components.empty import problem
from dashboard.components.glossary import term
from dashboard.components.run_words import run_title
from dashboard.components.uploader import uploader
from dashboard.formats import escape

_REGISTERING = "registering"
_LAST_THIRD, _FROM_A_DAY = "The last 30 % of the rows", "From a day on"


def ask_to_train(life: Life) -> None:
    """Ask what to train, and order it."""
    if life.accepted is None or life.project.task is None:
        problem("No dataset is accepted yet. Accept one first; then train on it.")
        return
    _training_dialog(life, life.project.task)


@st.dialog("Train", width="medium")
def _training_dialog(life: Life, task: Task) -> None:
    accepted = [d for d in reversed(life.datasets) if d.state is DatasetState.ACCEPTED]
    dataset = st.selectbox(
        "Dataset version",
        accepted,
        format_func=lambda d: f"{d.name} v{d.number}, {formats.plural(d.rows, 'row')}",
        key="train-dataset",
    )
    st.markdown(f"Predict **{escape(task.target)}** from {formats.plural(len(task.inputs), 'input')} with")
    recipes = [
        recipe.name
        for recipe in recipes_for(task.kind)
        if st.checkbox(recipe.title, value=True, key=f"train-{recipe.name}", help=recipe.summary)
    ]
    holdout_from = _ask_holdout(life.project, task, dataset)
    options = _ask_options(life, task)
    with st.container(horizontal=True, horizontal_alignment="right"):
        if not st.button("Train", type="primary", key="train-go", disabled=not recipes, icon=":material/play_arrow:"):
            return
    order = TrainingOrder(
        dataset_id=dataset.id,
        recipes=recipes,
        holdout_from=holdout_from,
        parameters=options.parameters,
        search=options.search,
        seeds=options.seeds,
    )
    try:
        session.workspace().modelling.train(life.project.id, order)
    except FullcircleError as error:
        problem(str(error))
        return
    st.rerun()


def _ask_holdout(project: Project, task: Task, dataset: DatasetVersion) -> datetime | None:
    if task.time is None or dataset.starts is None or dataset.ends is None:
        st.markdown(":gray[3 of 10 rows are drawn at random and held out: these data have no time.]")
        return None
    how = st.radio("Hold out", [_LAST_THIRD, _FROM_A_DAY], key="train-holdout", horizontal=True, help=term("Hold-out"))
    if how == _LAST_THIRD:
        return None
    first = dataset.starts.astimezone(project.zone).date() + timedelta(days=1)
    last = dataset.ends.astimezone(project.zone).date()
    day = st.date_input("Held out from", value=first + (last - first) * 7 // 10, min_value=first, max_value=last)
    return datetime.combine(cast("Any", day), clock_time.min, project.zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What is not asked of everyone."""

    parameters: Mapping[str, float] | None = None
    search: Search | None = None
    seeds: int = 1


def _ask_options(life: Life, task: Task) -> _Options:
    with st.popover("Options", icon=":material/tune:", type="tertiary"):
        parameters = _ask_cut(life) if task.kind is TaskKind.BINARY else None
        seeds = st.number_input(
            "Seeds",
            min_value=1,
            max_value=MOST_SEEDS,
            value=1,
            key="train-seeds",
            help="Trains a recipe that leaves something to chance so many times: how much of a difference is chance?",
        )
        return _Options(parameters=parameters, search=_ask_search(task), seeds=int(seeds))


def _ask_cut(life: Life) -> Mapping[str, float] | None:
    cuts = [c.parameters["cut"] for c in life.criteria_in_force if "cut" in c.parameters]
    usual = cuts[0] if cuts else DEFAULT_CUT
    cut = st.number_input(
        "Cut",
        min_value=0.01,
        max_value=0.99,
        value=float(usual),
        step=0.05,
        key="train-cut",
        help=f"{term('Cut')} {'It is where the criteria were agreed.' if cuts else ''}",
    )
    return {"cut": float(cut)} if cut != usual else None


def _ask_search(task: Task) -> Search | None:
    judged = "on later days" if task.time else "on rows drawn"
    wanted = st.checkbox(
        "Look for better parameters",
        key="train-search",
        help=f"Settings drawn at random, judged {judged} before the hold-out, which is then used once, for the "
        "setting that won.",
    )
    if not wanted:
        return None
    most = st.number_input("Settings at most", min_value=2, max_value=MOST_TRIALS, value=20, key="train-trials")
    minutes = st.number_input("Minutes at most, a recipe", min_value=1, max_value=600, value=10, key="train-minutes")
    return Search(most=int(most), seconds=60.0 * minutes)


@st.dialog("Evaluate predictions", icon=":material/fact_check:", width="medium")
def ask_for_predictions(life: Life) -> None:
    """Ask for a file of predictions, and open the run that it becomes."""
    st.markdown(_columns_wanted(life))
    counter = "evaluate-sent"
    sent = int(st.session_state.get(counter, 0))
    arrived = uploader(f"evaluate-file-{sent}", label="Drop the predictions")
    if not arrived:
        return
    try:
        with st.spinner("Measuring what was agreed …"):
            run = session.workspace().uploaded.evaluate(life.project.id, arrived[0].path, name=arrived[0].name)
    except FullcircleError as error:
        problem(str(error))
        return
    st.session_state[counter] = sent + 1
    session.go("run", id=run.id)


def _columns_wanted(life: Life) -> str:
    task = life.project.task
    ids = f"`{task.entity}`" if task and task.entity else "`id`, the place of the row in the dataset from 0 on"
    if task is None or task.kind is TaskKind.BINARY:
        happens = f"`{task.target}` is {escape(str(task.positive))}" if task else "it happens"
        said = f"`score`, the probability that {happens}"
    elif task.kind is TaskKind.REGRESSION:
        said = "`score`, the predicted number"
    else:
        said = "`predicted`, the class that is named, and where it is known `score`, its probability"
    return (
        f"A row a prediction: {ids} and {said}. They are held against the labels of the accepted dataset and measured "
        "by what was agreed, like any run. Without a model there is nothing to register. Leave out rows that the model "
        "was trained on: there it only remembers."
    )


def ask_to_register(life: Life, run: Run) -> None:
    """Ask for the name under which a run is registered, and order it."""
    _registering_dialog(life, run)


@st.dialog("Register a model version")
def _registering_dialog(life: Life, run: Run) -> None:
    st.markdown(
        f"**{escape(run_title(life, run))}** becomes a numbered version. First the file to serve scores the hold-out "
        "again: it has to repeat the trained model. Then the gate is judged."
    )
    known = life.versions[-1].name if life.versions else life.project.slug
    name = st.text_input("Name", value=known, key="register-name", help="What it predicts, for example late-flights.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if not st.button("Register", type="primary", key="register-go", disabled=not name.strip()):
            return
    try:
        job = session.workspace().deployment.register(run.id, name)
    except FullcircleError as error:
        problem(str(error))
        return
    st.session_state[_REGISTERING] = job.id
    st.rerun()


def go_to_registered(project: Project) -> None:
    """Leave for the release of what was registered from this page, once its job is done."""
    job_id = cast("str | None", st.session_state.get(_REGISTERING))
    if job_id is None:
        return
    job = session.workspace().jobs.get(job_id)
    if not job.over:
        return
    del st.session_state[_REGISTERING]
    if job.state is JobState.FINISHED and job.project_id == project.id and job.result:
        session.go("release", id=str(job.result["version_id"]))
