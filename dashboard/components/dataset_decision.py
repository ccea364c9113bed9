"""The word on a dataset version: accepted, or rejected with the reason."""

import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.errors import FullcircleError, InvalidInput
from dashboard import session
from dashboard.components.dataset_words import name_of
from dashboard.components.empty import problem
from dashboard.components.header import Primary

_REFUSED = "dataset-refused"


def accept_button(version: DatasetVersion) -> Primary:
    """Return the button that accepts a version; the page is shown anew after it."""
    return Primary(
        label=f"Accept v{version.number}",
        icon="check",
        key="dataset-accept",
        on_click=lambda: _accept(version),
        help="It may be trained on from then on",
    )


def _accept(version: DatasetVersion) -> None:
    """Accept a version; where it breaks the contract, the page asks for the reason next."""
    try:
        session.workspace().data.accept(version.id)
    except InvalidInput as refusal:
        st.session_state[_REFUSED] = (version.id, str(refusal))


def other_decisions(version: DatasetVersion) -> None:
    """Offer to reject a version that waits, or to accept it with a note."""
    if version.state is not DatasetState.WAITING:
        return
    refused, sentence = st.session_state.pop(_REFUSED, ("", ""))
    if refused == version.id:
        _ask(version, accept=True, because=sentence)
        return
    if st.button("Reject", icon=":material/block:", key="dataset-reject"):
        _ask(version, accept=False)
    if st.button("Accept with a note", icon=":material/edit_note:", type="tertiary", key="dataset-accept-note"):
        _ask(version, accept=True)


def _ask(version: DatasetVersion, *, accept: bool, because: str = "") -> None:
    @st.dialog(f"{'Accept' if accept else 'Reject'} {name_of(version)}")
    def ask() -> None:
        if because:
            problem(because)
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
