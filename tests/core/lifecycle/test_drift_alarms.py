"""The alarm of a project's drift is read off its stored windows: each span of time once, each reference by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.drift.comparison import compare_columns
from core.errors import InvalidInput
from core.lifecycle.drift_alarms import drift_alarms
from core.lifecycle.weeks import Week
from core.scoping.alarm_budget import BUDGET, BUDGETS
from tests.operating.samples import missing, week_of


def column(name: str, p_value: float | None, **of: object) -> ColumnDrift:
    known = ColumnDrift(
        column=name,
        kind="number",
        verdict=DriftVerdict.DRIFTED,
        method="",
        p_value=p_value,
        n_reference=5_900,
        n_current=700,
        n_blocks=7,
        n_reference_blocks=59,
        n_tests=1,
    )
    return replace(known, **of)  # pyright: ignore[reportArgumentType]


def weeks_with(*p_values: float | None, **of: object) -> list[Week]:
    return [week_of(i, (column("a", p, **of), column("b", 0.4, **of))) for i, p in enumerate(p_values)]


STRONG = 1e-4


def test_the_onset_is_the_week_in_which_the_evidence_suffices_and_stays() -> None:
    found = weeks_with(0.5, STRONG, STRONG, STRONG, 0.9)
    alarms = drift_alarms(found)
    spell = alarms.spell("a", found[-1])
    assert spell is not None
    assert spell.onset.window.id == "2"
    assert spell.over is None  # less evidence in one week is no return
    assert alarms.marks == {("a", "2")}
    assert alarms.spell("a", found[1]) is None  # nobody knew it then
    assert alarms.spell("b", found[-1]) is None
    assert alarms.budget == BUDGET == "one false alarm in two years"
    assert drift_alarms(found[:3]).marks == alarms.marks  # later weeks do not change what was said


def test_the_looser_of_two_budgets_that_may_be_chosen_raises_no_alarm_later() -> None:
    found = weeks_with(*[2e-3] * 12)
    spells = [drift_alarms(found, budget=words).spell("a", found[-1]) for words in BUDGETS]
    weeks = [found.index(spell.onset) for spell in spells if spell is not None]
    assert len(weeks) == len(BUDGETS)
    assert weeks == sorted(weeks)
    assert weeks[0] < weeks[-1]


def test_a_window_longer_than_the_shortest_budget_is_watched_all_the_same() -> None:
    (week,) = weeks_with(1e-12)
    assert drift_alarms([replace(week, starts=week.ends - timedelta(days=400))], budget=BUDGETS[0]).marks


def test_an_alarm_is_over_where_the_column_lies_within_the_margin_again_and_may_come_back() -> None:
    away, back = {"verdict": DriftVerdict.DRIFTED}, {"verdict": DriftVerdict.STABLE}
    course = [*[(STRONG, away)] * 3, (0.9, back), *[(STRONG, away)] * 3]
    found = [week_of(i, (column("a", p, **of), column("b", 0.4, **of))) for i, (p, of) in enumerate(course)]
    alarms = drift_alarms(found)
    first, newest = alarms.spell("a", found[3]), alarms.spell("a", found[-1])
    assert first is not None
    assert first.over is found[3]
    known_then = alarms.spell("a", found[2])
    assert known_then is not None
    assert known_then.over is None
    assert newest is not None
    assert newest.onset.window.id > "3"  # all its evidence is of the weeks since
    assert drift_alarms(found[4:]).marks == {("a", newest.onset.window.id)}
    assert newest.over is None


def test_weeks_that_overlap_are_one_bet() -> None:
    found = weeks_with(*[STRONG] * 6)
    daily = [replace(week, ends=found[0].ends + timedelta(days=i)) for i, week in enumerate(found)]
    daily = [replace(week, starts=week.ends - timedelta(days=7)) for week in daily]
    assert not drift_alarms(daily).marks
    assert drift_alarms(found).marks


def test_what_lies_within_the_margin_is_nobodys_alarm() -> None:
    assert not drift_alarms(weeks_with(*[1e-12] * 4, verdict=DriftVerdict.STABLE)).marks


def test_a_column_picked_out_of_two_tests_needs_more() -> None:
    one, two = (drift_alarms(weeks_with(*[3e-4] * 9, n_tests=n)) for n in (1, 2))
    onsets = [[int(week) for _, week in found.marks] for found in (one, two)]
    assert onsets[0] < onsets[1]
    assert all(onsets)
    drawn = missing(0)
    (found,) = compare_columns(drawn.reference, drawn.current, block=None)
    assert (found.n_tests, found.n_reference_blocks, found.n_blocks) == (2, 2_000, 2_000)


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ({"n_reference_blocks": None}, "an early release"),
        ({"n_reference_blocks": 9}, "needs 14 of them"),
    ],
)
def test_weeks_that_cannot_be_watched_say_why(of: dict[str, object], said: str) -> None:
    found = weeks_with(STRONG, STRONG, STRONG, **of)
    alarms = drift_alarms(found)
    assert not alarms.marks
    assert said in alarms.refusal(found[0])
    watched = weeks_with(STRONG, STRONG, STRONG)
    assert not drift_alarms(watched).refusal(watched[0])


def test_a_budget_that_names_no_time_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is no budget"):
        drift_alarms(weeks_with(STRONG), budget="never")
