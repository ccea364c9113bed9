"""A link to logged runs that names no project: MLflow's clients print such, and know nothing of projects."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from core.errors import FullcircleError, NotFound
from core.modelling.tracking.experiment import Experiment, Lifecycle
from core.modelling.tracking.registry import checked_version
from dashboard import session
from dashboard.components.chip import link
from dashboard.components.empty import problem
from dashboard.components.header import page_header

NAMES = frozenset({"experiment", "model", "logged_model"})
"""The parameters of which a link has one: an experiment, a registered model, a logged model."""

_KEPT = ("where", "by", "order")


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a link leads to: an experiment, or some of its runs."""

    experiment_id: str
    run_ids: tuple[str, ...] = ()


def follow_logged_link() -> None:
    """Open the runs that the address names, in the project of their experiment; say so where they are gone."""
    try:
        meant = _meant()
        experiment = session.workspace().experiments.get(meant.experiment_id)
        _check_there(experiment, meant.run_ids)
    except FullcircleError as missing:
        page_header("Logged runs", "What this link names is not here.")
        problem(str(missing))
        link("All projects", "projects", icon="folder_copy")
        return
    _open(experiment, meant.run_ids)


def _meant() -> _Meant:
    asked = st.query_params
    if "model" in asked:
        return _registered(asked["model"], asked.get("version", ""))
    if "logged_model" in asked:
        model = session.workspace().models.get(asked["logged_model"])
        return _Meant(model.experiment_id, (model.source_run_id,) if model.source_run_id else ())
    return _Meant(asked["experiment"], tuple(run_id for run_id in asked.get("runs", "").split(",") if run_id))


def _registered(name: str, version: str) -> _Meant:
    """Return the run that a version of a registered model comes from; without a version, the newest's."""
    registry = session.workspace().registry
    versions = [registry.version(name, checked_version(version))] if version else registry.get(name).latest
    newest = max(versions, key=lambda of: of.version, default=None)
    if newest is None or not newest.run_id:
        raise NotFound(f"No run is known that the registered model {name!r} comes from. Look at its experiment's runs.")
    return _Meant(session.workspace().tracking.get(newest.run_id).experiment_id, (newest.run_id,))


def _check_there(experiment: Experiment, run_ids: tuple[str, ...]) -> None:
    if experiment.lifecycle is Lifecycle.DELETED:
        raise NotFound(f"The experiment {experiment.name!r} was deleted. Restore it with MLflow's client.")
    for run_id in run_ids:
        run = session.workspace().tracking.get(run_id)
        if run.lifecycle is Lifecycle.DELETED:
            raise NotFound(f"The run {run.name!r} was deleted. Restore it with MLflow's client.")


def _open(experiment: Experiment, run_ids: tuple[str, ...]) -> NoReturn:
    meant = {"experiment": experiment.id} | ({"runs": ",".join(run_ids)} if run_ids else {})
    looked = {name: st.query_params[name] for name in _KEPT if st.query_params.get(name)}
    project = session.workspace().projects.get(experiment.project_id) if experiment.project_id else None
    at_hand = project or session.current_project() or next(iter(session.projects()), None)
    session.go("logged", **meant, **looked, **({"project": at_hand.slug} if at_hand else {}))
