"""The version at hand against another: what moved, once a job has compared their rows."""

from collections.abc import Sequence

import streamlit as st

from core.data.dataset import DatasetVersion
from core.data.in_full import moved
from core.job import JobState
from dashboard import formats, session
from dashboard.components.choice import select
from dashboard.components.dataset_words import name_of
from dashboard.components.empty import problem
from dashboard.components.moved import moved_sentence, what_moved
from dashboard.components.working import progress
from dashboard.formats import escape


def version_comparison(current: DatasetVersion, others: Sequence[DatasetVersion], *, key: str) -> None:
    """Compare ``current`` with one of the ``others``, which a person chooses: at first the one before it."""
    st.markdown("### What moved")
    reference = _reference(current, others, key=key)
    job = session.workspace().data.comparison(reference.id, current.id)
    if job is not None and not job.over:
        progress(job.id)
    elif job is not None and job.state is JobState.FINISHED and job.result:
        st.markdown(moved_sentence(moved(job.result)))
        what_moved(job.result, key=key)
    else:
        if job is not None and job.error:
            problem(job.error)
        _ask(reference, current, key=key)


def _reference(current: DatasetVersion, others: Sequence[DatasetVersion], *, key: str) -> DatasetVersion:
    before = next((other for other in others if other.number < current.number), others[0])
    by_id = {other.id: other for other in others}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-bar"):
        st.markdown(f":gray[Current] **{escape(name_of(current))}** :gray[against reference]", width="content")
        chosen = select(
            "Reference",
            list(by_id),
            parameter="reference",
            default=before.id,
            key=f"{key}-reference",
            words=lambda other: f"{name_of(by_id[other])} ({formats.plural(by_id[other].rows, 'row')})",
            hidden=True,
            width=300,
        )
    return by_id[chosen]


def _ask(reference: DatasetVersion, current: DatasetVersion, *, key: str) -> None:
    if st.button(
        f"Compare v{current.number} with v{reference.number}",
        icon=":material/difference:",
        key=f"{key}-ask",
        help="Column by column: how far the values lie apart, and whether chance explains it",
    ):
        session.workspace().data.compare(reference.id, current.id)
        st.rerun()
