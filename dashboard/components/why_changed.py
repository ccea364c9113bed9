"""Why did it change: a criterion's metric from the hold-out to a window, part by part."""

import polars as pl
import streamlit as st

from core.errors import FullcircleError
from core.metrics import METRICS
from core.monitoring.hurting.waterfall import Moved, Part, Waterfall
from core.monitoring.window import Window
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import resampled, title, unit
from dashboard.charts.waterfall import NAMES, parts_of_change
from dashboard.components.chart import chart
from dashboard.components.empty import problem
from dashboard.components.table import table

_HELD_FIXED = {
    Moved.INPUTS: "what inputs lead to",
    Moved.CLASS_SHARES: "inputs and scores within a class",
    Moved.REMAINDER: "nothing: the same inputs and class shares led to something else",
    Moved.TOGETHER: "nothing: inputs and what they lead to cannot be told apart here",
    Moved.BEYOND: "the rows whose every input training saw",
}
_METHOD = """
**Other inputs**: what the metric would be if hold-out rows came as often as their like comes in the window, and led to
what they led to then. A classifier, cross-fitted over blocks, says how often; no row counts for more than 20. A model
of the outcome, learned on the hold-out, speaks for the window's rows, and the weighted hold-out rows correct what it
misses (doubly robust). **Other class shares**: the same rows, each class weighted to its share in the window; recall
and the area under the curve are measured within classes and have no such part. Outcomes that became rarer everywhere
show here. **What is left**: the same inputs and class shares led to something else (concept drift). **Rows beyond
training**: the window's metric minus that of the rows whose every input training saw; no hold-out row tells how the
others turn out.

The parts add up to the change. Intervals are 95 %: {resampled}, on both sides; weights and model stay as learned.
Simulated, other inputs alone leave a remainder whose interval holds 0 in 93 to 95 % of worlds; another concept alone is
laid to the inputs in 1 to 3 %. Nothing is said where a classifier tells more than 95 % of pairs apart, or where fewer
than 5 % of the hold-out would have to speak for all.
"""


def why_changed(project: Project, window: Window, criterion: Criterion) -> None:
    """Show the parts of the change, or why they cannot be told apart."""
    try:
        with st.spinner("Parting the change …"):
            found = session.load(
                "why-changed",
                project,
                lambda: session.workspace().hurting.why(window.id, criterion.id),
                window.id,
                criterion.id,
            )
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    st.markdown(_sentence(criterion, found))
    if not found.parts:
        return
    chart(
        parts_of_change(found, unit(criterion), worse=_worse(criterion, found), theme=session.theme()),
        key="why-chart",
        alt=f"{title(criterion)} from the hold-out to this window, part by part",
        method=_METHOD.format(resampled=resampled(criterion.block)),
        height=300,
    )
    table(
        _table(criterion, found),
        key="why-parts",
        alt="The parts of the change; they add up to it",
        columns={
            "part": "Part",
            "change": st.column_config.TextColumn("Change", width=180),
            "fixed": st.column_config.TextColumn("Held fixed", width=420),
        },
    )


def _worse(criterion: Criterion, found: Waterfall) -> int:
    better = METRICS[criterion.metric].greater_is_better
    if better is None:
        return 1 if found.now >= 0 else -1
    return -1 if better else 1


def _sentence(criterion: Criterion, found: Waterfall) -> str:
    why = formats.escape(found.reason)
    if not found.parts:
        return f"**Why it changed cannot be said**: {why}"
    changed = (
        f"{formats.escape(title(criterion))} changed by "
        f"**{formats.moved(found.change, found.interval, unit(criterion))}** from the hold-out to here"
    )
    shown = [part for part in found.parts if part.interval is not None and not part.interval.contains(0.0)]
    foremost = max(shown, key=lambda part: abs(part.value), default=None)
    most = f"**{NAMES[foremost.moved]}** {_figure(criterion, foremost)}" if foremost else "no part is certain by itself"
    basis = f"{formats.plural(found.n_beyond, 'row')} of {formats.count(found.n_current)} lie beyond training"
    if found.reason:
        return f"{changed}: {most}. {basis}; the others cannot be parted: {why}"
    worth = f"{formats.plural(found.n_reference, 'hold-out row')} weighted are worth {formats.count(found.n_effective)}"
    return f"{changed}: {most}. :gray[{basis}; {worth}.]"


def _figure(criterion: Criterion, part: Part) -> str:
    return formats.moved(part.value, part.interval, unit(criterion))


def _table(criterion: Criterion, found: Waterfall) -> pl.DataFrame:
    whole = formats.moved(found.change, found.interval, unit(criterion))
    return pl.DataFrame(
        {
            "part": [*(NAMES[part.moved] for part in found.parts), "The whole change"],
            "change": [*(_figure(criterion, part) for part in found.parts), whole],
            "fixed": [*(_HELD_FIXED[part.moved] for part in found.parts), ""],
        }
    )
