"""The first line of a comparison, wherever it is told; light, for the command line's sake."""

from collections.abc import Mapping
from typing import Any


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
