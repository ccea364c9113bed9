"""What the endpoint did in a window: requests, those refused and failed, how long an answer took, missing scores."""

from dataclasses import dataclass

import polars as pl

FAILED_FROM = 500
"""HTTP statuses from here on mean that we failed; those below, that the request was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSignals:
    """The requests of a window, whichever version was the champion.

    ``requests`` were answered. ``median_ms`` and ``p95_ms`` are over these: the rows of one request were answered
    together; ``None`` where there is none. ``without_score`` counts rows, of ``rows``. ``refused`` were not accepted
    (4xx), ``failed`` are those that we failed (5xx); ``None`` where an earlier release measured the window.
    """

    requests: int
    rows: int
    median_ms: float | None
    p95_ms: float | None
    without_score: int
    refused: int | None = None
    failed: int | None = None

    @property
    def asked(self) -> int:
        """Return all requests, answered or not."""
        return self.requests + (self.refused or 0) + (self.failed or 0)

    @property
    def share_without_score(self) -> float:
        """Return the share of rows whose answer has no score, 0-1."""
        return self.without_score / self.rows if self.rows else 0.0

    @property
    def share_refused(self) -> float | None:
        """Return the share of all requests that were refused, 0-1; ``None`` where it was not counted."""
        return None if self.refused is None else self.refused / max(self.asked, 1)

    @property
    def share_failed(self) -> float | None:
        """Return the share of all requests that we failed, 0-1; ``None`` where it was not counted."""
        return None if self.failed is None else self.failed / max(self.asked, 1)


def service_signals(rows: pl.DataFrame, unanswered: pl.DataFrame) -> ServiceSignals | None:
    """Measure the signals on production rows and counts of requests without an answer; ``None`` where there is neither.

    A row without a latency was computed in a batch: it is no request. Quantiles are observed values, as in the
    metric of the same name.
    """
    answered = rows.filter((pl.col("variant") == "champion") & pl.col("latency_ms").is_finite())
    if answered.is_empty() and unanswered.is_empty():
        return None
    took = answered.unique("request_id", keep="first")["latency_ms"].sort()
    failed = pl.col("status") >= FAILED_FROM
    return ServiceSignals(
        requests=took.len(),
        rows=answered.height,
        median_ms=_quantile(took, 50),
        p95_ms=_quantile(took, 95),
        without_score=int(answered.select((~pl.col("score").is_finite()).fill_null(value=True).sum()).item()),
        refused=int(unanswered.filter(~failed)["requests"].sum()),
        failed=int(unanswered.filter(failed)["requests"].sum()),
    )


def _quantile(ordered: pl.Series, percent: int) -> float | None:
    """Return the smallest value that ``percent`` of 100 do not exceed (NumPy's ``inverted_cdf``)."""
    return float(ordered[-(-percent * ordered.len() // 100) - 1]) if ordered.len() else None
