from datetime import date

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
    "contract_version": pl.Int64,
    "broken_rules": pl.List(pl.String),
}


def log(*rows):
    whole = [(*row, *([None] * (len(SCHEMA) - len(row)))) for row in rows]
    return pl.DataFrame(whole, schema=SCHEMA, orient="row")


def marked(day, request, number=None, broken=None, variant="champion"):
    return (day, request, 0, "v1", variant, "yes", 5.0, number, broken)


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


def test_only_the_champions_rows_of_the_last_week_that_were_held_count():
    held = traffic(
        log(
            marked("2024-01-01", "old", 1, ["range: temp"]),
            marked("2024-01-02", "a", 1, ["range: temp"]),
            marked("2024-01-08", "b", 2, ["not_null: wind", "range: temp"]),
            marked("2024-01-08", "b", 2, ["not_null: wind", "range: temp"], variant="shadow"),
            marked("2024-01-08", "c", 2, ["range: temp"]),
            marked("2024-01-08", "d", 2),
            marked("2024-01-09", "before any contract"),
        )
    ).held
    assert held is not None
    assert (held.until, held.rows, held.broken) == (date(2024, 1, 8), 4, 3)
    said = [(rule.number, rule.key, rule.rows) for rule in held.rules]
    assert said == [(2, "range: temp", 2), (2, "not_null: wind", 1), (1, "range: temp", 1)]


def test_without_a_contract_nothing_was_held():
    assert traffic(log(marked("2024-01-01", "a"))).held is None
    kept = traffic(log(marked("2024-01-01", "a", 1))).held
    assert kept is not None
    assert (kept.rows, kept.broken, kept.rules) == (1, 0, ())
