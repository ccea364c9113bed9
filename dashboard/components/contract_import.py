"""A contract out of a file of another tool: as a draft, with what could not be carried over."""

import streamlit as st

from core.data.contract.reading import LARGEST
from core.errors import FullcircleError
from core.scoping.project import Project
from core.workspace.contracts import ImportedDraft
from dashboard import session
from dashboard.components.empty import problem
from dashboard.components.uploader import uploader
from dashboard.formats import escape

_IMPORTED, _SENT = "contract-imported", "contract-files-sent"


def ask_for_contract(project: Project) -> None:
    """Ask for a contract's file, in a dialog; it becomes a draft."""

    @st.dialog("Import a contract", icon=":material/handshake:")
    def ask() -> None:
        st.markdown(":gray[It becomes a draft: nothing is held to it before somebody accepts it.]")
        sent = int(st.session_state.get(_SENT, 0))
        arrived = uploader(
            f"contract-file-{sent}",
            label="Drop a contract, or choose one",
            hint="ODCS 3 or Pandera (YAML), a Great Expectations suite (JSON)",
        )
        if not arrived:
            return
        st.session_state[_SENT] = sent + 1
        try:
            with arrived[0].path.open("rb") as stream:
                content = stream.read(LARGEST + 1)
            imported = session.workspace().contracts.import_file(project.id, content, name=arrived[0].name)
        except FullcircleError as refusal:
            problem(str(refusal))
            return
        st.session_state[_IMPORTED] = imported
        st.rerun()

    ask()


def left_out(draft_id: str) -> None:
    """Say what of the imported file is not in the draft; nothing where all of it is."""
    imported: ImportedDraft | None = st.session_state.get(_IMPORTED)
    if imported is None or imported.draft.id != draft_id or not imported.left_out:
        return
    with st.expander(f"{len(imported.left_out)} parts of the file could not be carried over"):
        st.markdown("\n".join(f"- {escape(sentence)}" for sentence in imported.left_out))
