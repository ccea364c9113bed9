"""Rows to take away: made at the press of a button, when the page has no place any more for a sentence."""

from collections.abc import Callable

import polars as pl

from core.errors import FullcircleError
from core.frames.safe_csv import safe_csv


def rows_or_why(make: Callable[[], bytes]) -> bytes:
    """Return the rows as CSV; where they cannot be had, a table of one sentence that says why."""
    try:
        return make()
    except FullcircleError as problem:
        return safe_csv(pl.DataFrame({"Why there are no rows here": [str(problem)]}))
