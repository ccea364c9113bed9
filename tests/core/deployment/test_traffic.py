import polars as pl
import pytest

from core.deployment.traffic import COLUMNS, traffic

SCHEMA = {
    "day": pl.String,
    "request_id": pl.String,
    "row": pl.Int64,
    "model_version_id": pl.String,
    "variant": pl.String,
    "predicted": pl.String,
    "latency_ms": pl.Float64,
}


def log(*rows):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def test_a_request_counts_once_whatever_its_rows_and_listeners():
    found = traffic(
        log(
            ("2024-01-01", "a", 0, "v1", "champion", "yes", 5.0),
            ("2024-01-01", "a", 1, "v1", "champion", "no", 5.0),
            ("2024-01-01", "a", 0, "v2", "shadow", "yes", 5.0),
            ("2024-01-01", "a", 1, "v2", "shadow", "yes", 5.0),
            ("2024-01-02", "b", 0, "v1", "champion", "no", 9.0),
        )
    )
    assert (found.requests, found.rows) == (2, 3)
    assert found.days.rows() == [("2024-01-01", 1, 2, 5.0), ("2024-01-02", 1, 1, 9.0)]
    assert found.of("v1").rows == 3
    assert found.of("v1").agreement is None
    assert found.of("v2").agreement == pytest.approx(0.5)
    assert found.of("v3").rows == 0


def test_the_95th_percentile_is_a_time_that_occurred():
    found = traffic(log(*(("2024-01-01", f"r{n}", 0, "v1", "champion", "no", float(n)) for n in range(1, 101))))
    assert found.p95_ms in {95.0, 96.0}


def test_predicted_numbers_do_not_agree_or_disagree():
    found = traffic(
        log(
            ("2024-01-01", "a", 0, "v1", "champion", None, 5.0),
            ("2024-01-01", "a", 0, "v2", "shadow", None, 5.0),
        )
    )
    assert found.of("v2").agreement is None


def test_an_empty_log_is_no_traffic():
    found = traffic(pl.DataFrame(schema=SCHEMA).select(COLUMNS))
    assert (found.requests, found.rows, found.p95_ms, found.versions) == (0, 0, None, ())
    assert found.days.is_empty()
