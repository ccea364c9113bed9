"""A comparison's first line, its order and its slips, wherever it is told; light, for the command line's sake."""

from collections.abc import Mapping, Sequence
from typing import Any

_ORDER = ("drifted", "not_enough_data", "stable", "not_applicable")


def drift_headline(report: Mapping[str, Any]) -> str:
    """Return what came out of a comparison in a few words."""
    columns = report["columns"]
    drifted = sum(column["verdict"] == "drifted" for column in columns)
    counted = f"{len(columns):,} column{'s' * (len(columns) != 1)}"
    return {
        "drifted": f"Drifted: {drifted} of {counted}",
        "stable": f"Stable: none of {counted} drifted",
        "not_enough_data": "Not enough data for a verdict",
    }.get(report["verdict"], "No column can be compared")


def most_moved_first(report: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the columns of a comparison, those first that moved most."""
    return sorted(report["columns"], key=lambda c: (_ORDER.index(c["verdict"]), -(c["effect"] or 0.0)))


def slips_heading(causes: Sequence[Mapping[str, Any]]) -> str:
    """Return what stands above the mechanical causes of a comparison."""
    return f"Explained by {'a slip' if len(causes) == 1 else 'slips'}, not by drift:"
