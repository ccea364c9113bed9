"""Ctrl-K: one text box over views, records and words."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from core.lifecycle.life import Life
from core.scoping.documents import DOCUMENT_KINDS
from dashboard import session
from dashboard.charts.agreement import title
from dashboard.components.focus import focus_dialog
from dashboard.components.glossary import found
from dashboard.components.view import View
from dashboard.formats import escape

_LIMIT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found: where it leads, and the record's id if it is one."""

    title: str
    view: str
    icon: str
    id: str = ""
    hint: str = ""


def search_button(views: Sequence[View]) -> None:
    """Show the button that opens the search; Ctrl-K presses it."""
    if st.button("Search", icon=":material/search:", shortcut="Mod+K", width="stretch", key="search"):
        _dialog(views)


@st.dialog("Search", width="medium", icon=":material/search:")
def _dialog(views: Sequence[View]) -> None:
    query = st.text_input(
        "Search",
        type="search",
        live=True,
        key="search-text",
        placeholder="A view, a record, its id, or a word",
        label_visibility="collapsed",
    )
    hits = hits_of(query or "", views)
    with st.container(gap=8, height=380, border=False):
        for hit in hits:
            st.page_link(
                session.page(hit.view),
                label=escape(hit.title) + (f"  :small[:gray[{escape(hit.hint)}]]" if hit.hint else ""),
                icon=f":material/{hit.icon}:",
                width="stretch",
                query_params=session.parameters({"id": hit.id} if hit.id else None),
            )
        words = list(found(query).items())[:4] if query else []
        for word, text in words:
            st.markdown(f":material/menu_book: **{word}** :gray[{text}]")
        if not hits and not words:
            st.markdown(":gray[Nothing by that name. A record is also found by its id.]")
    focus_dialog("search-focus")


def hits_of(query: str, views: Sequence[View]) -> list[Hit]:
    """Return what ``query`` finds: views by title and question, records of the project at hand by name and id."""
    wanted = query.casefold().strip()
    hits = [
        Hit(title=view.title, view=view.key, icon=view.icon, hint=view.question)
        for view in views
        if (view.listed or not view.needs_project) and wanted in f"{view.title} {view.question}".casefold()
    ]
    return (_records(wanted) + hits)[:_LIMIT] if wanted else hits


def _records(wanted: str) -> list[Hit]:
    project = session.current_project()
    if project is None:
        return []
    return [
        hit
        for hit in _searchable(session.life(project))
        if wanted in f"{hit.hint} {hit.title}".casefold() or hit.id.startswith(wanted)
    ]


def _named(kind: str) -> str:
    known = DOCUMENT_KINDS.get(kind)
    return known.title if known else kind


def _searchable(life: Life) -> list[Hit]:
    hits = [
        Hit(title=f"{c.key} {title(c)}", view="criterion", icon="flag", id=c.id, hint=f"criterion, version {c.version}")
        for c in life.criteria
    ]
    hits += [
        Hit(title=_named(d.kind), view="document", icon="description", id=d.id, hint="document") for d in life.documents
    ]
    hits += [
        Hit(title=f"{d.name} v{d.number}", view="dataset", icon="table", id=d.id, hint=d.file_name)
        for d in life.datasets
    ]
    hits += [Hit(title=run.name, view="run", icon="science", id=run.id, hint=run.recipe) for run in life.runs]
    hits += [
        Hit(title=v.title, view="model_version", icon="deployed_code", id=v.id, hint="model version")
        for v in life.versions
    ]
    hits += [Hit(title=f"Case {c.number}", view="cases", icon="cases", id=c.id, hint="case") for c in life.cases]
    return hits
