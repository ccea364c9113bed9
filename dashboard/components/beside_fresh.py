"""The staleness signal: what a fresher model would have gained on the same rows, window by window, in words."""

import streamlit as st

from core.lifecycle.life import Life
from core.lifecycle.verdicts import live_verdict
from core.metrics import METRICS
from core.modelling.comparison import Word
from core.scoping.criterion import Criterion
from core.statistics.estimate import Estimate
from core.workspace.staleness import BesideFresh
from dashboard import formats, session
from dashboard.charts.agreement import resampled, title, unit
from dashboard.components.chart import how_computed
from dashboard.components.table import listing
from dashboard.vocabulary import state_of

_METHOD = """
Of the versions whose training rows end later than those of the one that served, the freshest is scored on the labelled
rows of the window, as they were logged. It counts only in windows that begin after its own training rows end: no row
that it learnt from is in any figure here. The gain is fresh less serving on the same rows, both resampled at once, so
that what they share cancels. Intervals are 95 %: {resampled}. **No gain shown**: the interval holds 0, and a gain
smaller than half its width could not have been told from none.
"""


def beside_fresh(life: Life, criterion: Criterion) -> None:
    """Show what a fresher model would have gained on a criterion, or say what would give one."""
    if METRICS[criterion.metric].needs != "labels":
        st.markdown(f":gray[{criterion.key} is not measured on labels, so no model is better at it than another.]")
        return
    ask = session.workspace().staleness.beside_fresh
    with st.spinner("Scoring a fresher model …"):
        found = session.load("beside-fresh", life.project, lambda: ask(criterion.id), criterion.id)
    if not found:
        st.markdown(f":gray[{_none(life, criterion)}]")
        return
    newest = found[-1]
    days = formats.last_day(newest.window.ends, life.project.zone)
    gained = gain_words(criterion, newest.compared.difference, newest.compared.word)
    st.markdown(f"**Window to {days}**: {formats.escape(newest.fresh.title)} {gained}.")
    listing([_row(life, criterion, one) for one in found[::-1]], alt="Fresh and serving model on the same rows")
    with st.container(horizontal=True, horizontal_alignment="right", key="performance-fresh-foot"):
        how_computed(_METHOD.format(resampled=resampled(criterion.block)), key="performance-fresh")


def gain_words(criterion: Criterion, difference: Estimate, word: Word) -> str:
    """Return what was gained, after a subject: ``would have gained +0.031 [+0.012, +0.050] of recall …``."""
    rows = f"on the same {formats.plural(difference.n, 'row')}"
    if word is Word.NO_DIFFERENCE:
        bounds = difference.interval
        least = (
            f" (could have shown {formats.metric((bounds.upper - bounds.lower) / 2, unit(criterion))})"
            if bounds
            else ""
        )
        return f"shows no gain of {_name(criterion)} {rows}{least}"
    figure = f"**{formats.difference(difference, unit(criterion))}**"
    done = "gained" if word is Word.BETTER else "lost"
    return f"would have {done} {figure} of {_name(criterion)} {rows}"


def _name(criterion: Criterion) -> str:
    said = title(criterion)
    return said if said[:2].isupper() else f"{said[0].lower()}{said[1:]}"


def _row(life: Life, criterion: Criterion, one: BesideFresh) -> dict[str, str]:
    compared = one.compared
    return {
        "Window": formats.window(one.window, life.project.zone),
        "Rows": formats.count(compared.difference.n),
        "Served": f"{formats.escape(one.serving.title)}  \n{formats.estimate(compared.left, unit(criterion))}",
        "Fresher": f"{formats.escape(one.fresh.title)}  \n{formats.estimate(compared.right, unit(criterion))}",
        "Fresh less serving": formats.difference(compared.difference, unit(criterion)),
        "Said": state_of(compared.word).badge,
    }


def _none(life: Life, criterion: Criterion) -> str:
    """Say why nothing is compared yet, and what would change that."""
    now = live_verdict(life, criterion)
    newest = session.workspace().staleness.newest(life.project.id, now.judgement.model_version_id) if now else None
    if newest is None:
        return (
            "No model is fresher than the one that serves. Retraining in a case gives one, or a run on newer rows that "
            "is registered; it is then measured on the rows after its training."
        )
    ends = formats.last_day(newest.ends, life.project.zone)
    return (
        f"{formats.escape(newest.version.title)} is fresher, trained to {ends}. The first window that begins after "
        "that, and is labelled, tells what it gains."
    )
