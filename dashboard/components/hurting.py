"""Where does it hurt: the slices of a window in which a criterion's metric got worse by more than elsewhere."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.errors import FullcircleError
from core.modelling.slices.groups import LEAST_ROWS
from core.monitoring.hurting.search import Hurt, Hurting
from core.monitoring.window import Window
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from dashboard import formats, session
from dashboard.charts.agreement import resampled
from dashboard.charts.slices import changed_slices, height, measured, slice_words
from dashboard.components.chart import chart
from dashboard.components.chip import link
from dashboard.components.choice import choose, newly_picked
from dashboard.components.empty import problem
from dashboard.components.table import table

_COUNTED = {"recall": "row that turned out positive", "precision": "row that the model said yes to"}
_METHOD = """
The window's labelled rows are held against the champion's hold-out, slice by slice: the levels of a category, the
quarters of a number in the hold-out, values beyond training, missing values; then pairs of these. A bar is how much
**{metric}** changed in a slice, with its 95 % interval; the dotted line is the change of all rows. Behind the
intervals, {resampled}.

A slice is listed if it got worse by more than the other rows, by more than chance explains, after Benjamini-Hochberg
(q < 0.05) over all slices that were looked at; a pair has to stand out from the rest of either of its slices too.
Slices of nearly the same rows (80 %) are listed once. **Part of the change** is what a slice brought to the change of
all rows: its own change, and that it became more or less frequent. Parts of slices that overlap do not add up.
{stands_for}
"""
_STANDS_FOR = "\n**{title}** is no mean over rows, so slices are compared by the {metric}."


def where_hurts(project: Project, window: Window, criterion: Criterion) -> None:
    """Show the slices, and the rows of the one that is chosen."""
    try:
        with st.spinner("Looking through the slices …"):
            found = session.load(
                "hurting",
                project,
                lambda: session.workspace().hurting.where(window.id, criterion.id),
                window.id,
                criterion.id,
            )
    except FullcircleError as refusal:
        problem(str(refusal))
        return
    hurts = _of_column(found)
    st.markdown(_sentence(found, hurts))
    if not hurts:
        return
    chosen = next((hurt for hurt in hurts if hurt.slice.hash == st.query_params.get("slice")), None)
    _slices(found, hurts, chosen, criterion)
    if chosen is not None:
        _rows(project, window, criterion, found, chosen)


def _of_column(found: Hurting) -> Sequence[Hurt]:
    """Return the slices of the column that the address names, where it has one that hurts; else all."""
    named = st.query_params.get("column")
    return [hurt for hurt in found.found if named in {c.column for c in hurt.slice.conditions}] or found.found


def _sentence(found: Hurting, hurts: Sequence[Hurt]) -> str:
    name, unit = measured(found.measured_as)
    if found.reason:
        return f"Not looked at: {formats.escape(found.reason)}"
    all_rows = f"{name} {formats.metric(found.then, unit)} in the hold-out, **{formats.metric(found.now, unit)}** here"
    looked = f"{formats.plural(found.looked_at, 'slice')} looked at"
    if not found.looked_at:
        return f"{all_rows}. **No slice has enough rows**: each takes {LEAST_ROWS} of them on either side."
    if not hurts:
        none = "none got worse than the other rows by more than chance explains"
        return f"{all_rows}. **No slice stands out**: {none} ({looked})."
    worst = hurts[0]
    part = f" brings **{_part(worst)}** of the change" if worst.share is not None else " got worst"
    stands = formats.plural(found.stand_out, "slice stands", "slices stand")
    out = f"{stands} out of {looked}{_which(found, hurts)}"
    return f"{all_rows}. **{formats.escape(slice_words(worst.slice))}**{part}; {out}."


def _which(found: Hurting, hurts: Sequence[Hurt]) -> str:
    """Say which of the slices that stand out are listed, where it is not all of them."""
    column = formats.escape(st.query_params.get("column", ""))
    if column and hurts is not found.found:
        return f", {formats.count(len(hurts))} of {column} among them"
    most = "" if found.stand_out == len(hurts) else f", the {formats.count(len(hurts))} largest are listed"
    return f"{most}, none of {column} among them" if column else most


def _part(hurt: Hurt) -> str:
    return formats.NOTHING if hurt.share is None else formats.share(hurt.share, 0)


def _slices(found: Hurting, hurts: Sequence[Hurt], chosen: Hurt | None, criterion: Criterion) -> None:
    name, _ = measured(found.measured_as)
    rows = _table(found, hurts)
    stands_for = "" if found.measured_as == criterion.metric else _STANDS_FOR
    points = chart(
        changed_slices(found, hurts, chosen.slice.hash if chosen else "", session.theme()),
        key="hurting-chart",
        alt=f"How much {name} changed in each slice that stands out, with its interval",
        method=_METHOD.format(
            metric=name,
            resampled=resampled(criterion.block),
            stands_for=stands_for.format(title=criterion.key, metric=name.lower()),
        ),
        height=height(hurts),
        selectable=True,
    )
    picked = newly_picked(points, "hurting-chart")
    row = table(
        rows,
        key="hurting-slices",
        alt="Slices that stand out, the largest part of the change first",
        columns={
            "slice": st.column_config.TextColumn("Slice", width=270, help="Choose a row to see its rows"),
            "rows": st.column_config.NumberColumn("Rows", format="localized"),
            "then": "Hold-out",
            "now": st.column_config.TextColumn("Now", width=110),
            "change": st.column_config.TextColumn("Change", width=180),
            "part": "Part of the change",
            "same": "Nearly the same rows",
        },
        selectable=True,
    )
    picked = picked or newly_picked([] if row is None else [hurts[row].slice.hash], "hurting-slices")
    if picked and (chosen is None or picked != chosen.slice.hash):
        choose(slice=str(picked))
        st.rerun()


def _table(found: Hurting, hurts: Sequence[Hurt]) -> pl.DataFrame:
    _, unit = measured(found.measured_as)
    return pl.DataFrame(
        {
            "slice": [slice_words(hurt.slice) for hurt in hurts],
            "rows": [hurt.rows for hurt in hurts],
            "then": ["no such rows" if hurt.then is None else formats.metric(hurt.then, unit) for hurt in hurts],
            "now": [formats.metric(hurt.now, unit) for hurt in hurts],
            "change": [formats.moved(hurt.change, hurt.interval, unit) for hurt in hurts],
            "part": [_part(hurt) for hurt in hurts],
        }
        | _same(hurts)
    )


def _same(hurts: Sequence[Hurt]) -> dict[str, list[str]]:
    """Return what else says nearly the same rows; nothing where no slice has any."""
    others = ["; ".join(slice_words(other) for other in hurt.also) for hurt in hurts]
    return {"same": others} if any(others) else {}


def _rows(project: Project, window: Window, criterion: Criterion, found: Hurting, hurt: Hurt) -> None:
    """Show the rows of a slice, the worst first."""
    rows = session.load(
        "hurting-rows",
        project,
        lambda: session.workspace().hurting.rows_of(window.id, criterion.id, hurt.slice),
        window.id,
        criterion.id,
        hurt.slice.hash,
    )
    words = formats.escape(slice_words(hurt.slice))
    noun = _COUNTED.get(found.measured_as, "row with a label")
    one, _, rest = noun.partition(" ")
    with st.container(horizontal=True, vertical_alignment="center", key="hurting-rows-head"):
        st.markdown(f"**{words}**: {formats.plural(rows.height, one)} {rest}, the worst first", width="content")
        for column in dict.fromkeys(condition.column for condition in hurt.slice.conditions):
            link(f"How {column} moved", "drift", icon="change_history", window=window.id, column=column)
    table(rows, key="hurting-rows", alt=f"Rows where {slice_words(hurt.slice)}, the worst first", most_rows=8)
