"""Views of a page that were saved: opened, kept under a name, shared, changed, deleted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.errors import FullcircleError
from core.modelling.saved_view import LONGEST_NAME, SavedView
from core.people.actor import Permission
from core.scoping.project import Project
from dashboard import session
from dashboard.components.choice import choose
from dashboard.components.empty import problem
from dashboard.components.people import who
from dashboard.components.undo import offer_undo
from dashboard.formats import escape

_OPEN, _REFUSAL = "view", "views-refusal"
_LISTED_HEIGHT, _MOST_UNSCROLLED = 280, 7


def saved_views(project: Project, page: str, parameters: Sequence[str], shown: Mapping[str, str]) -> None:
    """Show the list of a page's views; what a view keeps are the address's ``parameters``.

    ``shown`` are those that the page chose by itself: a view shall show the same when the page would choose otherwise.
    """
    state = {**shown, **{name: st.query_params[name] for name in parameters if name in st.query_params}}
    views = session.workspace().views.all(project.id, page)
    opened = next((view for view in views if view.id == st.query_params.get(_OPEN)), None)
    box = st.popover("Views", icon=":material/bookmarks:", type="tertiary", key="views", on_change="rerun")
    if not box.open:
        return
    with box:
        if views:
            _list(views, opened, parameters, changed=opened is not None and opened.state != state)
        if opened is not None and session.workspace().views.may_change(opened):
            _change(opened, page, state)
        else:
            _save(project, page, state)
        if refusal := st.session_state.pop(_REFUSAL, None):
            problem(refusal)


def _list(views: Sequence[SavedView], opened: SavedView | None, parameters: Sequence[str], *, changed: bool) -> None:
    height = _LISTED_HEIGHT if len(views) > _MOST_UNSCROLLED else "content"
    with st.container(height=height, border=False, gap="xxsmall", key="views-list"):
        for view in views:
            st.button(
                escape(view.name) + _whose(view) + (" :gray[(changed)]" if changed and view == opened else ""),
                key=f"views-open-{view.id}",
                type="tertiary",
                icon=":material/check:" if view == opened else ":material/bookmark:",
                on_click=_open,
                args=(view, parameters),
            )


def _whose(view: SavedView) -> str:
    if not session.workspace().views.owns(view):
        return f" :gray[by {who(view.created_by)}]"
    return " :gray[shared]" if view.shared else ""


def _open(view: SavedView, parameters: Sequence[str]) -> None:
    for name in (*parameters, "runs"):
        st.query_params.pop(name, None)
    choose(**{_OPEN: view.id}, **{name: value for name, value in view.state.items() if name in parameters})


def _save(project: Project, page: str, state: Mapping[str, str]) -> None:
    name, shared = _asked("new", "", shared=False)

    def save() -> None:
        made = session.workspace().views.save(project.id, page, name(), state, shared=shared())
        st.session_state[_key("name", "new")] = ""
        choose(**{_OPEN: made.id})

    st.button("Save this view", key="views-save", on_click=_trying, args=(save,))


def _change(opened: SavedView, page: str, state: Mapping[str, str]) -> None:
    name, shared = _asked(opened.id, opened.name, shared=opened.shared)
    views = session.workspace().views

    def change() -> None:
        views.change(opened.id, name=name(), state=state, shared=shared())

    def save() -> None:
        made = views.save(opened.project_id, page, name(), state, shared=shared())
        choose(**{_OPEN: made.id})

    def delete() -> None:
        gone = views.delete(opened.id)
        del st.query_params[_OPEN]
        offer_undo(f"The view {gone.name} is deleted.", lambda: _bring_back(gone))

    with st.container(horizontal=True, gap="small"):
        st.button("Save", key="views-change", on_click=_trying, args=(change,))
        st.button("Save as new", key="views-save", type="tertiary", on_click=_trying, args=(save,))
        st.button("Delete", key="views-delete", type="tertiary", on_click=_trying, args=(delete,))


def _bring_back(gone: SavedView) -> None:
    made = session.workspace().views.save(gone.project_id, gone.page, gone.name, gone.state, shared=gone.shared)
    choose(**{_OPEN: made.id})


def _asked(which: str, name: str, *, shared: bool) -> tuple[Callable[[], str], Callable[[], bool]]:
    """Ask for a name and who sees it, and return what reads the answers once a button is pressed."""
    text, toggle = _key("name", which), _key("shared", which)
    st.text_input("Name", value=name, key=text, max_chars=LONGEST_NAME, placeholder="Best by auc")
    st.toggle(
        "Shared with the project",
        value=shared,
        key=toggle,
        disabled=not session.workspace().actor.may(Permission.WRITE),
        help="Everybody who may read the project can open it; you alone, and owners of the project, change it.",
    )
    return lambda: st.session_state[text], lambda: st.session_state[toggle]


def _key(what: str, which: str) -> str:
    return f"views-{what}-{which}"


def _trying(act: Callable[[], Any]) -> None:
    try:
        act()
    except FullcircleError as refusal:
        st.session_state[_REFUSAL] = str(refusal)
