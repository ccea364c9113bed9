"""The word on a dataset version: accepted, or rejected with the reason."""

import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import FullcircleError
from dashboard import session
from dashboard.components.dataset_words import name_of
from dashboard.components.empty import problem
from dashboard.components.header import Primary


def accept_button(version: DatasetVersion) -> Primary:
    """Return the button that accepts a version; the page is shown anew after it."""
    return Primary(
        label=f"Accept v{version.number}",
        icon="check",
        key="dataset-accept",
        on_click=lambda: session.workspace().data.accept(version.id),
        help="It may be trained on from then on",
    )


def other_decisions(version: DatasetVersion) -> None:
    """Offer to reject a version that waits, or to accept it with a note."""
    if version.state is not DatasetState.WAITING:
        return
    if st.button("Reject", icon=":material/block:", key="dataset-reject"):
        _ask(version, accept=False)
    if st.button("Accept with a note", icon=":material/edit_note:", type="tertiary", key="dataset-accept-note"):
        _ask(version, accept=True)


def _ask(version: DatasetVersion, *, accept: bool) -> None:
    @st.dialog(f"{'Accept' if accept else 'Reject'} {name_of(version)}")
    def ask() -> None:
        note = st.text_input(
            "What should others know?" if accept else "Why?",
            key="dataset-note",
            placeholder="Known gaps, what was decided about them" if accept else "What has to change in the file",
        )
        data = session.workspace().data
        if st.button("Accept" if accept else "Reject", type="primary", key="dataset-decide"):
            try:
                (data.accept if accept else data.reject)(version.id, note.strip())
            except FullcircleError as error:
                problem(str(error))
                return
            st.rerun()

    ask()
