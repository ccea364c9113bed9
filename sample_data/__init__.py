"""The flights project's data; see README.md for where they come from."""

from importlib.resources import files
from pathlib import Path

_FOLDER = Path(str(files(__name__)))

FLIGHTS = _FOLDER / "flights.parquet"
"""Every departure of 2013: ``flight_id``, ``scheduled_at`` (UTC) and what was known at scheduled departure."""

ARRIVALS = _FOLDER / "arrivals.parquet"
"""The labels: ``flight_id``, ``late`` and ``arrived_at`` (UTC), the time from which the label was known."""

PRACTICE_CLEAN = _FOLDER / "practice" / "january_clean.csv"
"""A sample of January as CSV, labels included: a file to start a project of one's own from."""

PRACTICE_BROKEN = _FOLDER / "practice" / "january_broken.csv"
"""The same rows with five things wrong: a file to check beside the clean one."""
