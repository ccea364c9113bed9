"""How the scores of a run hold: calibration, ROC and precision-recall curves, confusion, residuals."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard import formats
from dashboard.charts.theme import GREY, Theme, faint, palette

_CELL = 64
_SMALL = {"size": 12}


def calibration_curve(groups: pl.DataFrame, theme: Theme, *, axes: tuple[str, str]) -> go.Figure:
    """Draw groups of rows with like scores: what was predicted against what happened; on the line both agree."""
    both = [*groups["predicted"].to_list(), *groups["happened"].to_list()]
    low, high = min(both), max(both)
    colour = palette(theme).current
    drawn = go.Figure([_agreement([low, high], [low, high], "both agree")])
    drawn.add_trace(
        go.Scatter(
            x=groups["predicted"].to_list(),
            y=groups["happened"].to_list(),
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 9},
            error_y=_bars(groups, "happened", colour),
            customdata=groups.select("rows").with_columns(_interval(groups)).rows(),
            hovertemplate="predicted %{x:.3f}, happened %{y:.3f} %{customdata[1]} (%{customdata[0]:,} rows)"
            "<extra></extra>",
            name="this run",
        )
    )
    return _named(drawn, axes)


def curve(points: pl.DataFrame, theme: Theme, *, axes: tuple[str, str], guess: tuple[float, float]) -> go.Figure:
    """Draw a curve from 0 to 1 with its band; ``points`` are x, y, lower, upper.

    ``guess`` is how high the line of guessing begins and ends.
    """
    x, y = points.columns[:2]
    colour, across = palette(theme).current, points[x].to_list()
    drawn = go.Figure([_agreement([0, 1], guess, "guessing")])
    if points["lower"].null_count() == 0:
        edge = {"x": across, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
        drawn.add_trace(go.Scatter(y=points["lower"].to_list(), **edge))
        drawn.add_trace(go.Scatter(y=points["upper"].to_list(), fill="tonexty", fillcolor=faint(colour), **edge))
    drawn.add_trace(
        go.Scatter(
            x=across,
            y=points[y].to_list(),
            mode="lines",
            line={"color": colour, "width": 2},
            customdata=_interval(points).to_list(),
            hovertemplate=f"{axes[0]} %{{x:.2f}}<br>{axes[1]} %{{y:.3f}} %{{customdata}}<extra></extra>",
            name="this run",
        )
    )
    drawn.update_xaxes(range=[0, 1])
    drawn.update_yaxes(range=[0, 1.02])
    return _named(drawn, axes)


def confusion_height(classes: int) -> int:
    """Return how high the squares are."""
    return _CELL * classes + 70


def confusion(cells: pl.DataFrame, theme: Theme) -> go.Figure:
    """Draw a square for every two classes: the rows, and the share of the label's rows with its interval."""
    colours = palette(theme)
    names: list[str] = cells["label"].unique(maintain_order=True).to_list()
    few = len(names) <= 4
    texts = [_cell_text(cell, few=few) for cell in cells.iter_rows(named=True)]
    shares = cells["share"].to_list()
    size = len(names)
    drawn = go.Figure(
        go.Heatmap(
            x=names,
            y=names,
            z=[shares[i : i + size] for i in range(0, len(shares), size)],
            text=[texts[i : i + size] for i in range(0, len(texts), size)],
            customdata=[[_cell_hover(cell) for cell in row.iter_rows(named=True)] for row in cells.iter_slices(size)],
            texttemplate="%{text}",
            hovertemplate="%{customdata}<extra></extra>",
            colorscale=[[0, faint(colours.current, 0.04)], [1, faint(colours.current, 0.5)]],
            zmin=0,
            zmax=1,
            showscale=False,
            xgap=3,
            ygap=3,
            textfont={"color": colours.ink, "size": 13 if few else 11},
        )
    )
    drawn.update_xaxes(title={"text": "said", "font": _SMALL}, showgrid=False, type="category")
    drawn.update_yaxes(
        title={"text": "happened", "font": _SMALL},
        autorange="reversed",
        showgrid=False,
        type="category",
        ticksuffix=" ",
    )
    drawn.update_layout(hovermode="closest")
    return drawn


def residual_bands(groups: pl.DataFrame, theme: Theme) -> go.Figure:
    """Draw by how much the true value exceeds the prediction, along it: the middle 80 % of rows, and the mean."""
    colours, across = palette(theme), groups["predicted"].to_list()
    edge = {"x": across, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn = go.Figure([_agreement([across[0], across[-1]], [0, 0], "no error")])
    drawn.add_trace(go.Scatter(y=groups["low"].to_list(), showlegend=False, **edge))
    drawn.add_trace(
        go.Scatter(
            y=groups["high"].to_list(), fill="tonexty", fillcolor=faint(colours.current), name="4 of 5 rows", **edge
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=across,
            y=groups["missed"].to_list(),
            mode="lines+markers",
            line={"color": colours.current, "width": 2},
            marker={"size": 9},
            error_y=_bars(groups, "missed", colours.current),
            customdata=groups.select("rows").with_columns(_interval(groups)).rows(),
            hovertemplate="predicted %{x:.4g}: mean error %{y:.4g} %{customdata[1]} (%{customdata[0]:,} rows)"
            "<extra></extra>",
            name="mean",
        )
    )
    return _named(drawn, ("predicted value", "true minus predicted"))


def at_cut(drawn: go.Figure, theme: Theme, *, x: float, y: float, words: str) -> go.Figure:
    """Mark the point of a curve at which the model says yes."""
    drawn.add_trace(
        go.Scatter(
            x=[x],
            y=[y],
            mode="markers",
            marker={"size": 11, "color": palette(theme).paper, "line": {"color": palette(theme).current, "width": 3}},
            name=words,
            hovertemplate=f"{words}: %{{x:.3f}}, %{{y:.3f}}<extra></extra>",
        )
    )
    return drawn


def _agreement(x: Sequence[float], y: Sequence[float], name: str) -> go.Scatter:
    line = {"color": GREY, "width": 1.5, "dash": "dot"}
    return go.Scatter(x=list(x), y=list(y), mode="lines", line=line, hoverinfo="skip", name=name)


def _bars(groups: pl.DataFrame, middle: str, colour: str) -> dict[str, object]:
    bounded = groups.with_columns(pl.col("lower", "upper").fill_null(pl.col(middle)))
    return {
        "type": "data",
        "symmetric": False,
        "array": (bounded["upper"] - bounded[middle]).to_list(),
        "arrayminus": (bounded[middle] - bounded["lower"]).to_list(),
        "color": faint(colour, 0.6),
        "thickness": 2,
        "width": 0,
    }


def _interval(groups: pl.DataFrame) -> pl.Series:
    ends = zip(groups["lower"].to_list(), groups["upper"].to_list(), strict=True)
    texts = [f"[{low:.3f}, {high:.3f}]" if low is not None and high is not None else "" for low, high in ends]
    return pl.Series("interval", texts, pl.String)


def _cell_text(cell: dict[str, object], *, few: bool) -> str:
    if cell["share"] is None:
        return formats.NOTHING
    share = formats.share(float(cell["share"]))  # type: ignore[arg-type]
    if not few:
        return share
    return f"<b>{share}</b>{_ends(cell)}<br>{cell['rows']:,} rows"


def _cell_hover(cell: dict[str, object]) -> str:
    if cell["share"] is None:
        return f"No row turned out {cell['label']}"
    share = formats.share(float(cell["share"]))  # type: ignore[arg-type]
    return f"happened {cell['label']}, said {cell['predicted']}: {cell['rows']:,} rows<br>{share}{_ends(cell)}"


def _ends(cell: dict[str, object]) -> str:
    lower, upper = cell["lower"], cell["upper"]
    return f" [{100 * lower:.1f}, {100 * upper:.1f}]" if isinstance(lower, float) and isinstance(upper, float) else ""


def _named(drawn: go.Figure, axes: tuple[str, str]) -> go.Figure:
    drawn.update_xaxes(title={"text": axes[0], "font": _SMALL}, showgrid=True)
    drawn.update_yaxes(title={"text": axes[1], "font": _SMALL})
    drawn.update_layout(hovermode="closest")
    return drawn
