"""The questions with which a project begins: what is predicted, when it happened, what one row is, what rows share."""

from collections.abc import Set
from dataclasses import dataclass

import streamlit as st

from core.data.profile import Profile
from core.modelling.first_task import Choices, choices, grouped, task_of, without
from core.scoping.project import Task, TaskKind
from dashboard import formats
from dashboard.formats import escape
from dashboard.vocabulary import KINDS

_ZONES = ("UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Chicago", "America/Los_Angeles")
_MORE_ZONES = ("Asia/Kolkata", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a person answered; ``task`` is ``None`` where nothing is left to predict from."""

    task: Task | None
    time_zone: str


def first_task(profile: Profile, *, key: str) -> Answered:
    """Ask the questions about a table, each with the guessed answer chosen, and say what they come to."""
    begun = choices(profile)
    if not begun.targets:
        st.markdown(":orange[:material/help: No column of this file changes, so there is nothing to predict.]")
        return Answered(task=None, time_zone="UTC")
    target = st.selectbox("What should be predicted?", begun.targets, key=f"{key}-target") or begun.targets[0]
    found = choices(profile, target=target)
    time = _column("When did it happen?", found.times, "no time: rows stand in no order", key=f"{key}-time-{target}")
    entity = _column("What is one row?", found.entities, "no id: rows go by their place", key=f"{key}-entity-{target}")
    group = None if time else _group(found, key=f"{key}-group-{target}")
    positive = _positive(found, target, key=f"{key}-positive-{target}")
    with st.popover("Options", icon=":material/tune:", type="tertiary", key=f"{key}-options"):
        left_out = _left_out(found, {target, time, entity, group}, key=f"{key}-left-out-{target}")
        zone = _zone(time, key=f"{key}-zone")
    task = task_of(found, target=target, time=time, entity=entity, positive=positive)
    task = grouped(task, group) if task else None
    task = without(task, left_out) if task else None
    _in_words(found, task)
    return Answered(task=task, time_zone=zone)


def _column(question: str, options: tuple[str | None, ...], none: str, *, key: str) -> str | None:
    words = [option or none for option in options]
    place = st.selectbox(question, range(len(options)), format_func=words.__getitem__, key=key)
    return options[place]


def _group(found: Choices, *, key: str) -> str | None:
    if len(found.groups) == 1:
        return None
    none = "nothing: each row stands for itself"
    return st.selectbox(
        "What do rows share?",
        found.groups,
        format_func=lambda name: name or none,
        key=key,
        help="One patient, customer or machine with several rows. They are held out together, and intervals count "
        "them together: rows of one resemble one another. Choose none where every row is of another one.",
    )


def _positive(found: Choices, target: str, *, key: str) -> str | None:
    if found.kind is not TaskKind.BINARY or not found.positives:
        return None
    return st.segmented_control(
        f"Which value of {escape(target)} do you look for?",
        found.positives,
        default=found.positives[0],
        required=True,
        key=key,
    )


def _left_out(found: Choices, taken: Set[str | None], *, key: str) -> list[str]:
    return st.multiselect(
        "Leave out of the inputs",
        [name for name in found.inputs if name not in taken],
        placeholder="every column is an input",
        key=key,
        help="Columns that are not known when predicting: what is written down with the answer, or after it. "
        "They stay in the dataset.",
    )


def _zone(time: str | None, *, key: str) -> str:
    if time is None:
        return "UTC"
    own = st.context.timezone or "UTC"
    zones = list(dict.fromkeys(["UTC", own, *_ZONES, *_MORE_ZONES]))
    return st.selectbox("The times of the file are those of", zones, key=key) or "UTC"


def _in_words(found: Choices, task: Task | None) -> None:
    if task is None:
        st.markdown(
            ":orange[:material/help: No column is left to predict from. Choose another target, or leave less out.]"
        )
        return
    inputs = formats.sentence(escape(name) for name in task.inputs[:8])
    more = f" and {len(task.inputs) - 8} more" if len(task.inputs) > 8 else ""
    st.markdown(
        f"**{escape(task.target)}** is {KINDS[task.kind]}, predicted from "
        f"{formats.plural(len(task.inputs), 'column')}: :gray[{inputs}{more}].",
        help="\n\n".join(found.reasons),
    )
