"""What the scorer refuses or fails is counted on disk before it says so; nothing of the request is kept."""

import asyncio
import collections
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.errors import Unavailable
from core.scorer import body, variant
from core.settings import Settings
from core.unanswered import UnansweredFile
from tests.service.test_scorer_protocol import INFER, client_of, rows
from tests.serving_stand import publish, served


@pytest.fixture
def settings(tmp_path):
    settings = Settings(home=tmp_path)
    publish(settings, served(settings), revision=3)
    return settings


class Fragile:
    """A model that breaks on more than one row."""

    def score(self, columns):
        if len(columns["hour"]) > 1:
            raise RuntimeError("kernel fault")
        return variant.Scores(score=np.zeros(1), predicted=("no",))


def ask(settings, *requests):
    async def run():
        async with client_of(settings, load=lambda _version, _data: Fragile()) as client:
            return await asyncio.gather(*(client.post(INFER, **request) for request in requests))

    return [answer.status_code for answer in asyncio.run(run())]


def counted(settings):
    file = UnansweredFile.open(settings.spool / "scorer.unanswered")
    found = file.take(before=datetime.now(UTC) + timedelta(minutes=2))
    file.close()
    return found


def test_each_sort_is_counted_by_its_status_and_what_was_answered_or_only_tried_is_not(settings, monkeypatch):
    monkeypatch.setattr(body, "MAX_BODY_BYTES", 2_000)
    good = {"json": {"inputs": rows("JFK")}}
    breaks = {"inputs": rows("JFK", "LGA")}
    said = ask(
        settings,
        *[good] * 5,
        *[{"json": {"inputs": [{"secret": "4711-passport"}]}}] * 3,
        {"content": b"x" * 3_000},
        good | {"headers": {"Origin": "http://evil.example"}},
        *[{"json": breaks}] * 2,
        {"json": breaks | {"parameters": {"try": True}}},
    )
    assert collections.Counter(said) == {200: 5, 400: 3, 413: 1, 403: 1, 500: 3}
    found = counted(settings)
    assert {c.what.status: c.requests for c in found} == {400: 3, 413: 1, 403: 1, 500: 2}
    assert {(c.what.project_id, c.what.version_id, c.what.revision) for c in found} == {("p1", "v1", 3)}
    assert all(0 < c.slowest_ms < 60_000 for c in found)
    assert not any(b"4711" in path.read_bytes() for path in settings.spool.iterdir())


def test_a_flood_of_bad_requests_is_a_row_a_minute(settings):
    assert set(ask(settings, *[{"content": b"{"}] * 3_000)) == {400}
    found = counted(settings)
    assert sum(c.requests for c in found) == 3_000
    assert len(found) <= 2, "one row, or two where the minute changed"
    assert sum(p.stat().st_size for p in settings.spool.glob("*.unanswered*")) < 200_000


def test_where_the_disk_does_not_take_the_count_the_reason_is_given_all_the_same(settings, monkeypatch):
    def full(_self, _found):
        raise Unavailable("The disk is full.")

    monkeypatch.setattr(UnansweredFile, "add", full)
    assert ask(settings, {"json": {}}) == [400]
