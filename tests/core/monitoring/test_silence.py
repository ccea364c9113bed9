"""A monitor that hears nothing raises one alert an onset, and closes it when rows come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.monitoring.silence import Heard, over, raised
from core.monitoring.window import AlertKind, AlertState
from core.scoping.criterion import Criterion

END = datetime(2013, 4, 29, 4, tzinfo=UTC)
WEEK = timedelta(days=7)
LATENCY, RECALL = (
    Criterion(
        id=key, project_id="p", key=key, metric=metric, parameters={}, direction=">=", threshold=0.3, created_at=END
    )
    for key, metric in (("K1", "latency_p95"), ("K2", "recall"))
)


def heard(*, predictions: bool, labels: bool, ends: datetime = END) -> Heard:
    return Heard(project_id="p", version_id="v", ends=ends, predictions=predictions, labels=labels)


@pytest.mark.parametrize(
    ("predictions", "labels", "expected"),
    [
        (False, False, [(AlertKind.NO_PREDICTIONS, "K1")]),
        (False, True, [(AlertKind.NO_PREDICTIONS, "K1")]),
        (True, False, [(AlertKind.NO_LABELS, "K2")]),
        (True, True, []),
    ],
)
def test_what_is_silent_raises_an_alert_on_what_it_leaves_unmeasured(predictions: bool, labels: bool, expected):
    found = raised(heard(predictions=predictions, labels=labels), [LATENCY, RECALL], [], at=END)
    assert [(alert.kind, alert.criterion_id) for alert in found] == expected


def test_labels_that_no_criterion_needs_are_not_missed():
    assert raised(heard(predictions=True, labels=False), [LATENCY], [], at=END) == []


def test_one_onset_is_one_alert_and_a_closed_one_is_not_raised_again_for_its_window():
    silent = heard(predictions=False, labels=False)
    (alert,) = raised(silent, [LATENCY], [], at=END)
    later = replace(silent, ends=END + WEEK)
    assert raised(later, [LATENCY], [alert], at=END) == []
    closed = replace(alert, state=AlertState.CLOSED)
    assert raised(silent, [LATENCY], [closed], at=END) == []
    assert [a.onset for a in raised(later, [LATENCY], [closed], at=END)] == [END + WEEK]


def test_it_is_over_when_what_was_missed_comes():
    (rows,) = raised(heard(predictions=False, labels=False), [RECALL], [], at=END)
    (labels,) = raised(heard(predictions=True, labels=False), [RECALL], [], at=END)
    assert over(heard(predictions=True, labels=False), [rows, labels]) == [rows]
    assert over(heard(predictions=True, labels=True), [rows, labels]) == [rows, labels]
    assert over(heard(predictions=False, labels=False), [rows, labels]) == []
