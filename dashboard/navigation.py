"""Where everything is: one table of views, and the frame around each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import streamlit as st

from core.errors import FullcircleError
from dashboard import session
from dashboard.components import jobs_menu, sidebar, tour
from dashboard.components.bell import waiting
from dashboard.components.empty import problem
from dashboard.components.logged_link import NAMES, follow_logged_link
from dashboard.components.style import style
from dashboard.components.undo import undo_bar
from dashboard.components.view import View
from dashboard.components.welcome import welcome

VIEWS: tuple[View, ...] = (
    View("projects", "Projects", "folder_copy", "home.projects", "Which project needs me?", needs_project=False),
    View(
        "check", "Check files", "fact_check", "home.check_files", "What is wrong with this file?", needs_project=False
    ),
    View("overview", "Overview", "trip_origin", "home.overview", "Where are we, what is next, what waits on me?"),
    View("documents", "Documents", "description", "scoping.documents", "Is this worth doing?", "scoping"),
    View("datasets", "Datasets", "table", "data.datasets", "Can this data be trusted?", "data"),
    View("contract", "Contract", "handshake", "data.contract", "What did we agree that it looks like?", "data"),
    View("runs", "Runs", "science", "modelling.runs", "Which model is better, and is it real?", "modelling"),
    View(
        "errors",
        "Errors",
        "troubleshoot",
        "modelling.errors",
        "Where does it fail, and what would help most?",
        "modelling",
    ),
    View("logged", "Logged runs", "insights", "modelling.logged", "What did training code log?", "modelling"),
    View("release", "Release", "lock_open", "deployment.release", "May this model go live?", "deployment"),
    View(
        "deployment",
        "Deployment status",
        "rocket_launch",
        "deployment.status",
        "What is serving, is it healthy, who let it in?",
        "deployment",
    ),
    View("drift", "Drift", "change_history", "monitoring.drift", "What moved, and does it matter?", "monitoring"),
    View(
        "performance",
        "Performance",
        "monitoring",
        "monitoring.performance",
        "Is it still true to what we approved?",
        "monitoring",
    ),
    View("cases", "Cases", "cases", "iteration.cases", "What do we do about it, and did that help?", "iteration"),
    View("thread", "Thread", "timeline", "home.thread", "How did we get here?"),
    View("document", "Document", "description", "scoping.document", "What did we write down?", "scoping", listed=False),
    View("criterion", "Criterion", "flag", "scoping.criterion", "How will we know it worked?", "scoping", listed=False),
    View("dataset", "Dataset version", "table", "data.dataset", "Can this version be trusted?", "data", listed=False),
    View("run", "Run", "science", "modelling.run", "What did this run measure?", "modelling", listed=False),
    View(
        "model_version",
        "Model version",
        "deployed_code",
        "deployment.model_version",
        "What is this version?",
        "deployment",
        listed=False,
    ),
    View(
        "window", "Window", "date_range", "monitoring.window", "What did this window show?", "monitoring", listed=False
    ),
    View("alert", "Alert", "notifications", "iteration.alert", "What was raised, and why?", "iteration", listed=False),
    View(
        "settings",
        "Settings",
        "settings",
        "home.settings",
        "Where is everything kept?",
        needs_project=False,
        listed=False,
    ),
    View("jobs", "Jobs", "pending_actions", "home.jobs", "What is at work?", needs_project=False, listed=False),
    View("help", "Help", "help", "home.help", "What does this word mean?", needs_project=False, listed=False),
    View("tour", "Tour", "explore", "home.tour", "What is there to see?", needs_project=False, listed=False),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A view as a page: it is imported when it is opened."""

    view: View

    def __call__(self) -> None:
        if self.view.needs_project:
            chosen = session.current_project()
            if chosen is None:
                welcome()
                return
            if st.query_params.get("project") != chosen.slug:
                st.query_params["project"] = chosen.slug
        tour.card()
        undo_bar()
        render: Callable[[], None] = import_module(f"dashboard.views.{self.view.module}").render
        render()


def _home() -> None:
    """Open the address without a path: logged runs that it names, the overview of a project, else all projects."""
    if NAMES & set(st.query_params):
        follow_logged_link()
        return
    session.go("overview" if session.current_project() or not session.projects() else "projects")


def _name_tab(view: View) -> None:
    """Name the browser's tab: what waits on the person, the view, the project."""
    project = session.current_project()
    count = len(waiting(project)) if project else 0
    name = " · ".join([view.title, project.name if project else "Fullcircle"])
    st.set_page_config(page_title=f"({count}) {name}" if count else name)


def _frame(view: View) -> Any:
    """Show what stands around a view and return the sidebar's place for what is at work."""
    _name_tab(view)
    return sidebar.sidebar(VIEWS, view)


def run() -> None:
    """Show the page that the address asks for, inside the frame."""
    pages = [st.Page(_Shown(view), title=view.title, url_path=view.key, visibility="hidden") for view in VIEWS]
    chosen = st.navigation([st.Page(_home, title="Fullcircle", default=True), *pages], position="hidden")
    view = next((view for view in VIEWS if view.key == chosen.url_path), None)
    style()
    try:
        jobs_menu.new_page()
        place = _frame(view) if view is not None else None
        with st.container(width=1180, key="view"):
            chosen.run()
        if place is not None:
            with place:
                jobs_menu.jobs_menu()
    except FullcircleError as error:
        problem(str(error))
