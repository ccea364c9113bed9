"""Document: what did we write down?"""

from collections.abc import Mapping

import streamlit as st

from core.errors import Conflict, NotFound
from core.lifecycle.life import Life
from core.scoping.changes import changed_answers
from core.scoping.document import Document, DocumentState
from core.scoping.document_kind import DocumentKind, Question
from core.scoping.documents import DOCUMENT_KINDS
from dashboard import formats, session
from dashboard.components.changes import changes
from dashboard.components.chip import link
from dashboard.components.choice import select
from dashboard.components.empty import problem
from dashboard.components.header import page_header
from dashboard.components.signed import other_version, signature
from dashboard.formats import escape
from dashboard.vocabulary import State, state_of

NOT_BEGUN = State("not begun", "radio_button_unchecked", "gray")
_NOT_SEEN = -1  # no edit had been saved when the form was opened


def render() -> None:
    """Show the view."""
    life = session.life(session.project())
    kind, document = _asked_for(life)
    newest = life.document(kind.key)
    state = state_of(document.state) if document else NOT_BEGUN
    page_header(kind.title, _sentence(life, kind, document), project=life.project, chips=(state,))
    text, facts = st.columns([2.6, 1], gap="large")
    with facts:
        _facts(life, kind, document)
        if document is not None and document is newest and not _being_written(document, newest):
            st.button("Change", icon=":material/edit:", key="document-change", on_click=_begin_editing)
    with text:
        if document is None or _being_written(document, newest):
            _editing(life, kind, document)
        else:
            _reading(kind, document)
        if document is not None:
            _changes(life, kind, document)


def _being_written(document: Document, newest: Document | None) -> bool:
    return document is newest and (document.state is not DocumentState.SIGNED or "edit" in st.query_params)


def _asked_for(life: Life) -> tuple[DocumentKind, Document | None]:
    """Return what the address asks for: a version by its id, or the newest of a kind, which may not be begun."""
    kind = DOCUMENT_KINDS.get(st.query_params.get("kind", ""))
    if kind is not None and "id" not in st.query_params:
        return kind, life.document(kind.key)
    wanted = session.record_id()
    document = next((d for d in life.documents if d.id == wanted), None)
    if document is None or document.kind not in DOCUMENT_KINDS:
        raise NotFound("This project has no such document. Open one from Documents.")
    return DOCUMENT_KINDS[document.kind], document


def _sentence(life: Life, kind: DocumentKind, document: Document | None) -> str:
    if document is None:
        return f"{kind.purpose} **{len(kind.questions)} questions**, none answered yet."
    answered = kind.answered(dict(document.answers))
    told = f"Version {document.version}: **{answered} of {len(kind.questions)}** answered"
    zone = life.project.zone
    if document.signed_at is not None:
        return f"{told}, {signature('signed', document.signed_by, document.signed_on, zone)}. {kind.purpose}"
    return f"{told}, not signed. {kind.purpose}"


# Reading


def _reading(kind: DocumentKind, document: Document) -> None:
    for question in kind.questions:
        answer = document.answers.get(question.key, "").strip()
        with st.container(gap="xxsmall"):
            st.markdown(f"**{question.text}**")
            st.markdown(_paragraphs(answer))


def _paragraphs(answer: str) -> str:
    """Return an answer as Markdown that shows its own lines and characters."""
    return "  \n".join(escape(line) for line in answer.splitlines()) or ":gray[Not answered.]"


def _begin_editing() -> None:
    st.query_params["edit"] = "1"


# Writing


def _editing(life: Life, kind: DocumentKind, document: Document | None) -> None:
    _fill(kind, document)
    signed = document is not None and document.state is DocumentState.SIGNED
    if document is not None and signed:
        st.markdown(f":gray[Saving begins version {document.version + 1}; version {document.version} stays signed.]")
    complete = document is not None and kind.answered(dict(document.answers)) == len(kind.questions) and not signed
    with st.form(f"document-{kind.key}", border=False):
        for question in kind.questions:
            _question(kind, question)
        with st.container(horizontal=True):
            save = st.form_submit_button(
                "Save", icon=":material/save:", key="document-save", type="secondary" if complete else "primary"
            )
            sign = st.form_submit_button(
                "Save and sign",
                icon=":material/verified:",
                key="document-sign",
                type="primary" if complete else "secondary",
                help=_signs(life, kind),
            )
    if save or sign:
        _save(life, kind, sign=sign)
    if _field(kind, "conflict") in st.session_state:
        _conflict(life, kind)


def _signs(life: Life, kind: DocumentKind) -> str:
    unsigned = sum(c.signed_at is None for c in life.criteria_in_force)
    if kind.key == "goals" and unsigned:
        return (
            f"Signs {formats.plural(unsigned, 'criterion', 'criteria')} too. A signed version is changed by the next."
        )
    return "A signed version is changed by the next one."


def _question(kind: DocumentKind, question: Question) -> None:
    st.text_area(
        question.text, key=_field(kind, question.key), placeholder=question.hint, help=question.hint, height="content"
    )


def _field(kind: DocumentKind, name: str) -> str:
    return f"document-{kind.key}-{name}"


def _fill(kind: DocumentKind, document: Document | None) -> None:
    """Put what is saved into the boxes when the form opens, and note which edit that is."""
    if all(_field(kind, question.key) in st.session_state for question in kind.questions):
        return
    for question in kind.questions:
        st.session_state[_field(kind, question.key)] = document.answers.get(question.key, "") if document else ""
    st.session_state[_field(kind, "seen")] = document.edit if document else _NOT_SEEN
    st.session_state.pop(_field(kind, "conflict"), None)


def _typed(kind: DocumentKind) -> dict[str, str]:
    return {question.key: str(st.session_state[_field(kind, question.key)] or "") for question in kind.questions}


def _save(life: Life, kind: DocumentKind, *, sign: bool) -> None:
    scoping, project_id = session.workspace().scoping, life.project.id
    saved, typed = life.document(kind.key), _typed(kind)
    try:
        if saved is None or _differs(saved.answers, typed) or saved.state is DocumentState.SIGNED:
            seen = st.session_state[_field(kind, "seen")]
            saved = scoping.write(project_id, kind.key, typed, seen_edit=seen)
            st.session_state[_field(kind, "seen")] = saved.edit
        if sign:
            saved = scoping.sign(project_id, kind.key)
    except Conflict as conflict:
        st.session_state[_field(kind, "conflict")] = str(conflict)
        return
    st.session_state.pop(_field(kind, "conflict"), None)
    st.query_params.pop("edit", None)
    st.query_params["id"] = saved.id
    st.toast("Signed." if sign else "Saved.", icon=":material/check:")
    st.rerun()


def _differs(saved: Mapping[str, str], typed: Mapping[str, str]) -> bool:
    return any(saved.get(key, "") != text for key, text in typed.items())


def _conflict(life: Life, kind: DocumentKind) -> None:
    """Say that somebody was faster; what was typed stays in the boxes, and what they saved stands under it."""
    problem(st.session_state[_field(kind, "conflict")])
    saved = session.workspace().scoping.documents(life.project.id)
    newest = next(d for d in reversed(saved) if d.kind == kind.key)
    with st.expander("What you typed, against what is saved now", expanded=True):
        changes(changed_answers(kind, newest.answers, _typed(kind)))
    st.button(
        "Drop my text and load what is saved",
        icon=":material/sync:",
        type="tertiary",
        key="document-load",
        on_click=_forget,
        args=(kind,),
    )


def _forget(kind: DocumentKind) -> None:
    for name in [*(question.key for question in kind.questions), "seen", "conflict"]:
        st.session_state.pop(_field(kind, name), None)


# Beside the text


def _facts(life: Life, kind: DocumentKind, document: Document | None) -> None:
    versions = [d for d in life.documents if d.kind == kind.key]
    with st.container(border=True, gap="xsmall", key="document-facts"):
        if not versions:
            st.markdown(":gray[Its versions, and who signed them, appear here.]")
        for version in reversed(versions):
            _version(life, version, shown=document is not None and version.id == document.id)
        if document is not None and document.content_hash:
            st.markdown(
                f":gray[Content] `{document.content_hash[:12]}`",
                help=f"SHA-256 of the answers, as it stands in the ledger: {document.content_hash}",
            )
    with st.container(gap="xxsmall", key="flush-document-around"):
        link("All documents", "documents", icon="description", part="documents")
        for criterion in life.criteria_in_force[:1]:
            link("Thread", "thread", icon="timeline", criterion=criterion.id)


def _version(life: Life, version: Document, *, shown: bool) -> None:
    name, zone = f"Version {version.version}", life.project.zone
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        if shown:
            st.markdown(f"**{name}**", width="content")
        else:
            other_version(version.version, version.id, key="document")
        st.markdown(state_of(version.state).badge, width="content")
    if version.signed_at is not None:
        st.markdown(
            f":gray[{signature('', version.signed_by, version.signed_on, zone)}]",
            help=f"Entered on {formats.time(version.signed_at)} UTC",
        )


def _changes(life: Life, kind: DocumentKind, document: Document) -> None:
    older = {str(d.version): d for d in life.documents if d.kind == kind.key and d.version < document.version}
    if not older:
        return
    box = st.expander("What changed", icon=":material/difference:", key="document-changes", on_change="rerun")
    if box.open:
        with box:
            numbers = sorted(older, key=int, reverse=True)
            against = select(
                "Since which version?",
                numbers,
                parameter="against",
                default=numbers[0],
                key="document-against",
                words=lambda number: f"Since version {number}",
                hidden=True,
                width=220,
            )
            changes(changed_answers(kind, older[against].answers, document.answers))
