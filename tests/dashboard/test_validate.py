"""``fullcircle validate``: what it prints in each form, and how it ends."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from core.data.contract.contract import Contract, Rule
from core.data.contract.odcs import to_odcs
from core.data.finding import Severity
from dashboard.cli import app

KEYS = ["check", "column", "severity", "status", "count", "share", "interval", "sample", "message"]
RULES = (
    Rule(kind="present", column="id"),
    Rule(kind="type", column="id", arguments={"type": "integer"}),
    Rule(kind="unique", column="id"),
    Rule(kind="range", column="price", arguments={"max": 100}, severity=Severity.WARNING),
    Rule(kind="pattern", column="note", arguments={"pattern": "(?=x)"}),
)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["validate", *map(str, arguments)])


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "contract.yaml"
    path.write_text(to_odcs(Contract(name="orders", rules=RULES), identity="orders"))
    return path


def table(folder: Path, *, last: str = "40,700,fine") -> Path:
    path = folder / "or|ders.csv"
    path.write_text("id,price,note\n" + "".join(f"{i},{i}.5,<b>n|{i}</b>\n" for i in range(1, 40)) + last + "\n")
    return path


def test_as_json_it_is_what_a_pipeline_was_promised(tmp_path: Path, contract: Path) -> None:
    result = run(table(tmp_path), "--contract", contract, "--label", "price", "--format", "json")
    report = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (report["rows"], report["columns"]) == (40, 3)
    assert all(list(finding) == KEYS for finding in report["findings"])
    agreed = {f["check"]: f for f in report["findings"] if f["check"].startswith("contract.") and f["column"] != "note"}
    assert {name: found["status"] for name, found in agreed.items()} == {
        "contract.range": "failed",
        "contract.present": "passed",
        "contract.type": "passed",
        "contract.unique": "passed",
    }
    broken = agreed["contract.range"]
    assert (broken["severity"], broken["count"], broken["share"]) == ("warning", 1, 1 / 40)
    assert broken["sample"] == [{"row": 40, "value": 700.0}]


def test_a_broken_error_ends_with_1(tmp_path: Path, contract: Path) -> None:
    result = run(table(tmp_path, last="1,1,twice"), "--contract", contract)
    assert result.exit_code == 1
    assert "Agreed: `id` is unique. Broken in 2 rows" in " ".join(result.stdout.split())


def test_as_junit_an_error_is_a_failure_and_a_warning_is_told(tmp_path: Path, contract: Path) -> None:
    result = run(table(tmp_path, last="1,700,\x01]]>&"), "--contract", contract, "--format", "junit")
    suites = ElementTree.fromstring(result.stdout)
    (suite,) = suites.findall("testsuite")
    assert (suites.tag, suite.get("name")) == ("testsuites", "or|ders.csv")
    cases = suite.findall("testcase")
    assert int(suite.get("tests", "0")) == len(cases) == int(suites.get("tests", "0"))
    assert int(suite.get("failures", "0")) == len(suite.findall("testcase/failure")) > 0
    assert int(suite.get("errors", "0")) == len(suite.findall("testcase/error")) == 1
    assert int(suite.get("skipped", "0")) == len(suite.findall("testcase/skipped"))
    found = {(case.get("classname"), case.get("name")): case for case in cases}
    failure = found["contract.unique", "id"].find("failure")
    assert failure is not None
    assert failure.get("message", "").startswith("Agreed: `id` is unique.")
    told = found["contract.range", "price"].findtext("system-out") or ""
    assert told.startswith("warning: Agreed: `price` is at most 100.")
    assert found["contract.pattern", "note"].find("error") is not None


def test_as_markdown_it_is_a_table_whatever_the_cells_hold(tmp_path: Path, contract: Path) -> None:
    result = run(table(tmp_path, last="1,1,x"), "--contract", contract, "--format", "md")
    lines = result.stdout.strip().splitlines()
    assert lines[0] == "### or\\|ders.csv"
    rows = [line for line in lines if line.startswith("|")]
    assert rows[0] == "| | Column | What was found | Rows | Share |"
    assert all(row.replace("\\|", "").count("|") == 6 for row in rows)
    assert any("error | id | Agreed: id is unique" in row for row in rows)
    assert "<b>" not in result.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--label", "nope"], "has no column 'nope'"),
        (["--contract", "nope.yaml"], "nope.yaml cannot be read"),
        (["--contract", "{file}"], "none of the contracts|neither YAML nor JSON|holds no contract"),
        (["--reference", "nope.csv"], "nope.csv does not exist"),
        (["--reference", "{folder}"], "is a folder"),
    ],
)
def test_what_cannot_be_read_ends_with_2_and_one_sentence(tmp_path: Path, more: list[str], said: str) -> None:
    file = table(tmp_path)
    result = run(file, *(text.format(file=file, folder=tmp_path) for text in more))
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert any(part in result.stderr for part in said.split("|"))
    assert result.stdout == ""


def test_a_reference_is_compared_with(tmp_path: Path) -> None:
    result = run(table(tmp_path), "--reference", table(tmp_path), "--format", "json")
    assert json.loads(result.stdout)["rows"] == 40


def test_what_an_import_leaves_out_is_told_beside_the_report(tmp_path: Path) -> None:
    suite = tmp_path / "suite.json"
    suite.write_text('{"expectations": [{"type": "expect_column_mean_to_be_between", "kwargs": {"column": "price"}}]}')
    result = run(table(tmp_path), "--contract", suite, "--format", "json")
    assert result.exit_code == 0
    assert "expect_column_mean_to_be_between on price is not carried over." in result.stderr
    assert json.loads(result.stdout)["rows"] == 40


def test_the_rows_that_a_test_shares_with_its_training_are_printed(tmp_path: Path) -> None:
    train, test = tmp_path / "train.csv", tmp_path / "test.csv"
    lines = [f"{i},{i * 7 % 13}" for i in range(60)]
    train.write_text("\n".join(["order_id,x", *lines[:40]]))
    test.write_text("\n".join(["order_id,x", *lines[30:]]))
    result = run(test, "--reference", train, "--rows", "shared_rows:order_id")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 11
