"""Several writers at once lose nothing and double nothing."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.errors import NotFound
from core.ids import new_id
from core.job import Job, JobState
from core.ledger import LedgerEvent, first_break
from core.scoping.project import Project
from core.settings import Settings
from core.storage.records import INSTANCE, Records
from core.storage.storage import Storage

NOW = datetime(2013, 7, 4, 12, tzinfo=UTC)
PROJECT = Project(id=new_id(), slug="flights", name="Flights", created_at=NOW)
WRITERS, ACTS = 4, 10

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.settings import Settings
from core.storage.storage import Storage

home, url, project_id, acts = sys.argv[1:]
storage = Storage.open(Settings(home=Path(home), database_url=url or None))
for n in range(int(acts)):
    with storage.write() as records:
        records.append_event(project_id=project_id, kind="tried", subject_kind="project", subject_id=project_id,
                             body={"n": n}, actor="me", at=datetime.now(UTC))
        if project_id != "instance":
            records.bump_revision(project_id)
"""


def write_event(records: Records, project_id: str) -> LedgerEvent:
    return records.append_event(
        project_id=project_id,
        kind="tried",
        subject_kind="project",
        subject_id=project_id,
        body={"share": 1e16, "odd": float("inf"), "when": NOW, "keys": {2: "b", 1: "a"}},
        actor="me",
        at=NOW,
        on=NOW,
    )


def at_once(act: Callable[[int], object]) -> list[object]:
    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(act, range(WRITERS)))


def begin(storage: Storage) -> None:
    with storage.write() as records:
        records.add(PROJECT)


def chain(storage: Storage, project_id: str) -> list[LedgerEvent]:
    with storage.read() as records:
        return records.find(LedgerEvent, order="sequence", project_id=project_id)


def test_the_chain_holds_under_threads(storage: Storage) -> None:
    begin(storage)

    def act(writer: int) -> None:
        for n in range(ACTS):
            with storage.write() as records:
                if (writer + n) % 2:  # in either order: neither waits for the other in a circle
                    records.bump_revision(PROJECT.id)
                write_event(records, PROJECT.id)
                write_event(records, INSTANCE)
                if not (writer + n) % 2:
                    records.bump_revision(PROJECT.id)

    at_once(act)
    for project_id in (PROJECT.id, INSTANCE):
        events = chain(storage, project_id)
        assert len(events) == WRITERS * ACTS
        assert first_break(events) is None
    with storage.read() as records:
        assert records.get(Project, PROJECT.id).revision == WRITERS * ACTS


def test_processes_that_start_together_share_one_history(either: Settings) -> None:
    command = [sys.executable, "-c", WRITER, str(either.home), either.database_url or "", INSTANCE, str(ACTS)]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], errors
    storage = Storage.open(either)
    events = chain(storage, INSTANCE)
    storage.close()
    assert len(events) == 3 * ACTS
    assert first_break(events) is None


def test_the_returned_event_is_the_stored_one(storage: Storage) -> None:
    begin(storage)
    with storage.write() as records:
        returned = write_event(records, PROJECT.id)
    assert chain(storage, PROJECT.id) == [returned]


def test_a_change_to_the_past_shows(storage: Storage) -> None:
    begin(storage)
    with storage.write() as records:
        for _ in range(3):
            write_event(records, PROJECT.id)
    with storage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE ledger_event SET actor = 'somebody else' WHERE sequence = 2")
    assert first_break(chain(storage, PROJECT.id)) == 2


def test_a_chain_cut_short_shows(storage: Storage) -> None:
    begin(storage)
    with storage.write() as records:
        for _ in range(3):
            write_event(records, PROJECT.id)
    with storage.read() as records:
        end = records.chain_end(PROJECT.id)
    assert first_break(chain(storage, PROJECT.id), end=end) is None
    with storage.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM ledger_event WHERE sequence = 3")
    assert first_break(chain(storage, PROJECT.id)) is None
    assert first_break(chain(storage, PROJECT.id), end=end) == 3


def test_an_act_that_fails_leaves_no_gap_in_the_chain(storage: Storage) -> None:
    begin(storage)

    def fail() -> None:
        with storage.write() as records:
            write_event(records, PROJECT.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with storage.write() as records:
        assert write_event(records, PROJECT.id).sequence == 1


def test_no_project_no_chain(storage: Storage) -> None:
    with storage.write() as records:
        with pytest.raises(NotFound):
            write_event(records, "nowhere")
        with pytest.raises(NotFound):
            records.bump_revision("nowhere")


def test_a_job_is_claimed_once(storage: Storage) -> None:
    job = Job(id=new_id(), project_id=None, kind="train", title="Train", arguments={}, by="me", created_at=NOW)
    with storage.write() as records:
        records.add(job)

    def claim(_writer: int) -> bool:
        with storage.write() as records:
            found = records.get(Job, job.id)
            if found.state is not JobState.QUEUED:
                return False
            records.replace(replace(found, state=JobState.RUNNING))
            return True

    assert sorted(at_once(claim)) == [False] * (WRITERS - 1) + [True]


def test_a_changed_project_keeps_its_revision(storage: Storage) -> None:
    begin(storage)

    def rename(writer: int) -> None:
        with storage.write() as records:
            project = records.get(Project, PROJECT.id)
            records.bump_revision(project.id)
            records.replace(replace(project, description=f"{project.description}{writer}"))

    at_once(rename)
    with storage.read() as records:
        project = records.get(Project, PROJECT.id)
    assert project.revision == WRITERS
    assert sorted(project.description) == ["0", "1", "2", "3"]
