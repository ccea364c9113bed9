"""Every value comes back from either database as it was stored."""

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import example as hypothesis_example
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from core.errors import Conflict, Corrupted, InvalidInput, NotFound
from core.ids import new_id
from core.job import Job, JobState
from core.ledger import LedgerEvent
from core.monitoring.window import Window
from core.scoping.criterion import Criterion
from core.scoping.project import Project
from core.storage.columns import decode, encode
from core.storage.mapping import from_row, to_row
from core.storage.storage import Storage
from core.storage.tables import TABLES

INDIA = timezone(timedelta(hours=5, minutes=30))
NOW = datetime(2013, 7, 4, 23, 30, 0, 123456, tzinfo=INDIA)
PROJECT = Project(id=new_id(), slug="flights", name="Flights", created_at=NOW)
PLAIN: dict[Any, Any] = {
    str: "Grüße, 'quoted' \u2028 \U0001f6eb",
    int: 7,
    float: 0.1 + 0.2,
    bool: True,
    datetime: NOW,
    Any: {"z": [1, 1e16, None, "\x00"], "a": {"deep": True}},
}


def example(kind: Any) -> Any:
    """Build a value of a type with every optional part present, so that a field added later is tested too."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind):
        return full(kind)
    if origin in (Union, UnionType):
        return example(next(one for one in inner if one is not type(None)))
    if origin is Literal:
        return inner[-1]
    if origin is tuple:
        return (example(inner[0]),) * 2 if inner[-1] is ... else tuple(example(one) for one in inner)
    if origin is not None and issubclass(origin, Mapping):
        return {"b": example(inner[1]), "a": example(inner[1])}
    if issubclass(kind, Enum):
        return list(kind)[-1]
    raise AssertionError(f"no example of {kind}")


def full(kind: Any) -> Any:
    hints = get_type_hints(kind)
    return kind(**{field.name: example(hints[field.name]) for field in fields(kind)})


def sparse(kind: Any) -> Any:
    hints = get_type_hints(kind)
    required = [f for f in fields(kind) if f.default is MISSING]
    return kind(**{field.name: example(hints[field.name]) for field in required})


def of_project(value: Any) -> Any:
    own = {"id": new_id()}
    return replace(value, **own) if isinstance(value, Project) else replace(value, **own, project_id=PROJECT.id)


@pytest.fixture
def with_project(storage: Storage) -> Storage:
    with storage.write() as records:
        records.add(PROJECT)
    return storage


@pytest.mark.parametrize("build", [full, sparse])
def test_every_value_comes_back(with_project: Storage, build: Any) -> None:
    for kind in TABLES:
        value = of_project(build(kind))
        with with_project.write() as records:
            records.add(value)
        with with_project.read() as records:
            assert records.get(kind, value.id) == value
            assert records.count(kind) >= 1


def test_every_value_is_replaced(with_project: Storage) -> None:
    for kind in TABLES.keys() - {LedgerEvent}:
        before = of_project(sparse(kind))
        after = replace(full(kind), id=before.id)
        after = replace(after, revision=0) if kind is Project else replace(after, project_id=PROJECT.id)
        with with_project.write() as records:
            records.add(before)
            records.replace(after)
        with with_project.read() as records:
            assert records.get(kind, before.id) == after


def test_times_come_back_in_utc(with_project: Storage) -> None:
    with with_project.read() as records:
        stored = records.get(Project, PROJECT.id)
        assert records.first(Project, created_at=NOW.astimezone(UTC)) == stored
    assert stored.created_at == NOW
    assert stored.created_at.tzinfo is UTC


def test_numbers_that_json_lacks_survive(with_project: Storage) -> None:
    job = of_project(sparse(Job))
    odd = {"nan": math.nan, "all": [math.inf, -math.inf], "deep": {"x": math.nan}}
    with with_project.write() as records:
        records.add(replace(job, result=odd))
    with with_project.read() as records:
        assert repr(records.get(Job, job.id).result) == repr(odd)


def test_keys_keep_their_order(with_project: Storage) -> None:
    job = replace(of_project(sparse(Job)), arguments={"zz": 1, "a": 2, "m": 3})
    with with_project.write() as records:
        records.add(job)
    with with_project.read() as records:
        assert list(records.get(Job, job.id).arguments) == ["zz", "a", "m"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"created_at": datetime(2013, 1, 1)}, "zone"),  # noqa: DTZ001
        ({"title": "a\x00b"}, "characters"),
        ({"title": "\ud800"}, "characters"),
        ({"progress": math.nan}, "number"),
        ({"progress": "much"}, "progress"),
        ({"state": "sleeping"}, "state"),
        ({"arguments": {"x": object()}}, "object"),
    ],
)
def test_what_a_database_cannot_keep_is_refused(changes: dict[str, Any], word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        to_row(replace(sparse(Job), **changes))


def test_a_number_that_is_too_large_is_refused() -> None:
    with pytest.raises(InvalidInput, match="2,147,483,647"):
        to_row(replace(sparse(Criterion), window_days=2**31))


def test_a_row_that_is_not_ours_is_called_corrupted() -> None:
    with pytest.raises(Corrupted, match="progress"):
        from_row(Job, to_row(sparse(Job)) | {"progress": "much"})


def test_a_refused_record_leaves_the_transaction_usable(with_project: Storage) -> None:
    with with_project.write() as records:
        with pytest.raises(Conflict, match="same slug"):
            records.add(replace(PROJECT, id=new_id()))
        with pytest.raises(Conflict, match="same id"):
            records.add(replace(PROJECT, slug="other"))
        with pytest.raises(NotFound, match="project"):
            records.add(replace(full(Criterion), project_id="nowhere"))
        records.add(replace(PROJECT, id=new_id(), slug="second"))
    with with_project.read() as records:
        assert records.count(Project) == 2


def test_a_conflict_names_what_is_shared(with_project: Storage) -> None:
    criterion = of_project(full(Criterion))
    with with_project.write() as records:
        records.add(criterion)
        with pytest.raises(Conflict, match="criterion with the same key and version already"):
            records.add(replace(criterion, id=new_id()))
        newer = replace(criterion, id=new_id(), version=8)
        records.add(newer)
        with pytest.raises(Conflict):
            records.replace(replace(newer, version=7))


def test_finding(with_project: Storage) -> None:
    states = [JobState.QUEUED, JobState.RUNNING, JobState.FINISHED, JobState.QUEUED]
    jobs = [replace(of_project(sparse(Job)), title=str(n), state=state) for n, state in enumerate(states)]
    jobs[3] = replace(jobs[3], project_id=None, started_at=NOW)
    with with_project.write() as records:
        for job in jobs:
            records.add(job)
    with with_project.read() as records:
        assert records.find(Job) == jobs[::-1]  # all made at once: ties break by id, newest first
        assert records.find(Job, order="title", limit=2) == jobs[:2]
        assert records.find(Job, order="-started_at", limit=1) == [jobs[3]]
        assert records.find(Job, order="started_at", limit=1) == [jobs[3]]
        assert records.find(Job, order="title", state=(JobState.RUNNING, "finished")) == jobs[1:3]
        assert records.find(Job, project_id=None) == [jobs[3]]
        assert records.count(Job, project_id=[None, PROJECT.id]) == 4
        assert records.find(Job, state=[]) == []
        assert records.first(Job, title="9") is None
        with pytest.raises(InvalidInput, match="no field"):
            records.find(Job, arguments={})
        with pytest.raises(InvalidInput, match="no field"):
            records.find(Job, colour="red")
        with pytest.raises(NotFound, match="job"):
            records.get(Job, "nothing")


def test_replacing_what_is_not_there(storage: Storage) -> None:
    with storage.write() as records, pytest.raises(NotFound):
        records.replace(PROJECT)


def test_swap_only_where_nobody_was_faster(with_project: Storage) -> None:
    job = of_project(sparse(Job))
    with with_project.write() as records:
        records.add(job)
        taken = replace(job, state=JobState.RUNNING)
        assert records.swap(taken, state=JobState.QUEUED)
        assert not records.swap(taken, state=JobState.QUEUED)


def test_an_error_leaves_nothing_behind(with_project: Storage) -> None:
    def act() -> None:
        with with_project.write() as records:
            records.add(of_project(sparse(Job)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    with with_project.read() as records:
        assert records.count(Job) == 0


def test_a_reading_sees_one_state(with_project: Storage) -> None:
    with with_project.read() as records:
        assert records.count(Job) == 0
        with with_project.write() as others:
            others.add(of_project(sparse(Job)))
        assert records.count(Job) == 0


def test_keys_and_heartbeats(storage: Storage) -> None:
    with storage.write() as records:
        records.remember("workflow:step", "a")
        records.remember("workflow:step", "a")
        with pytest.raises(Conflict):
            records.remember("workflow:step", "b")
        records.beat("worker", NOW)
        records.beat("worker", NOW + timedelta(seconds=1))
    with storage.read() as records:
        assert records.recall("workflow:step") == "a"
        assert records.recall("other") is None
        assert records.last_beat("worker") == NOW + timedelta(seconds=1)
        assert records.last_beat("nobody") is None


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@limits(deadline=None)
@given(JSON_VALUES)
@hypothesis_example({"half of a pair": "\ud800", "long": 10**30})
def test_json_of_any_shape_survives(value: Any) -> None:
    assert repr(decode(encode(value))) == repr(value)


def test_a_window_judged_before_anything_was_estimated_without_labels_is_read() -> None:
    row = to_row(example(Window))
    assert [judged.pop("without_labels") for judged in row["judgements"]]
    assert {judged.without_labels for judged in from_row(Window, row).judgements} == {None}


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 12345678901234567890123, 2**63, 1.5e300, 0.1, -0.0])
def test_a_number_in_json_stays_what_it_is(number: float):
    back = decode(encode({"n": number}))["n"]
    assert (back, type(back)) == (number, type(number))
