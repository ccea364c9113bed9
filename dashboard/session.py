"""What one browser session knows: the workspace, the project at hand, where to go, and what was read already.

The only file that caches. Values of ``core`` are frozen, so a cached one is shared and never copied.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal, NoReturn, TypeVar, cast
from urllib.parse import urlencode

import streamlit as st

from core.errors import NotFound
from core.lifecycle.life import Life
from core.people.actor import LOCAL_USER
from core.scoping.project import Project
from core.settings import Settings
from core.workspace.workspace import Workspace

Value = TypeVar("Value")
Theme = Literal["light", "dark"]

_LAST_PROJECT, _LOST_PROJECT = "last_project", "lost_project"
_TOUR_STEP = "tour_step"


@st.cache_resource(show_spinner=False)
def workspace() -> Workspace:
    """Return the workspace, opened once a process for the local user."""
    return Workspace.open(Settings(), LOCAL_USER)


def projects() -> list[Project]:
    """Return the projects that are not archived."""
    return workspace().projects.all()


def current_project() -> Project | None:
    """Return the project of the address, else the one used last, else the only one; ``None`` where none is meant.

    Where the address names one that is not here, no other takes its place: ``lost_project()`` says which was meant.
    """
    slug = st.query_params.get("project") or st.session_state.get(_LAST_PROJECT)
    st.session_state.pop(_LOST_PROJECT, None)
    try:
        found = workspace().projects.get(slug) if slug else None
    except NotFound as missing:
        if "project" in st.query_params:
            st.session_state[_LOST_PROJECT] = (slug, str(missing))
            return None
        found = None
    if found is None:
        candidates = projects()
        found = candidates[0] if len(candidates) == 1 else None
    if found is not None:
        st.session_state[_LAST_PROJECT] = found.slug
    return found


def lost_project() -> str:
    """Return why the project that the address names is not here; nothing where it is."""
    return st.session_state.get(_LOST_PROJECT, ("", ""))[1]


def project() -> Project:
    """Return the project at hand, for a view that cannot do without: the frame has made sure that there is one.

    Raises
    ------
    NotFound
        There is no project at hand, or none of that name.
    """
    found = current_project()
    if found is None:
        raise NotFound("No project is chosen. Open one from Projects.")
    return found


def revision(project: Project) -> int:
    """Return the project's revision as it is now: it grows by one with every act."""
    return workspace().projects.revision(project.id)


def record_id() -> str:
    """Return the id of the record that the address names.

    Raises
    ------
    NotFound
        The address names none.
    """
    found = st.query_params.get("id")
    if not found:
        raise NotFound("This address names no record. Open one from the list of its phase.")
    return found


def now(project: Project) -> datetime:
    """Return the project's event time."""
    return project.now(wall_time())


def wall_time() -> datetime:
    """Return the wall's time, UTC."""
    return datetime.now(UTC)


def theme() -> Theme:
    """Return the theme in which the page is shown."""
    return "dark" if st.context.theme.type == "dark" else "light"


@st.cache_resource(show_spinner=False, max_entries=512)
def _kept(name: str, project_id: str, revision: int, key: tuple[str, ...], _read: Callable[[], Any]) -> Any:
    del name, project_id, revision, key  # they are what a reading is kept by
    return _read()


def load(name: str, project: Project, read: Callable[[], Value], *key: str) -> Value:
    """Return what ``read`` gives, kept until the project's next act.

    ``name`` and ``key`` tell one reading of a project from another. The value is shared between sessions: do not
    change it.
    """
    return cast("Value", _kept(name, project.id, project.revision, key, read))


def life(project: Project) -> Life:
    """Return all records of a project, kept until its next act."""
    return load("life", project, lambda: workspace().thread.life(project.id))


def _elsewhere() -> None:
    """Stand for a page that the navigation knows by its address."""


def page(view: str) -> Any:
    """Return the page of a view, by its key in the navigation."""
    return st.Page(_elsewhere, title=view, url_path=view)


def parameters(view_parameters: dict[str, str] | None = None) -> dict[str, str]:
    """Return the address's parameters for another view: the project at hand and what the view needs."""
    slug = st.query_params.get("project") or st.session_state.get(_LAST_PROJECT)
    if slug == st.session_state.get(_LOST_PROJECT, ("", ""))[0]:
        slug = None
    return ({"project": slug} if slug else {}) | (view_parameters or {})


def go(view: str, **view_parameters: str) -> NoReturn:
    """Leave for another view, in the project at hand unless ``project=`` says otherwise."""
    st.switch_page(page(view), query_params=parameters(view_parameters))


def address(view: str, **view_parameters: str) -> str:
    """Return the address of a view, relative to the dashboard's root: for texts and exports, not for the page."""
    query = urlencode(parameters(view_parameters))
    return f"/{view}?{query}" if query else f"/{view}"


def tour_step() -> int | None:
    """Return the step of the tour that is being walked, or ``None``."""
    return cast("int | None", st.session_state.get(_TOUR_STEP))


def walk_tour(step: int | None) -> None:
    """Stand at a step of the tour; ``None`` ends it."""
    st.session_state[_TOUR_STEP] = step
