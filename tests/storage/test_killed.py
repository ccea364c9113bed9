"""A writer killed at any instant: what it acknowledged is there, once, and nothing is half there."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

from core.ledger import LedgerEvent, first_break
from core.settings import Settings
from core.storage.records import INSTANCE
from core.storage.storage import Storage

START = datetime(2013, 7, 1, tzinfo=UTC)

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import polars as pl
from core.settings import Settings
from core.storage.storage import Storage

storage = Storage.open(Settings(home=Path(sys.argv[1]), database_url=None))
for n in range(int(sys.argv[2]), 10_000):
    sha256 = storage.artifacts.put_bytes(str(n).encode() * 10_000)
    storage.predictions.append("delays", pl.DataFrame({
        "request_id": [str(n)], "row": [0], "day": ["2013-07-01"], "variant": ["champion"],
        "event_time": [datetime(2013, 7, 1, tzinfo=UTC)]}), source="spool", sequence=n)
    with storage.write() as records:
        records.append_event(project_id="instance", kind="shipped", subject_kind="batch", subject_id=str(n),
                             body={"artifact": sha256}, actor="worker", at=datetime.now(UTC))
    print(n, flush=True)
"""


def write_until_killed(settings: Settings, *, first: int, lines: int) -> int:
    """Let a process write from ``first`` on, kill it after some lines, and return the last batch it acknowledged."""
    command = [sys.executable, "-c", WRITER, str(settings.home), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(lines)]
        process.kill()
        rest = [int(line) for line in process.stdout.read().split()]
    return (acknowledged + rest)[-1]


def test_what_was_acknowledged_is_there_once(settings: Settings) -> None:
    last = 0
    for lines in (1, 7, 12):
        # A batch whose answer never came is sent again: the last one acknowledged, and whatever followed it.
        last = write_until_killed(settings, first=last, lines=lines)
    storage = Storage.open(settings)
    with storage.read() as records:
        events = records.find(LedgerEvent, order="sequence", project_id=INSTANCE)
    rows = storage.predictions.read("delays", starts=START, ends=START + timedelta(days=1))["request_id"].to_list()
    assert first_break(events) is None
    assert {event.subject_id for event in events} >= {str(n) for n in range(last + 1)}
    assert sorted(map(int, rows)) in (list(range(last + 1)), list(range(last + 2)))
    for event in events:
        storage.artifacts.verify(event.body["artifact"])
    storage.close()
