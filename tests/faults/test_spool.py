import asyncio
import threading

import pytest

from core import spool as module
from core.errors import Conflict, Unavailable
from core.spool import Spool, SpoolEntry, spool_files


def entry(request_id, *, payload="h", body=b"{}", answer=b"a", endpoint="e"):
    return SpoolEntry(endpoint=endpoint, request_id=request_id, payload_hash=payload, body=body, answer=answer)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "spool" / "one.db"


@pytest.fixture
def log(path):
    spool = Spool.open(path)
    yield spool
    spool.close()


def append(spool, *entries):
    async def run():
        return await asyncio.gather(*(spool.append(e) for e in entries), return_exceptions=True)

    return asyncio.run(run())


def ids(records):
    return [record.request_id for record in records]


def test_what_was_awaited_is_on_disk_in_order(path, log):
    assert append(log, *(entry(f"r{i}", body=b"%d" % i) for i in range(50))) == [b"a"] * 50
    reader = Spool.open(path)
    records = reader.read(0, 100)
    reader.close()
    assert ids(records) == [f"r{i}" for i in range(50)]
    assert [record.sequence for record in records] == sorted({record.sequence for record in records})
    assert records[7].body == b"7"
    assert ids(log.read(records[9].sequence, 3)) == ["r10", "r11", "r12"]
    assert spool_files(path.parent) == [path]


def test_waiting_requests_share_a_commit(log, monkeypatch):
    batches = []
    commit = module._commit
    monkeypatch.setattr(module, "_commit", lambda c, entries: batches.append(len(entries)) or commit(c, entries))
    append(log, *(entry(f"r{i}") for i in range(200)))
    assert sum(batches) == 200
    assert len(batches) < 20


def test_the_same_request_gets_the_first_answer_and_another_payload_a_conflict(log):
    append(log, entry("r", answer=b"first"))
    again, other, elsewhere = append(
        log, entry("r", answer=b"second"), entry("r", payload="x"), entry("r", payload="x", endpoint="f")
    )
    assert (again, elsewhere) == (b"first", b"a")
    assert isinstance(other, Conflict)
    assert log.depth() == 2


def test_twins_in_one_batch_are_one_record(log):
    outcomes = append(log, entry("r", answer=b"1"), entry("r", answer=b"2"), entry("r", payload="x"))
    assert outcomes[:2] == [b"1", b"1"]
    assert isinstance(outcomes[2], Conflict)
    assert log.depth() == 1


def test_a_shipped_request_is_still_recognised_and_its_number_never_used_again(path, log):
    append(log, entry("r1", answer=b"first"), entry("r2"))
    last = log.read(0, 10)[-1].sequence
    worker = Spool.open(path)
    worker.delete_through(last)
    worker.close()
    assert log.read(0, 10) == []
    assert append(log, entry("r1"))[0] == b"first"
    assert isinstance(append(log, entry("r1", payload="x"))[0], Conflict)
    append(log, entry("r3"))
    assert log.read(0, 10)[0].sequence > last


def test_old_keys_are_pruned_but_numbers_still_grow(log, monkeypatch):
    append(log, entry("r1"), entry("r2"))
    last = log.read(0, 10)[-1].sequence
    log.delete_through(last, now=4e9)
    append(log, entry("r1", answer=b"new"))
    (record,) = log.read(0, 10)
    assert record.sequence > last
    monkeypatch.setattr(module, "KEEP_KEYS_ROWS", 0)
    log.delete_through(record.sequence)
    assert append(log, entry("r1", payload="x"))[0] == b"a"


def test_what_is_not_shipped_is_never_pruned(log):
    append(log, entry("r1"), entry("r2"))
    first = log.read(0, 1)[0].sequence
    log.delete_through(first, now=4e9)
    assert ids(log.read(0, 10)) == ["r2"]


def test_a_reading_fits_into_memory(path, monkeypatch):
    monkeypatch.setattr(module, "READ_BYTES", 250)
    with Spool.open(path) as log:
        append(log, *(entry(f"r{i}", body=bytes(100)) for i in range(5)), entry("big", body=bytes(1000)))
        assert ids(log.read(0, 100)) == ["r0", "r1"]
        assert ids(log.read(log.read(0, 6)[-1].sequence + 3, 100)) == ["big"]


def test_a_full_log_refuses_and_recovers_once_shipped(path):
    log = Spool.open(path, max_bytes=400_000)
    big = [entry(f"r{i}", body=bytes(30_000)) for i in range(40)]
    outcomes = [append(log, one)[0] for one in big]
    stored = ids(log.read(0, 100))
    kept = [one.request_id for one, outcome in zip(big, outcomes, strict=True) if outcome == b"a"]
    refused = [outcome for outcome in outcomes if outcome != b"a"]
    assert kept == stored
    assert all(isinstance(outcome, Unavailable) for outcome in refused)
    assert refused
    assert "disk" in str(refused[0])
    log.delete_through(log.read(0, 100)[-1].sequence)
    assert append(log, entry("later"))[0] == b"a"
    log.close()


def test_a_locked_log_refuses_after_its_patience_and_recovers(path):
    log = Spool.open(path, lock_seconds=0.1)
    other = module.sqlite.connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    (outcome,) = append(log, entry("r"))
    other.execute("ROLLBACK")
    other.close()
    assert isinstance(outcome, Unavailable)
    assert append(log, entry("r"))[0] == b"a"
    log.close()


def test_a_damaged_log_is_refused_in_words(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database" * 500)
    with pytest.raises(Unavailable, match=r"one\.db"):
        Spool.open(path)


def test_a_text_that_no_file_takes_does_not_stop_the_flusher(log):
    (bad,) = append(log, entry("\ud800"))
    assert isinstance(bad, Unavailable)
    assert append(log, entry("r"))[0] == b"a"


def test_closing_commits_what_waits_and_refuses_what_comes(path):
    log = Spool.open(path)

    async def run():
        waiting = [log.append(entry(f"r{i}")) for i in range(30)]
        await asyncio.to_thread(log.close)
        outcomes = await asyncio.gather(*waiting)
        with pytest.raises(Unavailable, match="stopping"):
            log.append(entry("late"))
        return outcomes

    assert asyncio.run(run()) == [b"a"] * 30
    assert not [thread for thread in threading.enumerate() if thread.name == "spool"]


def test_too_many_waiting_are_told_so(log, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 0)

    async def run():
        with pytest.raises(Unavailable, match="again"):
            log.append(entry("r"))

    asyncio.run(run())
