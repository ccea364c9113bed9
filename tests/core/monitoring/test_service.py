"""What the endpoint did in a window comes from the log of answers, and from nowhere else."""

from dataclasses import asdict

import numpy as np
import polars as pl

from core.monitoring.service import service_signals


def rows(latencies: list[float | None], each: int, *, variant: str = "champion") -> pl.DataFrame:
    """Return a request a latency, of ``each`` rows."""
    return pl.DataFrame(
        {
            "request_id": [f"{variant}-r{n}" for n in range(len(latencies)) for _ in range(each)],
            "latency_ms": [latency for latency in latencies for _ in range(each)],
            "variant": variant,
            "score": [0.5] * (len(latencies) * each),
        },
        schema_overrides={"latency_ms": pl.Float64},
    )


def test_quantiles_are_over_requests_as_numpy_defines_them_and_rows_are_counted_apart() -> None:
    took = np.random.default_rng(3).gamma(2.0, 4.0, 137)
    few, many = rows(took[:100].tolist(), 1), rows(took[100:].tolist(), 40)
    log = pl.concat(
        [
            few,
            many.with_columns(("m-" + pl.col("request_id")).alias("request_id")),
            rows([900.0] * 50, 3, variant="shadow"),
        ]
    )
    found = service_signals(log)
    assert found is not None
    assert asdict(found) == {
        "requests": 137,
        "rows": 100 + 37 * 40,
        "median_ms": float(np.quantile(took, 0.5, method="inverted_cdf")),
        "p95_ms": float(np.quantile(took, 0.95, method="inverted_cdf")),
        "without_score": 0,
    }


def test_an_answer_without_a_score_is_counted_and_a_missing_one_is_like_one_that_is_no_number() -> None:
    scored = rows([3.0, 4.0], 2).with_columns(score=pl.Series([0.1, None, float("nan"), float("inf")]))
    found = service_signals(scored)
    assert found is not None
    assert (found.without_score, found.share_without_score) == (3, 0.75)


def test_what_was_computed_in_a_batch_is_no_request() -> None:
    assert service_signals(rows([None, None], 5)) is None
    mixed = service_signals(
        pl.concat([rows([None], 5), rows([2.0], 2).with_columns(("w-" + pl.col("request_id")).alias("request_id"))])
    )
    assert mixed is not None
    assert (mixed.requests, mixed.rows) == (1, 2)
