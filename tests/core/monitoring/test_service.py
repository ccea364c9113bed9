"""What the endpoint did in a window comes from the log of answers and the counts of those that had none."""

from dataclasses import asdict

import numpy as np
import polars as pl

from core.monitoring.service import ServiceSignals, service_signals


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


def counts(**by_status: int) -> pl.DataFrame:
    """Return a row a status: ``of_500=3`` are three requests."""
    found = {int(name.removeprefix("of_")): requests for name, requests in by_status.items()}
    return pl.DataFrame(
        {"status": list(found), "requests": list(found.values())},
        schema={"status": pl.Int64, "requests": pl.Int64},
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
    found = service_signals(log, counts())
    assert found is not None
    assert asdict(found) == {
        "requests": 137,
        "rows": 100 + 37 * 40,
        "median_ms": float(np.quantile(took, 0.5, method="inverted_cdf")),
        "p95_ms": float(np.quantile(took, 0.95, method="inverted_cdf")),
        "without_score": 0,
        "refused": 0,
        "failed": 0,
    }


def test_an_answer_without_a_score_is_counted_and_a_missing_one_is_like_one_that_is_no_number() -> None:
    scored = rows([3.0, 4.0], 2).with_columns(score=pl.Series([0.1, None, float("nan"), float("inf")]))
    found = service_signals(scored, counts())
    assert found is not None
    assert (found.without_score, found.share_without_score) == (3, 0.75)


def test_what_was_computed_in_a_batch_is_no_request() -> None:
    assert service_signals(rows([None, None], 5), counts()) is None
    mixed = service_signals(
        pl.concat([rows([None], 5), rows([2.0], 2).with_columns(("w-" + pl.col("request_id")).alias("request_id"))]),
        counts(),
    )
    assert mixed is not None
    assert (mixed.requests, mixed.rows) == (1, 2)


def test_shares_of_refused_and_failed_are_of_all_requests_and_an_answer_has_many_rows() -> None:
    found = service_signals(rows([1.0] * 6, 50), counts(of_400=9, of_413=1, of_500=3, of_503=1))
    assert found is not None
    assert (found.refused, found.failed, found.asked) == (10, 4, 20)
    assert (found.share_refused, found.share_failed) == (0.5, 0.2)


def test_where_every_request_failed_there_is_no_response_time() -> None:
    found = service_signals(rows([None], 5), counts(of_500=7))
    assert found is not None
    assert (found.requests, found.median_ms, found.p95_ms, found.share_failed) == (0, None, None, 1.0)


def test_what_an_earlier_release_measured_knows_of_none() -> None:
    earlier = ServiceSignals(requests=4, rows=4, median_ms=1.0, p95_ms=2.0, without_score=0)
    assert (earlier.asked, earlier.share_refused, earlier.share_failed) == (4, None, None)
