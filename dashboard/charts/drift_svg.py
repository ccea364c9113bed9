"""One column in reference and current as a small SVG: for a page that must stand alone, without a script."""

from html import escape

from core.drift.distribution import Distribution

WIDTH, HEIGHT = 560, 150
_LEVEL, _NAMES = 20, 150
_FOOT = 18


def column_svg(found: Distribution) -> str:
    """Draw bins as overlaid bars, or levels as pairs of bars; the page's style gives both sides their colours."""
    return _levels(found) if found.levels else _bins(found)


def _bins(found: Distribution) -> str:
    if len(found.edges) < 2:
        return ""
    low, high = found.edges[0], found.edges[-1]
    most = max(*found.reference, *found.current, 1e-12)
    places = [WIDTH * (edge - low) / ((high - low) or 1) for edge in found.edges]
    bars = [
        f'<rect class="{side}" x="{left:.1f}" width="{right - left:.1f}" '
        f'y="{HEIGHT - _FOOT - height:.1f}" height="{height:.1f}">'
        f"{_told(f'{start:.4g} to {end:.4g}', share, side)}</rect>"
        for side, shares in (("reference", found.reference), ("current", found.current))
        for left, right, start, end, share in zip(
            places, places[1:], found.edges, found.edges[1:], shares, strict=False
        )
        for height in ((HEIGHT - _FOOT) * share / most,)
    ]
    ends = f'<text x="0" y="{HEIGHT - 4}">{low:.4g}</text>'
    ends += f'<text x="{WIDTH}" y="{HEIGHT - 4}" text-anchor="end">{high:.4g}</text>'
    return _drawing("".join(bars) + ends, HEIGHT)


def _levels(found: Distribution) -> str:
    most = max(*found.reference, *found.current, 1e-12)
    parts: list[str] = []
    for place, (level, before, after) in enumerate(zip(found.levels, found.reference, found.current, strict=True)):
        top, name = place * (_LEVEL + 4), level if len(level) <= 22 else level[:21] + "…"
        parts.append(f'<text x="{_NAMES - 8}" y="{top + 14}" text-anchor="end">{escape(name)}</text>')
        for offset, side, share in ((0, "reference", before), (_LEVEL / 2, "current", after)):
            width = (WIDTH - _NAMES) * share / most
            parts.append(
                f'<rect class="{side}" x="{_NAMES}" y="{top + offset:.0f}" height="{_LEVEL / 2 - 1:.0f}" '
                f'width="{width:.1f}">{_told(level, share, side)}</rect>'
            )
    return _drawing("".join(parts), len(found.levels) * (_LEVEL + 4))


def _told(what: str, share: float, side: str) -> str:
    return f"<title>{escape(what)}: {share:.1%} of {side}</title>"


def _drawing(inside: str, height: float) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="reference and current">{inside}</svg>'
