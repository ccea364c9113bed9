"""The command: quick to answer, clear in its refusals, and the owner of its processes."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from core.settings import Settings
from core.workspace.workspace import Workspace
from dashboard import supervisor
from dashboard.terminal import columns_text, findings_text
from tests.fullcircle_process import Fullcircle, is_alive
from tests.small_projects import carry_out

DRIFT_KEYS = {  # others read them: a key more or fewer breaks what they have made
    *("column", "kind", "verdict", "method", "effect", "interval", "p_value", "q_value"),
    *("n_reference", "n_current", "n_blocks", "note"),
}


def run(*arguments: str | Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"FULLCIRCLE_HOME": str(home)} if home else {})}
    command = [sys.executable, "-m", "dashboard.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fullcircle]:
    process = Fullcircle("up", tmp_path_factory.mktemp("home"))
    yield process.wait_until_ready()
    process.end()


def until(condition: object, seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_the_help_needs_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys, dashboard.cli\n"
        "heavy = {'streamlit', 'polars', 'pandas', 'numpy', 'sqlalchemy', 'dbos', 'pydantic', 'sklearn', 'httpx'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert "Open the dashboard" in run("--help").stdout
    assert run("--version").stdout.startswith("fullcircle ")


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run("up", "--home", tmp_path, "--port", str(port), "--no-browser")
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Port {port} is taken")
    assert ended.stderr.count("\n") == 1


def test_a_free_port_whose_neighbour_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def neighbours_of_the_first_three_are_taken(port: int) -> bool:
        looked_at.append(port)
        return len(looked_at) not in (2, 4, 6)

    monkeypatch.setattr(supervisor, "_is_free", neighbours_of_the_first_three_are_taken)

    assert supervisor.choose_ports(0) == tuple(looked_at[-2:])
    assert len(looked_at) == 8


def test_a_home_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ended = run("up", "--home", file, "--port", "0", "--no-browser")
    assert ended.returncode == 2
    assert "Choose another folder" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_up_serves_page_theme_fonts_and_models_with_headers(up: Fullcircle) -> None:
    page = httpx.get(up.address, trust_env=False)
    assert page.status_code == 200
    assert "sha256-" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    font = httpx.get(f"{up.address}/app/static/instrument-sans-latin-wght-normal.woff2", trust_env=False)
    assert font.status_code == 200
    assert httpx.get(f"{up.scorer}/v2/health/ready", trust_env=False).status_code == 200
    foreign = httpx.get(up.address, headers={"Host": "example.org"}, trust_env=False)
    assert foreign.status_code == 400


def test_a_killed_worker_is_noticed_and_comes_back(up: Fullcircle) -> None:
    worker = up.children()["worker"]
    os.kill(worker, signal.SIGKILL)
    until(lambda: up.children().get("worker", worker) != worker)
    assert "worker | ended with -9; starting again" in up.output
    up.wait_until_ready()


def test_it_ends_within_ten_seconds_and_leaves_no_process(up: Fullcircle) -> None:
    children = up.children()
    assert set(children) == {"web", "worker", "scorer"}
    assert up.end() < 10
    assert up.process.returncode == 0
    assert not [name for name, child in children.items() if is_alive(child)]
    assert "Traceback" not in up.output


def test_children_end_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    process = Fullcircle("up", tmp_path).wait_until_ready()
    children = process.children()
    process.end(signal.SIGKILL)
    until(lambda: not any(is_alive(child) for child in children.values()), 10)


def test_verify_holds_on_an_untouched_workspace_and_tells_a_touched_file(tmp_path: Path) -> None:
    ended = run("verify", home=tmp_path)
    assert ended.returncode == 2
    assert ended.stderr == f"{tmp_path} holds no workspace. Name the folder of one with --home.\n"
    Workspace.open(Settings(home=tmp_path))
    ended = run("verify", home=tmp_path)
    assert (ended.returncode, ended.stdout.strip()) == (0, "Every stored file is as it was stored.")
    folder = tmp_path / "artifacts" / "ab"
    folder.mkdir(parents=True)
    (folder / ("ab" * 32)).write_bytes(b"changed")
    ended = run("verify", home=tmp_path)
    assert ended.returncode == 1
    assert "ab" * 32 in ended.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE ledger_event SET actor = 'x' WHERE sequence = 2", "changed at event 2"),
        ("UPDATE ledger_event SET body = '{' WHERE sequence = 2", "changed at event 2"),
        ("UPDATE ledger_event SET at = 'yesterday' WHERE sequence = 2", "changed at event 2"),
        ("DELETE FROM ledger_event WHERE sequence > 2", "changed at event 3"),
        ("DELETE FROM ledger_event", "changed at event 1"),
    ],
)
def test_verify_names_the_event_that_was_touched(tmp_path: Path, change: str, told: str) -> None:
    workspace = Workspace.open(Settings(home=tmp_path))
    for name in ("Same name", "Same name"):
        project = workspace.projects.begin(name)
        workspace.projects.archive(project.id)
        workspace.projects.restore(project.id)
    workspace.close()
    with closing(sqlite3.connect(tmp_path / "records.db")) as connection:
        connection.execute(f"{change} AND project_id = '{project.id}'" if "sequence" in change else change)
        connection.commit()
    ended = run("verify", home=tmp_path)
    assert ended.returncode == 1, ended.stderr
    assert f"Same name ({project.slug}): the chain of events was {told}" in ended.stdout


def test_verify_tells_a_file_that_is_gone(tmp_path: Path) -> None:
    workspace = Workspace.open(Settings(home=tmp_path / "home"))
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    project = workspace.projects.begin("Gone")
    version, job = workspace.data.drop(project.id, tmp_path / "a.csv", file_name="a.csv")
    carry_out(workspace, job)
    gone = workspace.data.get(version.id).source
    (tmp_path / "home" / "artifacts" / gone[:2] / gone).unlink()
    ended = run("verify", home=tmp_path / "home")
    assert ended.returncode == 1
    assert f"File {gone}: it is missing" in ended.stdout


@pytest.mark.parametrize("damage", [b"no database at all", None])
def test_a_damaged_database_is_one_sentence(tmp_path: Path, damage: bytes | None) -> None:
    Workspace.open(Settings(home=tmp_path)).close()
    records = tmp_path / "records.db"
    records.write_bytes(records.read_bytes()[:100_000] if damage is None else damage)
    ended = run("verify", home=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "Restore the workspace from a backup" in ended.stderr


def test_validate_and_drift_end_with_the_agreed_codes(tmp_path: Path) -> None:
    good, moved = tmp_path / "good.csv", tmp_path / "moved.csv"
    good.write_text("a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(500)))
    moved.write_text("a,b\n" + "".join(f"{i},{i % 7 + 20}\n" for i in range(500)))
    clean = run("validate", good, "--format", "json")
    assert clean.returncode == 0, clean.stderr
    assert {"rows", "columns", "findings"} <= set(json.loads(clean.stdout))
    drifted = run("drift", good, moved, "--format", "json")
    assert drifted.returncode == 1, drifted.stderr
    printed = json.loads(drifted.stdout)
    assert printed["verdict"] == "drifted"
    assert set(printed) == {"verdict", "columns"}
    assert all(set(column) == DRIFT_KEYS for column in printed["columns"])
    assert run("drift", good, good).returncode == 0
    missing = run("validate", tmp_path / "none.csv")
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1


def test_a_comparison_is_a_page_that_stands_alone_and_markdown(tmp_path: Path) -> None:
    good, moved = tmp_path / "good.csv", tmp_path / "moved<b>.csv"
    good.write_text("a,<i>b\n" + "".join(f"{i / 7},{'xyz'[i % 3]}\n" for i in range(500)))
    moved.write_text("a,<i>b\n" + "".join(f"{i / 7 + 40},{'xyz'[i % 3]}\n" for i in range(500)))
    page = run("drift", good, moved, "--format", "html")
    assert page.returncode == 1, page.stderr
    assert page.stdout.startswith("<!doctype html>")
    assert "Drifted: 1 of 2 columns" in page.stdout
    assert page.stdout.count("<svg") == 2
    assert not re.search(r"<script|<link|src=|url\(|@import|https?://", page.stdout)
    assert "<i>b" not in page.stdout
    assert "moved<b>" not in page.stdout
    told = run("drift", good, moved, "--format", "md")
    assert told.returncode == 1
    assert "**Drifted: 1 of 2 columns**" in told.stdout
    assert "| a | 🟠 drifted |" in told.stdout
    assert run("drift", good, good, "--format", "html").returncode == 0


def test_a_report_ends_with_its_own_code_or_two_wherever_it_is_printed(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text("größe😀,b\n" + "1,2\n" * 200)
    command = [sys.executable, "-m", "dashboard.cli", "validate", str(file)]
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    told = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert (told.returncode, told.stderr) == (0, b"")
    assert "größe?".encode("latin-1") in told.stdout
    as_json = subprocess.run([*command, "--format", "json"], capture_output=True, env=environment, check=False)
    assert "größe😀" in {finding["column"] for finding in json.loads(as_json.stdout)["findings"]}
    with Path("/dev/full").open("w") as full:
        refused = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)


def test_findings_are_told_worst_first_without_steering_the_terminal() -> None:
    finding = {"check": "c", "status": "failed", "count": 1, "share": 0.1, "interval": None, "sample": []}
    report = {
        "rows": 1200,
        "columns": 1,
        "findings": [
            {**finding, "column": "a", "severity": "warning", "message": "Two units are mixed."},
            {**finding, "column": "b\x1b[31m", "severity": "error", "message": "A date lies in the future."},
            {**finding, "column": None, "severity": "info", "status": "passed", "message": ""},
        ],
    }
    lines = findings_text(report).splitlines()
    assert lines[0] == "1,200 rows, 1 column: 2 findings, 1 check passed"
    assert lines[2].startswith("ERROR")
    assert "\x1b" not in lines[2]
    assert lines[3].startswith("WARNING  a: Two units")


def test_the_drift_table_says_the_verdict_first() -> None:
    column = {"kind": "number", "method": "m", "p_value": None, "q_value": None, "n_reference": 9, "n_current": 9}
    report = {
        "verdict": "drifted",
        "columns": [
            {**column, "column": "b", "verdict": "stable", "effect": 0.01, "interval": None, "note": "", "n_blocks": 3},
            {
                **column,
                "column": "a",
                "verdict": "drifted",
                "effect": 0.4,
                "interval": [0.3, 0.5],
                "note": "The mean rose.",
                "n_blocks": 3,
            },
        ],
    }
    lines = columns_text(report).splitlines()
    assert lines[0] == "Drifted: 1 of 2 columns"
    assert lines[3].split("  ")[0] == "a"
    assert "0.400 [0.300, 0.500]" in lines[3]


def test_an_import_says_what_came_and_what_did_not(tmp_path: Path) -> None:
    run_folder = tmp_path / "mlruns" / "1" / "abc"
    (run_folder / "metrics").mkdir(parents=True)
    (run_folder / "metrics" / "loss").write_text("1700000000000 0.5 0\n1700000000001 0.25 1\nnonsense\n")
    (run_folder.parent / "meta.yaml").write_text("{experiment_id: '1', name: Old, lifecycle_stage: active}")
    (run_folder / "meta.yaml").write_text("{run_id: abc, run_name: first, status: 3, start_time: 1700000000000}")
    first = run("import-mlflow", tmp_path / "mlruns", home=tmp_path / "home")
    assert first.stdout.splitlines() == [
        "1 experiment, 1 run, 2 points.",
        "Without files, 1 run: none logged, or no folder at the source.",
        "Points left out, because they are not as MLflow allows them: 1.",
        "Not imported: traces and prompts.",
    ]
    again = run("import-mlflow", tmp_path / "mlruns", home=tmp_path / "home")
    assert again.stdout.startswith("1 experiment, 0 runs, 0 points; 1 run was known already.\n")
    refused = run("import-mlflow", tmp_path / "home", home=tmp_path / "home")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "holds no experiments of MLflow" in refused.stderr
