"""What separates these days from the reference when all columns are looked at together."""

import polars as pl
import streamlit as st

from core.drift.joint import LEAST_UNITS, MARGIN, JointDrift
from dashboard import formats, session
from dashboard.charts.separating import height, separating_columns
from dashboard.components.chart import chart
from dashboard.components.drift_look import Look

_CERTAIN = 0.01
_METHOD = f"""
A model learns to tell rows of these days from the reference, on half of the days of each, and is asked about the
other half; at most 2,000 rows of each. **Area under the curve**: 0.5 is a coin, 1 tells every day. They **differ
together** from {0.5 + MARGIN:g} on, with p below {_CERTAIN:g}. A bar is what the area loses when the values of that
column are shuffled; columns that say the same share it. Classifier two-sample test, Lopez-Paz and Oquab 2017.
"""


def together(look: Look, *, block: str) -> None:
    """Show whether rows can be told apart by all columns together, and by which."""
    version = look.week.version
    if version is None:
        st.markdown(":gray[No version answered in these days.]")
        return
    ask = session.workspace().drift.what_separates
    key = [version.id, *(f"{span.starts}/{span.ends}" for span in (look.current, look.against) if span)]
    with st.spinner("Learning to tell these days apart …"):
        found = session.load(
            "drift-together",
            look.project,
            lambda: ask(look.project.id, version, look.current, against=look.against),
            *key,
        )
    if found is None:
        st.markdown(_too_few(block))
        return
    joint, columns = found
    st.markdown(_sentence(joint, block))
    chart(
        separating_columns(columns, session.theme()),
        key="drift-together",
        alt="By which columns rows of these days are told from the reference",
        rows=pl.DataFrame(
            {"column": [c.column for c in columns], "lost without it": [formats.metric(c.drop) for c in columns]}
        ),
        method=_METHOD,
        height=height(columns),
    )


def _sentence(joint: JointDrift, block: str) -> str:
    area = f"area under the curve **{formats.metric(joint.auc)}**, 0.5 is a coin"
    p_value = formats.p_value(joint.p_value)
    of = f"{formats.plural(joint.units, block)} that it had not seen, p {p_value}"
    if joint.auc >= 0.5 + MARGIN and joint.p_value < _CERTAIN:
        return f"All columns together **tell these days from the reference**: {area} ({of})."
    return f"All columns together **do not tell these days from the reference**: {area} ({of})."


def _too_few(block: str) -> str:
    least = 2 * LEAST_UNITS
    return (
        f":gray[To look at all columns together takes {least} {block}s on either side. Draw a box over several "
        "weeks, or choose an earlier week under Options, Since.]"
    )
