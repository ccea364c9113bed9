"""The code of two logged runs: their commits, what was not committed, and the source files that differ."""

import streamlit as st

from core.errors import FullcircleError
from core.modelling.tracking.code import Code
from core.modelling.tracking.limits import TAG_CHARACTERS
from core.modelling.tracking.logged_run import LoggedRun
from core.workspace.logged_code import CodeBeside
from dashboard import formats, session
from dashboard.components.empty import problem

_MOST_FILES, _MOST_LINES = 20, 400
_SHORT = 10


def code_beside(left: LoggedRun, right: LoggedRun) -> None:
    """Show what two runs say of their code; nothing where they say nothing."""
    found = session.workspace().code.beside(left.id, right.id)
    if not found.known:
        return
    st.markdown("### Code")
    for place, (run, code) in enumerate(((left, found.left), (right, found.right)), start=1):
        st.markdown(f"{place} {formats.escape(run.name)}: {_commit(code)}")
    if found.address:
        st.link_button("Compare the commits", found.address, icon=":material/open_in_new:", type="tertiary")
    _uncommitted(left, found.left, 1)
    _uncommitted(right, found.right, 2)
    for path in found.changed[:_MOST_FILES]:
        _file(left, right, path)
    st.markdown(f":small[:gray[{_rest(found)}]]")


def _commit(code: Code) -> str:
    if not code.commit:
        return ":gray[no commit was logged]"
    short = formats.escape(code.commit[:_SHORT])
    return f"commit **{short}**" + (", with changes that were not committed" if code.dirty else "")


def _uncommitted(run: LoggedRun, code: Code, place: int) -> None:
    if not code.uncommitted:
        return
    name = f"Not committed: {place} {formats.escape(run.name)}"
    with st.expander(name, icon=":material/edit_note:", key=f"uncommitted-{place}"):
        _lines(code.uncommitted)
        if len(code.uncommitted) >= TAG_CHARACTERS:
            st.markdown(f":small[:gray[A tag holds {TAG_CHARACTERS:,} characters; what came after them was not kept.]]")


def _file(left: LoggedRun, right: LoggedRun, path: str) -> None:
    box = st.expander(formats.escape(path), icon=":material/difference:", key=f"code-{path}", on_change="rerun")
    if not box.open:  # a file is read when somebody looks at it
        return
    with box:
        try:
            _lines(session.workspace().code.difference(left.id, right.id, path))
        except FullcircleError as refusal:
            problem(str(refusal))


def _lines(text: str) -> None:
    lines = text.splitlines()
    st.code("\n".join(lines[:_MOST_LINES]), language="diff")
    if len(lines) > _MOST_LINES:
        st.markdown(f":small[:gray[{len(lines) - _MOST_LINES:,} more lines differ.]]")


def _rest(found: CodeBeside) -> str:
    kept = len(found.changed) + len(found.same)
    if not kept and not any(found.alone):
        return "Neither keeps a source file. Log one with `mlflow.log_artifact`, and its lines are compared here."
    first = f", the first {_MOST_FILES} are shown" if len(found.changed) > _MOST_FILES else ""
    told = [f"{len(found.changed):,} of {formats.plural(kept, 'source file')} that both keep differ{first}"]
    told += [
        f"only {place} keeps {len(paths):,} more: {_named(paths)}"
        for place, paths in enumerate(found.alone, start=1)
        if paths
    ]
    return "; ".join(told) + "."


def _named(paths: tuple[str, ...]) -> str:
    shown = [formats.escape(path) for path in paths[:5]]
    return ", ".join([*shown, "…"] if len(paths) > len(shown) else shown)
