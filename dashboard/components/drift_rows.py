"""The tables behind what is drawn of one column in a comparison."""

import polars as pl

from core.drift.picture import PROBABILITIES, Picture
from dashboard import formats


def bins(picture: Picture) -> pl.DataFrame:
    """Return the share of rows in each bin or level."""
    return pl.DataFrame(
        {
            "value": _names(picture),
            "reference": [formats.share(share) for share in picture.reference],
            "current": [formats.share(share) for share in picture.current],
        }
    )


def quantiles_or_levels(picture: Picture) -> pl.DataFrame:
    """Return each quantile of a number, with how far it moved; the levels of a category."""
    if not picture.is_number:
        return bins(picture)
    sides = (picture.quantiles_reference, picture.quantiles_current, picture.lower, picture.upper)
    written = [[formats.metric(value, "label") for value in side] for side in sides]
    names = ("reference", "current", "moved at least", "moved at most")
    return pl.DataFrame(
        {"rows below": [f"{100 * p:g} %" for p in PROBABILITIES]} | dict(zip(names, written, strict=True))
    )


def _names(picture: Picture) -> list[str]:
    if picture.levels:
        return list(picture.levels)
    pairs = zip(picture.edges, picture.edges[1:], strict=False)
    return [f"{formats.metric(left, 'label')} to {formats.metric(right, 'label')}" for left, right in pairs]
