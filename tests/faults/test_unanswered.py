"""Counts of requests without an answer are counted once, whoever takes them and whenever."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core import unanswered as module
from core.monitoring.shipped import unanswered_rows
from core.scoping.project import Project
from core.storage.predictions import Predictions
from core.unanswered import Unanswered, UnansweredFile, unanswered_files

START = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)


def kind(status):
    return Unanswered(project_id="p", version_id="v", revision=1, status=status)


@pytest.fixture
def clock(monkeypatch):
    now = [START]
    monkeypatch.setattr(module.time, "time", lambda: now[0].timestamp())
    return now


def test_whatever_the_order_of_adding_taking_and_dropping_each_request_is_shipped_once(tmp_path, clock):
    chance = random.Random(5)
    tables, path = Predictions(tmp_path / "tables"), tmp_path / "a.unanswered"
    scorer, worker = UnansweredFile.open(path), UnansweredFile.open(path)
    project, added = Project(id="p", slug="p", name="P", created_at=START), 0

    def rows_after(counts, last):
        return unanswered_rows([count for count in counts if count.sequence > last], project)

    def ship(*, dies):
        counts = worker.take(before=clock[0])
        if not counts:
            return
        tables.append_unanswered("p", lambda last: rows_after(counts, last), source="a", sequence=counts[-1].sequence)
        if not dies:
            worker.drop_through(counts[-1].sequence)

    def add():
        nonlocal added
        requests = chance.randint(1, 9)
        scorer.add({kind(chance.choice((400, 413, 500))): (requests, chance.uniform(1, 900))})
        added += requests

    def move(seconds):
        clock[0] += timedelta(seconds=seconds)

    turns = (
        *(add, add),
        *(lambda: ship(dies=False), lambda: ship(dies=True)),
        *(lambda: move(chance.uniform(5, 90)), lambda: move(-chance.uniform(5, 70))),
    )
    for _ in range(150):
        chance.choice(turns)()
    clock[0] = START + timedelta(days=1)
    ship(dies=False)
    assert worker.take(before=clock[0]) == []
    stored = tables.unanswered("p", starts=START - timedelta(days=1), ends=START + timedelta(days=1))
    assert stored["requests"].sum() == added > 150
    assert unanswered_files(tmp_path) == [path]


def test_what_a_minute_holds_is_taken_once_it_is_over_and_what_comes_later_is_another_row(tmp_path, clock):
    file = UnansweredFile.open(tmp_path / "a.unanswered")
    file.add({kind(400): (2, 5.0), kind(500): (1, 7.0)})
    file.add({kind(400): (3, 4.0)})
    assert file.take(before=START + timedelta(seconds=59)) == []
    found = file.take(before=START + timedelta(seconds=60))
    assert [(c.what.status, c.requests, c.slowest_ms, c.minute) for c in found] == [
        (400, 5, 5.0, START),
        (500, 1, 7.0, START),
    ]
    file.add({kind(400): (4, 1.0)})
    assert file.take(before=START + timedelta(seconds=60))[:2] == found, "what was taken has not grown"
    file.drop_through(found[-1].sequence)
    (late,) = file.take(before=START + timedelta(seconds=60))
    assert (late.requests, late.sequence > found[-1].sequence) == (4, True)
