"""Projects: which project needs me?"""

from collections.abc import Sequence

import streamlit as st

from core.lifecycle.life import Life
from core.lifecycle.standing import next_step, standings, waiting
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.building import building, demo_at_work, demo_failure
from dashboard.components.chip import link
from dashboard.components.demo import build_demo
from dashboard.components.empty import empty
from dashboard.components.header import Primary, page_header
from dashboard.components.standing import view_of
from dashboard.components.undo import offer_undo
from dashboard.formats import escape
from dashboard.vocabulary import PHASES, state_of

_SHOWN = 10


def render() -> None:
    """Show the view."""
    found, job = session.projects(), demo_at_work()
    if not found and job is not None:
        building("Projects", job)
        return
    # those that wait for somebody stand first
    lives = sorted((session.life(project) for project in found), key=lambda life: not waiting(life))
    primary = Primary(label="New project", icon="add", key="projects-new")
    if page_header("Projects", _sentence(lives), primary=primary if found else None):
        _new()
    demo_failure()
    if not found:
        _none_yet()
    for life in lives[:_SHOWN]:
        _project(life)
    if len(lives) > _SHOWN:
        _others(lives[_SHOWN:])
    _archived()


def _sentence(lives: Sequence[Life]) -> str:
    if not lives:
        return "A project goes round **six phases**, from what was agreed to the retraining that meets it again."
    busy = [life for life in lives if waiting(life)]
    counted = f"{formats.plural(len(lives), 'project')}."
    if not busy:
        return f"{counted} **Nothing waits for you.**"
    told = [f"**{escape(life.project.name)}** {_what_waits(life)}" for life in busy[:3]]
    more = f"; {formats.count(len(busy) - 3)} more wait for you" if len(busy) > 3 else "; nothing else waits for you"
    return f"{counted} {'; '.join(told)}{more}."


def _what_waits(life: Life) -> str:
    if life.open_cases:
        return f"has {formats.plural(len(life.open_cases), 'open case')}"
    title = waiting(life)[0].title
    return f"waits: {escape(title[:1].lower() + title[1:])}"


def _project(life: Life) -> None:
    project, step = life.project, next_step(life)
    with st.container(border=True, gap="small", key=f"projects-{project.id}"):
        with st.container(
            horizontal=True, vertical_alignment="center", gap="small", key=f"flush-projects-{project.id}"
        ):
            st.page_link(
                session.page("overview"),
                label=f"**{escape(project.name)}**",
                icon=":material/trip_origin:",
                query_params={"project": project.slug},
            )
            st.markdown(f":gray[{escape(_of(project))}]", width="stretch")
            st.page_link(
                session.page(step.view),
                label=escape(step.title),
                icon=":material/arrow_forward:",
                query_params={"project": project.slug} | step.address,
            )
            st.button(
                ":material/archive:",
                type="tertiary",
                key=f"projects-archive-{project.id}",
                help=f"Archive {escape(project.name)}; nothing is deleted",
                on_click=_archive,
                args=(project,),
            )
        _strip(life)


def _of(project: Project) -> str:
    clock = f"replay at {formats.last_day(project.clock, project.zone)}" if project.clock else "live"
    return f"predicts {project.task.target}, {clock}" if project.task else clock


def _strip(life: Life) -> None:
    for column, standing in zip(st.columns(6, gap="small"), standings(life), strict=True):
        title, icon = PHASES[standing.phase]
        with column.container(gap=None, key=f"flush-projects-{life.project.id}-{standing.phase}"):
            st.page_link(
                session.page(view_of(standing.phase, life)),
                label=title,
                icon=f":material/{icon}:",
                query_params={"project": life.project.slug},
            )
            st.markdown(state_of(standing.state).badge)
            st.markdown(f":small[:gray[{escape(f'{standing.figure} {standing.label}'.strip())}]]")


def _others(lives: Sequence[Life]) -> None:
    with st.expander(formats.plural(len(lives), "more project")):
        for life in lives:
            link(life.project.name, "overview", icon="trip_origin", project=life.project.slug)


def _none_yet() -> None:
    if empty(
        "folder_copy",
        "No project yet",
        "A project begins with a file: drop it, say what should be predicted, and criteria are proposed.",
        action="Begin with a file",
        key="projects-first",
    ):
        session.go("check")
    with st.container(horizontal=True, horizontal_alignment="center"):
        st.button("Build the flights project", icon=":material/flight:", key="projects-demo", on_click=build_demo)
        if st.button("Begin without a file", key="projects-empty"):
            _new()


@st.dialog("New project", icon=":material/add:")
def _new() -> None:
    st.markdown("Begin with a file, and what is in it answers most questions. Or begin with a name.")
    if st.button("Begin with a file", icon=":material/upload_file:", key="projects-with-file", width="stretch"):
        session.go("check")
    with st.form("projects-begin", border=False):
        name = st.text_input("Name", placeholder="What is it about? For example: late flights", max_chars=80)
        if st.form_submit_button("Begin", type="primary", key="projects-begin-act"):
            if not name.strip():
                st.markdown(":orange[:material/edit: A project needs a name, for example what it predicts.]")
                return
            project = session.workspace().projects.begin(name)
            session.go("overview", project=project.slug)


def _archive(project: Project) -> None:
    projects = session.workspace().projects
    projects.archive(project.id)
    offer_undo(f"{project.name} is archived.", lambda: projects.restore(project.id))


def _archived() -> None:
    put_away = session.workspace().projects.all(archived=True)
    if not put_away:
        return
    with st.expander(f"{formats.plural(len(put_away), 'archived project')}", icon=":material/archive:"):
        for project in put_away:
            with st.container(horizontal=True, vertical_alignment="center"):
                since = formats.day(project.archived_at)
                st.markdown(f"{escape(project.name)} :gray[archived on {since}]", width="stretch")
                st.button(
                    "Restore",
                    icon=":material/unarchive:",
                    key=f"projects-restore-{project.id}",
                    on_click=_restore,
                    args=(project.id,),
                )


def _restore(project_id: str) -> None:
    session.workspace().projects.restore(project_id)
