"""A contract beside other tools: as fast as Pandera on Polars, and of one mind with datacontract-cli."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from core.data.contract.contract import Contract, Limit, Rule
from core.data.contract.judge import judge
from core.data.contract.odcs import to_odcs
from core.data.finding import CheckStatus
from core.frames.opening import open_file
from tests.benchmarks.wide_table import write_wide_table
from tests.operating.peers import python_of

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 1, tzinfo=UTC)
OURS = """
import json, resource, sys, time
from datetime import UTC, datetime
from pathlib import Path
from core.data.contract.contract import Contract, Rule
from core.data.contract.judge import judge
rules = tuple(Rule(**fields) for fields in json.loads(sys.argv[2]))
contract = Contract(name="table", rules=rules)
began = time.perf_counter()
found = judge(Path(sys.argv[1]), contract, now=datetime(2026, 1, 1, tzinfo=UTC), typed=True)
seconds, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
# not ru_maxrss: a process inherits that of the one that started it
peak = 1024 * int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
assert not [one for one in found if one.status.value == "crashed"], found
broken = sorted({one.rule.column for one in found if one.status.value == "failed"})
print(json.dumps([seconds, used.ru_utime + used.ru_stime, peak, broken]))
"""


def sixty_rules(table: Path) -> list[dict[str, Any]]:
    """Agree on no empty cell in any column, bounds of numbers, lengths of texts, lists of values: sixty in all."""
    frame = pl.scan_parquet(table)
    rules: list[dict[str, Any]] = []
    for name, kind in frame.collect_schema().items():
        column = frame.select(name).collect()[name]
        rules.append({"kind": "not_null", "column": name, "arguments": {}})
        if kind.is_numeric():
            # a fifth of the bounds is too narrow: broken rules cost more than kept ones
            most = column.max() if len(rules) % 5 else column.quantile(0.999)
            rules.append({"kind": "range", "column": name, "arguments": {"min": column.min(), "max": most}})
        elif kind == pl.String:
            lengths = column.str.len_chars()
            bounds = {"min": lengths.min(), "max": lengths.max()}
            rules.append({"kind": "length", "column": name, "arguments": bounds})
            if column.n_unique() < 200:
                values = column.drop_nulls().unique().to_list()
                rules.append({"kind": "enumeration", "column": name, "arguments": {"values": values}})
    return rules[:60]


def run(who: str, python: Path | str, *arguments: str) -> tuple[float, float, float, list[str]]:
    done = subprocess.run([str(python), *arguments], capture_output=True, text=True, check=False, cwd=HERE.parents[1])
    assert not done.returncode, done.stderr
    seconds, worked, peak, broken = json.loads(done.stdout.splitlines()[-1])
    print(f"  {who}: {seconds:.2f} s ({worked:.1f} s of work with the start), peak {peak / 1e6:,.0f} MB")
    return seconds, worked, peak, broken


def test_sixty_rules_on_a_million_rows(tmp_path: Path) -> None:
    python = python_of("Pandera")
    if python is None:
        pytest.skip("Pandera cannot be installed here.")
    source = write_wide_table(tmp_path / "table.parquet", 1_000_000)
    rules = sixty_rules(source)
    print(f"\n{len(rules)} rules, 1,000,000 x 30, load {os.getloadavg()[0]:.1f}, {time.strftime('%F')}")
    said = json.dumps(rules)
    ours = [run("Fullcircle", sys.executable, "-c", OURS, str(source), said) for _ in range(3)]
    peer = [
        run("Pandera on Polars", python.absolute(), str(HERE / "pandera_worker.py"), str(source), said)
        for _ in range(3)
    ]
    assert ours[0][3] == peer[0][3]  # of one mind on which columns break a rule
    print(f"  {min(o[0] for o in ours) / min(p[0] for p in peer):.2f} x the time of Pandera (budget 1)")


# Verdicts beside datacontract-cli

GOOD = pl.DataFrame(
    {
        "id": list(range(1, 61)),
        "kind": ["a", "b", "c"] * 20,
        "temp": [float(n) / 2 for n in range(60)],
        "code": [f"N{n:03}" for n in range(60)],
        "day": [f"2024-02-{1 + n % 28:02}" for n in range(60)],
    }
)
FIRST = pl.int_range(pl.len()) == 0
FILES = {
    "good": GOOD,
    "an empty cell": GOOD.with_columns(kind=pl.when(FIRST).then(None).otherwise("kind")),
    "an id twice": GOOD.with_columns(id=pl.when(FIRST).then(2).otherwise("id")),
    "a new kind": GOOD.with_columns(kind=pl.when(FIRST).then(pl.lit("x")).otherwise("kind")),
    "too hot": GOOD.with_columns(temp=pl.when(FIRST).then(99.0).otherwise("temp")),
    "too cold": GOOD.with_columns(temp=pl.when(FIRST).then(-99.0).otherwise("temp")),
    "another form": GOOD.with_columns(code=pl.when(FIRST).then(pl.lit("n12")).otherwise("code")),
    "a long code": GOOD.with_columns(code=pl.when(FIRST).then(pl.lit("N0123456789")).otherwise("code")),
    "few rows": GOOD.head(5),
    "a column less": GOOD.drop("temp"),
}
TYPES = {"id": "integer", "kind": "string", "temp": "number", "code": "string", "day": "date"}
BASE = tuple(
    rule
    for name, kind in TYPES.items()
    for rule in (Rule(kind="present", column=name), Rule(kind="type", column=name, arguments={"type": kind}))
)
AGREED: dict[str, tuple[Rule, ...]] = {
    "names and types": (),
    "not null": (Rule(kind="not_null", column="kind"),),
    "unique": (Rule(kind="unique", column="id"),),
    "enumeration": (Rule(kind="enumeration", column="kind", arguments={"values": ["a", "b", "c"]}),),
    "at most": (Rule(kind="range", column="temp", arguments={"max": 60}),),
    "at least": (Rule(kind="range", column="temp", arguments={"min": -60}),),
    "pattern": (Rule(kind="pattern", column="code", arguments={"pattern": "^N[0-9]+$"}),),
    "length": (Rule(kind="length", column="code", arguments={"min": 3, "max": 6}),),
    "rows": (Rule(kind="row_count", limit=Limit(operator=">=", numbers=(10.0,))),),
    "all of it": (
        Rule(kind="not_null", column="temp"),
        Rule(kind="unique", column="code"),
        Rule(kind="range", column="temp", arguments={"min": 0, "max": 40}),
        Rule(kind="enumeration", column="kind", arguments={"values": ["a", "b"]}),
    ),
}


def breaks(contract: Contract, csv: Path, folder: Path) -> bool:
    opened = open_file(csv, folder / f"{csv.stem}.parquet", name=csv.name)
    found = judge(folder / f"{csv.stem}.parquet", contract, now=NOW, typed=opened.typed)
    assert not [one for one in found if one.status is CheckStatus.CRASHED]
    return any(one.status is CheckStatus.FAILED for one in found)


def test_verdicts_are_those_of_datacontract(tmp_path: Path) -> None:
    python = python_of("datacontract")
    if python is None:
        pytest.skip("datacontract-cli cannot be installed here.")
    worker = subprocess.Popen(
        [python.absolute(), HERE / "datacontract_worker.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    differ: list[str] = []
    for place, (file, rows) in enumerate(FILES.items()):
        csv = tmp_path / f"table{place}.csv"
        rows.write_csv(csv)
        for agreed, rules in AGREED.items():
            contract = Contract(name="table", rules=(*BASE, *rules))
            written = yaml.safe_load(to_odcs(contract, identity="peer", status="active"))
            written["servers"] = [{"server": "local", "type": "local", "path": str(csv), "format": "csv"}]
            path = tmp_path / "contract.odcs.yaml"
            path.write_text(yaml.safe_dump(written))
            print(json.dumps(str(path)), file=worker.stdin, flush=True)
            theirs = json.loads(worker.stdout.readline())
            if bool(theirs) != breaks(contract, csv, tmp_path):
                differ.append(f"{file}, {agreed}: they find {theirs or 'nothing'}")
    worker.communicate()
    count = len(FILES) * len(AGREED)
    print(f"\n{count - len(differ)} of {count} verdicts are those of datacontract-cli")
    assert not differ, "\n".join(differ)
