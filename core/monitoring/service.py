"""What the endpoint did in a window: requests, how long an answer took, answers without a score."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSignals:
    """The answered requests of a window, whichever version was the champion.

    ``median_ms`` and ``p95_ms`` are over requests: the rows of one request were answered together. ``without_score``
    counts rows, of ``rows``. A request that was refused or failed is in no log, so it is not here.
    """

    requests: int
    rows: int
    median_ms: float
    p95_ms: float
    without_score: int

    @property
    def share_without_score(self) -> float:
        """Return the share of rows whose answer has no score, 0-1."""
        return self.without_score / self.rows if self.rows else 0.0


def service_signals(rows: pl.DataFrame) -> ServiceSignals | None:
    """Measure the signals on production rows; ``None`` where no row was answered over the wire.

    A row without a latency was computed in a batch: it is no request. Quantiles are observed values, as in the
    metric of the same name.
    """
    answered = rows.filter((pl.col("variant") == "champion") & pl.col("latency_ms").is_finite())
    if answered.is_empty():
        return None
    took = answered.unique("request_id", keep="first")["latency_ms"].sort()
    return ServiceSignals(
        requests=took.len(),
        rows=answered.height,
        median_ms=_quantile(took, 50),
        p95_ms=_quantile(took, 95),
        without_score=int(answered.select((~pl.col("score").is_finite()).fill_null(value=True).sum()).item()),
    )


def _quantile(ordered: pl.Series, percent: int) -> float:
    """Return the smallest value that ``percent`` of 100 do not exceed (NumPy's ``inverted_cdf``)."""
    return float(ordered[-(-percent * ordered.len() // 100) - 1])
