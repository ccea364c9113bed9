from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.statistics.estimate import Estimate, Interval
from dashboard import formats

NEW_YORK = ZoneInfo("America/New_York")


def _estimate(value: float, lower: float, upper: float) -> Estimate:
    return Estimate(value=value, interval=Interval(lower=lower, upper=upper), n=27_902, n_blocks=31)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.70912, "score", "0.709"),
        (0.9736, "share", "97.4 %"),
        (0.0005, "small share", "0.05 %"),
        (-0.2641, "points", "-26.4 points"),
        (6.08, "ms", "6.1 ms"),
        (1234.5, "ms", "1,234 ms"),
        (50_009, "rows", "50,009 rows"),
        (None, "score", "–"),
        (float("nan"), "share", "–"),
    ],
)
def test_a_metric_is_written_in_its_unit(value: float | None, unit: str, text: str) -> None:
    assert formats.metric(value, unit) == text


def test_an_estimate_shows_its_interval() -> None:
    assert formats.estimate(_estimate(0.7094, 0.6761, 0.7349)) == "0.709 [0.676, 0.735]"
    assert formats.estimate(_estimate(-0.264, -0.336, -0.193), "points") == "-26.4 points [-33.6, -19.3]"
    assert formats.estimate(Estimate(value=0.5, n=1, n_blocks=1)) == "0.500"


def test_a_difference_always_has_signs() -> None:
    assert formats.difference(_estimate(0.001, -0.011, 0.014)) == "+0.001 [-0.011, +0.014]"
    assert formats.difference(_estimate(-38.585, -41.741, 0.02), "label") == "-38.59 [-41.74, +0.02]"


def test_a_figure_in_the_units_of_the_label_is_never_written_with_an_exponent() -> None:
    assert formats.estimate(_estimate(31240.4, 9999.7, 1234567.0), "label") == "31,240 [10,000, 1,234,567]"
    assert formats.difference(_estimate(-31240.4, -40000.0, 12.345), "label") == "-31,240 [-40,000, +12.35]"


def test_an_estimate_names_what_it_rests_on() -> None:
    assert formats.basis(_estimate(0.7, 0.6, 0.8)) == "27,902 rows over 31 days"
    assert formats.basis(Estimate(value=0.7, n=1, n_blocks=1)) == "1 row"
    assert formats.basis(Estimate(value=0.7, n=60, n_blocks=33), "row") == "33 of 60 rows"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0 %"), (0.0002, "< 0.1 %"), (0.5, "50.0 %"), (0.99999, "> 99.9 %"), (1.0, "100.0 %")],
)
def test_a_share_that_is_not_quite_all_never_reads_as_all(value: float, text: str) -> None:
    assert formats.share(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.00009, "< 0.001"), (0.001, "0.001"), (0.0494, "0.049"), (None, "–")])
def test_a_small_p_value_is_bounded(value: float | None, text: str) -> None:
    assert formats.p_value(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.24, "240 ms"),
        (6.2, "6.2 s"),
        (252, "4 min 12 s"),
        (59.97, "1 min 0 s"),
        (3599.7, "1 h 0 min"),
        (11_100, "3 h 5 min"),
        (12 * 86_400, "12 days"),
    ],
)
def test_a_duration_has_two_units_at_most(seconds: float, text: str) -> None:
    assert formats.duration(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(999, "999 B"), (1200, "1.2 kB"), (1_073_741_824, "1.1 GB"), (999_999, "1.0 MB")]
)
def test_a_size_is_rounded_to_its_unit(number: int, text: str) -> None:
    assert formats.size(number) == text


def test_a_day_is_the_projects_day_and_not_the_servers() -> None:
    midnight_utc = datetime(2013, 7, 1, 2, tzinfo=UTC)
    assert formats.day(midnight_utc, NEW_YORK) == "30 Jun 2013"
    assert formats.time(midnight_utc, NEW_YORK) == "30 Jun 2013, 22:00"


def test_a_half_open_span_reads_as_its_first_and_last_day() -> None:
    starts = datetime(2013, 6, 17, tzinfo=NEW_YORK)
    assert formats.span(starts, starts + timedelta(days=14), NEW_YORK) == "17 Jun to 30 Jun 2013"
    assert formats.span(starts, starts + timedelta(days=1), NEW_YORK) == "17 Jun 2013"
    over_new_year = datetime(2013, 12, 30, tzinfo=NEW_YORK)
    assert formats.span(over_new_year, over_new_year + timedelta(days=7), NEW_YORK) == "30 Dec 2013 to 5 Jan 2014"


def test_the_day_of_a_newest_row_belongs_to_its_file() -> None:
    first, newest = datetime(2011, 1, 1, tzinfo=UTC), datetime(2011, 9, 1, tzinfo=UTC)
    assert formats.days(first, newest) == "1 Jan to 1 Sep 2011"
    assert formats.days(newest, newest) == "1 Sep 2011"


def test_how_long_ago() -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    assert formats.ago(now - timedelta(seconds=20), now) == "just now"
    assert formats.ago(now - timedelta(hours=1, minutes=59), now) == "1 hour ago"
    assert formats.ago(now - timedelta(days=3), now) == "3 days ago"


def test_what_a_person_typed_stays_text() -> None:
    hostile = "[click](http://x) :red[!] $x$ `a` <b> *b*\n# title"
    escaped = formats.escape(hostile)
    assert "\n" not in escaped
    assert "\\[click\\]\\(http" in escaped
    assert "\\:red" in escaped
    assert "\\$x\\$" in escaped


def test_no_cell_becomes_a_formula() -> None:
    assert formats.safe_row({"=a": "+1", "b": -1, "c": "@x", "d": "plain"}) == {
        "'=a": "'+1",
        "b": -1,
        "c": "'@x",
        "d": "plain",
    }


def test_a_list_in_words() -> None:
    assert formats.sentence(["a", "", "b", "c"]) == "a, b and c"
    assert formats.sentence(["a"]) == "a"
    assert formats.sentence([]) == ""


def test_nothing_is_minus_zero() -> None:
    assert formats.metric(-0.0001) == "0.000"
    assert formats.signed(-0.0001) == "+0.000"


@pytest.mark.parametrize(("name", "alone"), [("كمية", True), ("\u202eevil", True), ("Zoë", False), ("price", False)])
def test_a_name_from_right_to_left_does_not_turn_the_figures_behind_it(name: str, alone: bool) -> None:
    assert formats.escape(name) == (f"\u2068{name}\u2069" if alone else name)
