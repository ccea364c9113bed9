"""A link to logged runs that names no project: MLflow's clients print such, and know nothing of projects."""

from typing import NoReturn

import streamlit as st

from core.errors import FullcircleError, NotFound
from core.modelling.tracking.experiment import Experiment, Lifecycle
from dashboard import session
from dashboard.components.chip import link
from dashboard.components.empty import problem
from dashboard.components.header import page_header


def follow_logged_link() -> None:
    """Open the runs that the address names, in the project of their experiment; say so where they are gone."""
    named = [run_id for run_id in st.query_params.get("runs", "").split(",") if run_id]
    try:
        experiment = session.workspace().experiments.get(st.query_params["experiment"])
        _check_there(experiment, named)
    except FullcircleError as missing:
        page_header("Logged runs", "What this link names is not here.")
        problem(str(missing))
        link("All projects", "projects", icon="folder_copy")
        return
    _open(experiment, named)


def _check_there(experiment: Experiment, run_ids: list[str]) -> None:
    if experiment.lifecycle is Lifecycle.DELETED:
        raise NotFound(f"The experiment {experiment.name!r} was deleted. Restore it with MLflow's client.")
    for run_id in run_ids:
        run = session.workspace().tracking.get(run_id)
        if run.lifecycle is Lifecycle.DELETED:
            raise NotFound(f"The run {run.name!r} was deleted. Restore it with MLflow's client.")


def _open(experiment: Experiment, run_ids: list[str]) -> NoReturn:
    meant = {"experiment": experiment.id} | ({"runs": ",".join(run_ids)} if run_ids else {})
    project = session.workspace().projects.get(experiment.project_id) if experiment.project_id else None
    at_hand = project or session.current_project() or next(iter(session.projects()), None)
    session.go("logged", **meant, **({"project": at_hand.slug} if at_hand else {}))
