"""The slices in which a run fails: declared ones first, then the weak ones, each with its rows."""

import polars as pl
import streamlit as st

from core.lifecycle.life import Life
from core.metrics import METRICS
from core.modelling.run import Run
from core.modelling.slices.groups import LEAST_ROWS
from core.modelling.slices.weak import SliceFigure, WeakSlices
from core.people.actor import Permission
from core.scoping.criterion import Criterion
from core.statistics.blocks import MIN_BLOCKS
from dashboard import formats, session
from dashboard.charts.agreement import figure, resampled
from dashboard.charts.slices import measured, slice_words
from dashboard.charts.weak_slices import height, listed, slices_measured
from dashboard.components.chart import chart
from dashboard.components.choice import choose, newly_picked
from dashboard.components.criterion_form import ask_for_criterion_on, fits
from dashboard.components.table import table

_METHOD = """
Slices are the levels of a category, the quarters of a number, values beyond training, missing values; then pairs of
these. Each has at least {rows} rows in {blocks} {block}s, and so have the others. A point is **{title}** in the slice
with its 95 % interval, its size the rows that it rests on; a diamond is the slice of a criterion, agreed before anybody
looked. The plain line is all rows, the dotted one what was agreed. Behind the intervals, {resampled}.

A slice is listed as weak if its {metric} is worse than that of the other rows by more than chance explains, after
Benjamini-Hochberg (q < 0.05) over all slices that were looked at; a pair has to be worse than the rest of either of its
slices too, and none has more than half of the rows. Slices of nearly the same rows (80 %) are listed once. The first is
the one that costs most: **Would bring** is by how much the {metric} of all rows would be better if the slice were as
good as the others. What slices that overlap would bring does not add up.

A slice that was picked because it is weak looks weaker than it is: on new rows expect its figure nearer to the others.
That of an agreed slice is as it is.
"""
_COUNTED = {"recall": "row that turned out positive", "precision": "row that the model said yes to"}


def weak_slices(life: Life, run: Run, criterion: Criterion, found: WeakSlices) -> None:
    """Show the slices, and the rows of the one that is chosen."""
    slices = listed(found)
    if not slices:
        return
    chosen = next((one for one in slices if one.slice.hash == st.query_params.get("slice")), None)
    _slices(criterion, found, chosen)
    if chosen is not None:
        _rows(life, run, criterion, found, chosen)


def _slices(criterion: Criterion, found: WeakSlices, chosen: SliceFigure | None) -> None:
    name, _ = measured(found.measured_as)
    points = chart(
        slices_measured(found, criterion, chosen.slice.hash if chosen else "", session.theme()),
        key="weak-chart",
        alt=f"{METRICS[criterion.metric].title} in each slice, with its interval, against all rows and what was agreed",
        method=_METHOD.format(
            rows=LEAST_ROWS,
            blocks=MIN_BLOCKS,
            block=criterion.block,
            title=METRICS[criterion.metric].title.lower(),
            metric=name.lower(),
            resampled=resampled(criterion.block),
        ),
        height=height(found),
        selectable=True,
    )
    picked = newly_picked(points, "weak-chart")
    slices = listed(found)
    row = table(
        _table(criterion, found),
        key="weak-slices",
        alt="Slices, those of criteria first, then the weak ones, the costliest first",
        columns={
            "slice": st.column_config.TextColumn("Slice", width=270, help="Choose a row to see its rows"),
            "rows": st.column_config.NumberColumn("Rows", format="localized"),
            "figure": st.column_config.TextColumn(METRICS[criterion.metric].title, width=170),
            "gap": st.column_config.TextColumn(
                "Against the others", width=180, help=f"{name} of the slice less that of the others"
            ),
            "gain": st.column_config.TextColumn("Would bring", width=90),
            "why": st.column_config.TextColumn("Listed because", width=110),
            "same": "Nearly the same rows",
        },
        selectable=True,
    )
    picked = picked or newly_picked([] if row is None else [slices[row].slice.hash], "weak-slices")
    if picked and (chosen is None or picked != chosen.slice.hash):
        choose(slice=str(picked))
        st.rerun()


def _table(criterion: Criterion, found: WeakSlices) -> pl.DataFrame:
    _, unit = measured(found.measured_as)
    slices, weak = listed(found), {one.figure.slice.hash: one for one in found.found}
    known = [weak.get(one.slice.hash) for one in slices]
    same = ["; ".join(slice_words(other) for other in one.also) if one else "" for one in known]
    return pl.DataFrame(
        {
            "slice": [slice_words(one.slice) for one in slices],
            "rows": [one.rows for one in slices],
            "figure": [figure(criterion, one.estimate) for one in slices],
            "gap": [formats.moved(one.gap, one.interval, unit) if one else formats.NOTHING for one in known],
            "gain": [formats.moved(one.gain, None, unit) if one else formats.NOTHING for one in known],
            "why": ["agreed" if one in found.declared else "weak" for one in slices],
        }
        | ({"same": same} if any(same) else {})
    )


def _rows(life: Life, run: Run, criterion: Criterion, found: WeakSlices, chosen: SliceFigure) -> None:
    """Show the rows of a slice, the worst first."""
    rows = session.load(
        "weak-rows",
        life.project,
        lambda: session.workspace().errors.rows_of(run.id, criterion.id, chosen.slice),
        run.id,
        criterion.id,
        chosen.slice.hash,
    )
    words = slice_words(chosen.slice)
    one, _, rest = _COUNTED.get(found.measured_as, "row with a label").partition(" ")
    with st.container(horizontal=True, vertical_alignment="center", key="weak-rows-head"):
        head = f"**{formats.escape(words)}**: {formats.plural(rows.height, one)} {rest}, the worst first"
        st.markdown(head, width="content")
        if (
            fits(chosen.slice)
            and chosen not in found.declared
            and st.button(
                "Agree on a criterion here",
                icon=":material/flag:",
                type="tertiary",
                key="weak-agree",
                disabled=not session.workspace().actor.may(Permission.WRITE),
            )
        ):
            ask_for_criterion_on(life, criterion, chosen.slice)
    table(rows, key="weak-rows", alt=f"Rows where {words}, the worst first", most_rows=8)
