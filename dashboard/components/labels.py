"""The labels of a dataset version: how they are spread, what is doubtful about them, whether people agree on them."""

import streamlit as st

from core.data.by_column import brief
from core.data.checks import CHECKS
from core.data.dataset import DatasetVersion
from core.data.finding import CheckStatus, Finding
from core.data.version_labels import CHECKS_OF_LABELS, LabelClass, VersionLabels, version_labels
from core.lifecycle.life import Life
from core.scoping.project import TaskKind
from dashboard import formats
from dashboard.components.choice import choose
from dashboard.components.label_study import label_study
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE, state_of

_NAMED = 4
_FOUND = (CheckStatus.FAILED, CheckStatus.CRASHED)


def labels(life: Life, version: DatasetVersion, *, key: str) -> None:
    """Show what is known of a version's labels, and the label study of its project."""
    task = life.project.task
    if task is None:
        st.markdown(":gray[Nothing is predicted yet, so no column is a label.]")
    elif (told := version_labels(version.profile or {}, version.findings, task)) is None:
        st.markdown(f"This version has no column **{escape(task.target)}**, which is to be predicted.")
    else:
        st.markdown(_sentence(told, task.kind))
        with st.container(gap="xsmall", key=f"{key}-checks"):
            for check in CHECKS_OF_LABELS:
                _line(told, check, key=key)
    st.markdown("### Do people agree on the labels?")
    label_study(life, version, key=f"{key}-study")


def _sentence(told: VersionLabels, kind: TaskKind) -> str:
    """Return how labels are spread, as Markdown: ``**late** is no in **77.6 %** of 10,680 rows, yes in **22.4 %**``."""
    name = f"**{escape(told.target)}**"
    gone = _gone(told)
    if not told.labelled:
        return f"{name} is empty: no row has a label."
    rows = formats.plural(told.labelled, "row")
    if kind is TaskKind.REGRESSION:
        low, middle, high = (formats.metric(value, "label") for value in (told.low, told.median, told.high))
        return f"{name} lies between {low} and {high} in {rows}, its median is **{middle}**.{gone}"
    if not told.classes:
        return f"{name} has too many different labels in {rows} to be listed.{gone}"
    first, *rest = [_class(one) for one in told.classes[:_NAMED]]
    unnamed = told.beyond(_NAMED)
    others = [f"another label in **{formats.share(unnamed)}**"] if unnamed else []
    return f"{name} is {first} of {rows}{''.join(f', {one}' for one in [*rest, *others])}.{gone}"


def _gone(told: VersionLabels) -> str:
    """Return how many rows have no label, where no finding says so below."""
    if not told.missing:
        return " Every row has a label."
    if told.of_check("label_balance"):
        return ""
    return f" {formats.plural(told.missing, 'row')} ({formats.share(told.missing_share)}) have no label."


def _class(one: LabelClass) -> str:
    return f"{escape(one.label)} in **{formats.share(one.share)}**"


def _line(told: VersionLabels, check: str, *, key: str) -> None:
    """Say what one check of labels found, with the way to its finding."""
    results = told.of_check(check)
    if not results:
        return
    worst = results[0]
    if worst.status not in _FOUND:
        passed = worst.status is CheckStatus.PASSED
        words = escape(CHECKS[check].title if passed else worst.message.replace("`", ""))
        st.markdown(f"{state_of(worst.status).badge} {words if passed else f':gray[{words}]'}")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"{key}-{check}"):
        badge = state_of(worst.severity if worst.status is CheckStatus.FAILED else worst.status).badge
        st.markdown(f"{badge} {_words(worst)}", width="content")
        if worst.status is CheckStatus.FAILED:
            st.button(
                "Look at them",
                icon=":material/search:",
                type="tertiary",
                key=f"{key}-{check}-look",
                on_click=lambda: choose(show="findings", column=worst.column or WHOLE_TABLE),
            )


def _words(finding: Finding) -> str:
    return escape(brief(finding, width=110))
