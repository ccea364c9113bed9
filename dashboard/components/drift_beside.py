"""One column held against two references at once: what both say, and both drawn in one chart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from core.data.in_full import Moved
from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.picture import Picture
from dashboard import formats, session
from dashboard.charts.agreement import resampled
from dashboard.charts.theme import Theme
from dashboard.charts.two_references import Against, how_far_from_both, shapes_of_both
from dashboard.components.chart import chart
from dashboard.components.drift_rows import bins, quantiles_or_levels
from dashboard.vocabulary import state_of

_HEIGHT = 260
_SAID: Mapping[DriftVerdict, str] = {
    DriftVerdict.DRIFTED: "moved against {}",
    DriftVerdict.STABLE: "like {}",
    DriftVerdict.NOT_ENOUGH_DATA: "not enough data to compare with {}",
    DriftVerdict.NOT_APPLICABLE: "not to be compared with {}",
}
_SHAPE = """
Grey is the first reference, the other colour the second; the same rows stand before either. **Numbers**: the first
above, the second below, on one scale of values; each pair has its own bins, and a bar is the share of its rows.
**Categories**: the levels that either pair draws; the rest are all others.
"""
_HOW_FAR = """
These rows minus the first reference (grey) and minus the second. **Numbers**: for each share of rows, the value that
so many rows lie below. **Categories**: the share of each level. Where a band or bar holds 0, the rows may be like that
reference there. Bands and bars are 95 % intervals; behind them, {resampled}.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A column held against a reference, and what that is called: ``the days before``."""

    drift: ColumnDrift | Moved
    picture: Picture | None
    called: str


def both_in_words(first: Held, second: Held) -> str:
    """Return both verdicts in a sentence: ``Moved against the training rows, but like the days before.``."""
    if first.drift.verdict is second.drift.verdict:
        said = _SAID[first.drift.verdict].format(_together(first, second))
    else:
        said = ", but ".join(_SAID[held.drift.verdict].format(held.called) for held in (first, second))
    return f"**{said[0].upper()}{said[1:]}.**"


def _together(first: Held, second: Held) -> str:
    if first.drift.verdict in {DriftVerdict.DRIFTED, DriftVerdict.STABLE}:
        return f"both {first.called} and {second.called}"
    return f"either {first.called} or {second.called}"


def effect_of(held: Held) -> str:
    """Return the effect with its interval, the rows of the reference and the verdict, as a line."""
    drift, badge = held.drift, state_of(held.drift.verdict).badge
    rows = formats.plural(drift.n_reference, "row")
    if drift.effect is None:
        return f"Against {held.called} ({rows}): {badge}"
    figure = f"**{formats.metric(drift.effect)} {formats.interval(drift.interval)}**"
    return f"Against {held.called} ({rows}): effect {figure} {badge}"


def draw_both(part: str, first: Held, second: Held, block: str) -> bool:
    """Draw a part of the panel against both references; tell whether that part can be drawn so."""
    if part not in _PARTS or first.picture is None or second.picture is None:
        return False
    way = _PARTS[part]
    one, other = (
        Against(picture=first.picture, called=first.called),
        Against(picture=second.picture, called=second.called),
    )
    chart(
        way.draw(one, other, session.theme()),
        key=f"drift-both-{part}",
        alt=f"{way.said} {one.picture.column} against {first.called} and against {second.called}",
        rows=pl.concat([_named(way.rows(against.picture), against.called) for against in (one, other)]),
        method=way.method.format(resampled=resampled(block)),
        height=_HEIGHT,
        legend=True,
    )
    return True


def _named(rows: pl.DataFrame, called: str) -> pl.DataFrame:
    return rows.select(pl.lit(called).alias("against"), pl.all())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """How a part of the panel is drawn against two references."""

    draw: Callable[[Against, Against, Theme], go.Figure]
    rows: Callable[[Picture], pl.DataFrame]
    said: str
    method: str


_PARTS: Mapping[str, _Part] = {
    "shape": _Part(draw=shapes_of_both, rows=bins, said="Distribution of", method=_SHAPE),
    "far": _Part(draw=how_far_from_both, rows=quantiles_or_levels, said="How far each part moved of", method=_HOW_FAR),
}
