"""Dataset version: can this version be trusted?"""

import polars as pl
import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import NotFound
from core.lifecycle.life import Life
from core.modelling.run import RunState
from dashboard import formats, session
from dashboard.components.chip import link
from dashboard.components.dataset_decision import accept_button, other_decisions
from dashboard.components.dataset_version import dataset_detail
from dashboard.components.dataset_words import dataset_sentence, name_of
from dashboard.components.header import page_header
from dashboard.components.table import state_cell, state_column, table
from dashboard.components.working import at_work, progress
from dashboard.formats import escape
from dashboard.vocabulary import state_of


def render() -> None:
    """Show the view."""
    project = session.project()
    life = session.life(project)
    version = life.dataset(session.record_id())
    if version is None:
        raise NotFound("This project has no such dataset version. Open one from Datasets.")
    waits = version.state is DatasetState.WAITING
    page_header(
        name_of(version),
        dataset_sentence(version, project),
        project=project,
        chips=(state_of(version.state),),
        primary=accept_button(version) if waits else None,
    )
    job = at_work(project, "check_dataset", "adopt_file")
    if job is not None and version.state is DatasetState.CHECKING:
        progress(job.id)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="dataset-bar"):
        _around(life, version)
        other_decisions(version)
    dataset_detail(life, version, key="dataset")
    _runs(life, version)


def _around(life: Life, version: DatasetVersion) -> None:
    link("All datasets", "datasets", icon="table", version=version.id)
    for criterion in life.criteria_in_force[:1]:
        link("Thread", "thread", icon="timeline", criterion=criterion.id)
    definition = life.document("data_definition")
    if definition is not None:
        link("Data definition", "document", icon="description", id=definition.id)
    if version.artifact:
        st.markdown(
            f":gray[{escape(version.file_name)}] `{version.artifact[:12]}`",
            width="content",
            help=f"SHA-256 of the table: {version.artifact}. Of the file: {version.source}.",
        )


def _runs(life: Life, version: DatasetVersion) -> None:
    runs = [run for run in reversed(life.runs) if run.dataset_id == version.id]
    st.markdown("### Trained on it")
    if not runs:
        st.markdown(":gray[No run yet: what is trained on this version appears here.]")
        return
    zone = life.project.zone
    rows = pl.DataFrame(
        {
            "run": [run.name for run in runs],
            "state": [state_cell(run.state) for run in runs],
            "trained": [run.train_rows for run in runs],
            "held out": [run.holdout_rows for run in runs],
            "from": [formats.day(run.holdout_from, zone) for run in runs],
            "on": [formats.last_day(run.created_on, zone) for run in runs],
        }
    )
    columns = {
        "run": st.column_config.TextColumn("Run", help="Choose a row to open the run"),
        "state": state_column("State", RunState),
        "trained": st.column_config.NumberColumn("Rows trained on", format="localized"),
        "held out": st.column_config.NumberColumn("Rows held out", format="localized"),
        "from": "Held out from",
        "on": "Trained",
    }
    row = table(rows, key="dataset-runs", alt="Runs trained on this version", columns=columns, selectable=True)
    if row is not None:
        session.go("run", id=runs[row].id)
