"""What an endpoint has done since this process started."""

from collections import Counter, deque
from datetime import UTC, datetime
from typing import Any

from core.deployment.input_contract import Mark

WINDOW = 1000
"""Answers that the latency figures look back on."""


class Counters:
    """Counts of one endpoint. ``refused`` are requests that could not be accepted, ``errors`` those that we failed.

    ``contract_broken_rows`` counts answered rows that break the contract, by (its version, the rule); a row that breaks
    two rules is in both.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.rows = 0
        self.refused = 0
        self.errors = 0
        self.contract_broken_rows: Counter[tuple[int, str]] = Counter()
        self.last_error = ""
        self.last_error_at: datetime | None = None
        self.last_answer_at: datetime | None = None
        self._milliseconds: deque[float] = deque(maxlen=WINDOW)

    def answered(self, rows: int, milliseconds: float) -> None:
        """Count an answer."""
        self.requests += 1
        self.rows += rows
        self.last_answer_at = datetime.now(UTC)
        self._milliseconds.append(milliseconds)

    def marked(self, mark: Mark | None) -> None:
        """Count the rows that break the contract."""
        if mark is not None:
            for rule, rows in mark.broken.items():
                self.contract_broken_rows[mark.number, rule] += len(rows)

    def failed(self, status: int, message: str) -> None:
        """Count a request without an answer."""
        self.requests += 1
        if status >= 500:
            self.errors += 1
        else:
            self.refused += 1
        self.last_error, self.last_error_at = message, datetime.now(UTC)

    def figures(self) -> dict[str, Any]:
        """Return the counts and latencies, ready for JSON."""
        ordered = sorted(self._milliseconds)
        return {
            "requests": self.requests,
            "rows": self.rows,
            "refused": self.refused,
            "errors": self.errors,
            "p50_ms": _quantile(ordered, 0.5),
            "p95_ms": _quantile(ordered, 0.95),
            "contract_broken_rows": [
                {"version": version, "rule": rule, "rows": rows}
                for (version, rule), rows in self.contract_broken_rows.items()
            ],
            "last_error": self.last_error,
            "last_error_at": self.last_error_at,
            "last_answer_at": self.last_answer_at,
        }


def _quantile(ordered: list[float], share: float) -> float | None:
    return round(ordered[int(share * (len(ordered) - 1))], 3) if ordered else None
