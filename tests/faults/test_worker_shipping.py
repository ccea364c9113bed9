"""What the scorer logged reaches the tables in order, and leaves the log only after that."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from core.errors import Unavailable
from core.jobs import shipping
from core.jobs.shipping import Shipping
from core.spool import Spool, SpoolEntry, SpoolRecord
from core.workspace.workspace import Workspace


@dataclass
class Tables:
    """Stands in for the prediction tables: takes what is shipped, or fails."""

    batches: list[tuple[str, list[int]]] = field(default_factory=list)
    away: bool = False

    def ship(self, records: list[SpoolRecord], *, source: str) -> None:
        if self.away:
            raise Unavailable("The tables are away.")
        self.batches.append((source, [record.sequence for record in records]))

    @property
    def workspace(self) -> Workspace:
        return cast(Workspace, SimpleNamespace(deployment=self))


def log(path: Path, count: int, size: int = 10) -> None:
    async def write() -> None:
        await asyncio.gather(*(spool.append(entry(path.stem, number)) for number in range(count)))

    def entry(name: str, number: int) -> SpoolEntry:
        request = f"{name}-{number}-{spool.depth()}"
        return SpoolEntry(endpoint="e", request_id=request, payload_hash="h", body=b"x" * size, answer=b"")

    spool = Spool.open(path)
    asyncio.run(write())
    spool.close()


def waiting(path: Path) -> int:
    spool = Spool.open(path)
    depth = spool.depth()
    spool.close()
    return depth


@pytest.fixture
def tables() -> Tables:
    return Tables()


def ship(tables: Tables, folder: Path) -> Shipping:
    return Shipping(tables.workspace, folder)


def test_a_growing_batch_waits_and_a_quiet_one_goes(tmp_path: Path, tables: Tables) -> None:
    path, shipping_loop = tmp_path / "scorer.db", ship(tables, tmp_path)
    log(path, 3)
    shipping_loop.ship_what_waits()
    assert tables.batches == []
    shipping_loop.ship_what_waits()
    assert tables.batches == [("scorer", [1, 2, 3])]
    assert waiting(path) == 0


def test_no_record_waits_longer_than_the_limit(tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "LONGEST_WAIT_SECONDS", 0.0)
    log(tmp_path / "scorer.db", 1)
    ship(tables, tmp_path).ship_what_waits()
    assert tables.batches == [("scorer", [1])]


def test_full_batches_go_at_once_and_in_order(tmp_path: Path, tables: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "MOST_BYTES", 100)
    log(tmp_path / "scorer.db", 7, size=40)
    ship(tables, tmp_path).flush(10)
    assert tables.batches == [("scorer", [1, 2]), ("scorer", [3, 4]), ("scorer", [5, 6]), ("scorer", [7])]


def test_what_the_tables_did_not_take_stays_in_the_log(tmp_path: Path, tables: Tables) -> None:
    path, shipping_loop = tmp_path / "scorer.db", ship(tables, tmp_path)
    log(path, 2)
    tables.away = True
    with pytest.raises(Unavailable):
        shipping_loop.flush(10)
    assert waiting(path) == 2
    tables.away = False
    shipping_loop.flush(10)
    assert tables.batches == [("scorer", [1, 2])]
    assert waiting(path) == 0


def test_each_scorers_log_is_a_source_of_its_own(tmp_path: Path, tables: Tables) -> None:
    log(tmp_path / "a.db", 2)
    log(tmp_path / "b.db", 1)
    ship(tables, tmp_path).flush(10)
    assert tables.batches == [("a", [1, 2]), ("b", [1])]
