"""Many columns by many weeks: what moved most stands first, what moves alike stands together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.drift.column_drift import ColumnDrift, DriftVerdict
from core.lifecycle.weeks import Week, alike_together
from core.monitoring.window import Window, WindowState

START = datetime(2026, 3, 2, tzinfo=UTC)
EFFECTS = {"a": (0.1, 0.5, 0.1), "x": (0.5, 0.1, 0.5), "b": (0.12, 0.48, 0.1), "y": (0.52, 0.1, 0.5), "gone": None}


def week(number: int) -> Week:
    drift = tuple(
        ColumnDrift(
            column=name,
            kind="number",
            verdict=DriftVerdict.STABLE,
            method="ks",
            effect=effects[number],
            n_reference=10,
            n_current=10,
            n_blocks=7,
        )
        for name, effects in EFFECTS.items()
        if effects is not None
    )
    ends = START + timedelta(days=7 * (number + 1))
    window = Window(
        id=str(number),
        project_id="p",
        endpoint="e",
        starts=START,
        ends=ends,
        state=WindowState.COMPLETE,
        predictions=10,
        labels=0,
        drift=drift,
        created_at=ends,
    )
    return Week(window=window, starts=START, ends=ends, version=None, columns={c.column: c for c in drift})


WEEKS = [week(number) for number in range(3)]


def test_columns_whose_effects_rise_together_are_neighbours():
    order = alike_together(WEEKS, list(EFFECTS))
    assert sorted(order) == sorted(EFFECTS)
    place = {name: order.index(name) for name in order}
    assert abs(place["a"] - place["b"]) == 1
    assert abs(place["x"] - place["y"]) == 1


def test_two_columns_stay_as_they_are():
    assert alike_together(WEEKS, ["x", "a"]) == ("x", "a")


def test_a_column_that_was_not_compared_is_not_found():
    assert replace(WEEKS[0]).column("gone") is None
