"""The head of every view: title, one sentence, the clock, one primary action."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.scoping.project import Project
from dashboard import formats, session
from dashboard.components.bell import bell
from dashboard.components.copy_link import copy_link
from dashboard.vocabulary import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Primary:
    """The one filled button of a view. ``on_click`` runs before the view is shown again."""

    label: str
    icon: str = ""
    key: str = "primary"
    on_click: Callable[[], Any] | None = None
    disabled: bool = False
    help: str | None = None


def page_header(
    title: str,
    sentence: str,
    *,
    project: Project | None = None,
    primary: Primary | None = None,
    chips: Sequence[State] = (),
) -> bool:
    """Show the head of a view and tell whether its primary button was pressed.

    ``sentence`` is Markdown: bold the figure that matters, pass data through ``formats.escape``. ``chips`` stand
    behind the title.
    """
    pressed = False
    with st.container(key="header", gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.title(formats.escape(title), anchor=False, width="content")
            st.markdown(" ".join(state.badge for state in chips) or "​", width="stretch")
            if project is not None:
                _clock(project)
                bell(project)
            copy_link()
            if primary is not None:
                pressed = st.button(
                    primary.label,
                    type="primary",
                    icon=f":material/{primary.icon}:" if primary.icon else None,
                    key=primary.key,
                    on_click=primary.on_click,
                    disabled=primary.disabled,
                    help=primary.help,
                )
        st.markdown(sentence)
    return pressed


def _clock(project: Project) -> None:
    moment = session.now(project)
    if project.clock is None:
        st.markdown(
            ":gray-badge[:material/schedule: Live]",
            width="content",
            help=f"Event time follows the wall. It is {formats.time(moment, project.zone)} ({project.time_zone}).",
        )
        return
    st.markdown(
        f":gray-badge[:material/history: Replay, {formats.last_day(moment, project.zone)}]",
        width="content",
        help=f"Event time stands at {formats.time(moment, project.zone)} ({project.time_zone}), "
        f"{formats.time(moment)} UTC: windows, ages and delays are counted on it.",
    )
