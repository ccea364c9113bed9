"""The parts of a dataset on files of every size: empty, one row, many findings, a thousand columns."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from core.data.by_column import by_column, plain_fix, plain_message
from core.data.dataset import DatasetVersion
from core.data.finding import CheckStatus, Finding, Severity
from core.scoping.project import Project
from core.workspace.data import CheckedTable
from core.workspace.workspace import Workspace
from dashboard.formats import escape
from dashboard.vocabulary import WHOLE_TABLE
from tests.dashboard.stages import late_csv, text
from tests.many_findings import write_many_findings
from tests.small_projects import carry_out

Open = Callable[..., AppTest]
PARTS = ("findings", "profile", "labels", "versions", "rows")
MOST_BYTES = 300_000
ROWS = ("All rows", "The row")


@pytest.fixture
def project(workspace: Workspace) -> Project:
    return workspace.projects.begin("Orders")


def dropped(workspace: Workspace, project: Project, path: Path) -> DatasetVersion:
    version, job = workspace.data.drop(project.id, path, file_name=path.name)
    carry_out(workspace, job)
    return workspace.data.get(version.id)


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def bytes_of(app: AppTest) -> int:
    """Return how much of a page are its tables and charts."""
    elements: list[Any] = [*app.dataframe, *app.table, *app.get("plotly_chart")]
    return sum(element.proto.ByteSize() for element in elements)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("content", ["a,b\n", "a,b\n1,x\n", "a\n\n\n", "a,b\n" + "1,\n" * 40])
def test_small_and_empty_files_have_every_part(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path, content: str, part: str
):
    dropped(workspace, project, written(tmp_path / "small.csv", content))
    app = open_view("datasets", project=project.slug, show=part)
    assert not app.exception
    assert "orders v1" in text(app)


def test_every_column_of_many_findings_is_a_line_and_has_a_panel_with_each_fix(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    version = dropped(workspace, project, write_many_findings(tmp_path / "many.csv"))
    groups = by_column(version.findings)
    app = open_view("datasets", project=project.slug)
    listed = app.dataframe[0].value
    assert listed["Column"].to_list() == [group.column or WHOLE_TABLE for group in groups]
    assert listed["Findings"].to_list() == [len(group.findings) for group in groups]
    assert len(listed.columns) <= 7
    assert max(len(words) for words in listed["What was found"]) <= 68
    for group in groups:
        app.query_params["column"] = group.column or WHOLE_TABLE
        said = text(app.run())
        for finding in group.findings:
            assert escape(plain_message(finding)) in said
            assert finding.fix
            assert f"**Fix:** {escape(plain_fix(finding))}" in said


def test_a_line_that_is_chosen_opens_its_panel_and_the_address_names_it(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    version = dropped(workspace, project, write_many_findings(tmp_path / "many.csv"))
    groups = by_column(version.findings)
    app = open_view("datasets", project=project.slug)
    app.session_state["datasets-findings"] = {"selection": {"rows": [5], "columns": [], "cells": []}}
    app.run()
    assert app.query_params["column"] == groups[5].column
    assert f"**{escape(groups[5].column)}** :gray[" in text(app)


def test_where_nothing_was_found_one_line_says_so(workspace: Workspace, project: Project, open_view: Open):
    version = workspace.data.open_version(project.id, "clean.csv")
    wide(workspace, version, 3)
    app = open_view("datasets", project=project.slug)
    assert not app.dataframe
    assert [box.label for box in app.expander] == ["1 check passed"]


def test_what_moved_between_two_versions(workspace: Workspace, project: Project, open_view: Open, tmp_path: Path):
    path = late_csv(tmp_path / "late.csv")
    first = dropped(workspace, project, path)
    assert "Once there is a second version" in text(open_view("datasets", project=project.slug, show="versions"))
    pl.read_csv(path).with_columns(pl.col("temp") + 60).write_csv(path)
    second = dropped(workspace, project, path)
    app = open_view("datasets", project=project.slug, show="versions")
    assert app.dataframe[0].value["version"].to_list() == ["orders v2", "orders v1"]
    assert app.dataframe[0].value["brought"].str.contains("by you").all()
    app.button(key="datasets-compare-ask").click().run()
    (job,) = workspace.jobs.running(project.id)
    assert job.arguments == {"reference_id": first.id, "current_id": second.id}
    carry_out(workspace, job)
    app = open_view("datasets", project=project.slug, show="versions")
    assert "**1 of 5 columns drifted**" in text(app)
    assert "Most: **temp** " in text(app)
    backwards = open_view("datasets", project=project.slug, show="versions", version=first.id, reference=second.id)
    assert backwards.button(key="datasets-compare-ask").label == "Compare v1 with v2"


def test_a_comparison_that_failed_says_why_and_can_be_asked_for_again(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    versions = [dropped(workspace, project, late_csv(tmp_path / "late.csv")) for _ in range(2)]
    job = workspace.data.compare(versions[0].id, versions[1].id)
    workspace.jobs.fail(job.id, "The disk is full.")
    app = open_view("datasets", project=project.slug, show="versions")
    assert "The disk is full." in app.error[0].value
    assert app.button(key="datasets-compare-ask")


def wide(workspace: Workspace, version: DatasetVersion, columns: int, *, findings: int = 0) -> DatasetVersion:
    """Record a version of so many columns, as its check would."""
    names = [f"sensor_{number:04d}" for number in range(columns)]
    edges = [float(edge) for edge in range(31)]
    figures = {
        "kind": "number",
        "type": "float64",
        "count": 3,
        "nulls": 0,
        "missing_share": 0.0,
        "distinct": 3,
        "unique": True,
        "min": 0.0,
        "max": 30.0,
        "mean": 15.0,
        "histogram": {"edges": edges, "counts": [1000] * 30, "below": 0, "above": 0},
    }
    table = Path(workspace.settings.home) / "wide.parquet"
    pl.DataFrame({name: [0.0, 15.0, 30.0] for name in names}).write_parquet(table)
    found = [
        Finding(
            check="constant",
            column=name,
            severity=Severity.WARNING,
            status=CheckStatus.FAILED,
            count=3,
            share=1.0,
            message=f"`{name}` is “5.0” in every row, so it tells nothing.",
        )
        for name in names[:findings]
    ]
    passed = Finding(check="constant", severity=Severity.WARNING, status=CheckStatus.PASSED)
    checked = CheckedTable(
        table=table,
        rows=3,
        columns=tuple(names),
        findings=tuple(found) or (passed,),
        profile=dict.fromkeys(names, figures),
    )
    return workspace.data.checked(version.id, table, checked)


@pytest.mark.parametrize("part", [part for part in PARTS if part != "labels"])  # of one column only
def test_a_thousand_columns_stay_a_light_page(workspace: Workspace, project: Project, open_view: Open, part: str):
    wide(workspace, workspace.data.open_version(project.id, "wide.csv"), 1_000, findings=400)
    app = open_view("datasets", project=project.slug, show=part)
    assert not app.exception
    assert len(app.get("plotly_chart")) <= 1
    assert 0 < bytes_of(app) < MOST_BYTES


@pytest.mark.parametrize(("part", "key"), [("findings", "found"), ("profile", "profile"), ("rows", "rows")])
def test_a_column_is_found_among_a_thousand(
    workspace: Workspace, project: Project, open_view: Open, part: str, key: str
):
    wide(workspace, workspace.data.open_version(project.id, "wide.csv"), 1_000, findings=400)
    app = open_view("datasets", project=project.slug, show=part)
    app.text_input(key=f"datasets-{key}-find").set_value("Sensor_0123").run()
    shown = app.dataframe[0].value
    assert ("sensor_0123" in shown.columns) if part == "rows" else (shown["Column"].to_list() == ["sensor_0123"])
    assert app.dataframe[0].value.shape[0] == (3 if part == "rows" else 1)
    app.text_input(key=f"datasets-{key}-find").set_value("nowhere").run()
    assert not app.exception


def test_a_finding_about_rows_gives_them_all_and_one_about_the_column_does_not(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    version = dropped(workspace, project, write_many_findings(tmp_path / "many.csv"))
    app = open_view("datasets", project=project.slug)
    for group in by_column(version.findings):
        app.query_params["column"] = group.column or WHOLE_TABLE
        app.run()
        offered = [button.proto.id for button in app.get("download_button") if button.proto.label in ROWS]
        about_rows = [finding for finding in group.findings if finding.first is not None]
        assert len(offered) == len(about_rows), group.column


def test_which_columns_go_together_is_told_once_it_is_asked(
    workspace: Workspace, project: Project, open_view: Open, tmp_path: Path
):
    path = late_csv(tmp_path / "late.csv")
    pl.read_csv(path).with_columns(celsius=(pl.col("temp") - 32) / 1.8).write_csv(path)
    version = dropped(workspace, project, path)
    app = open_view("datasets", project=project.slug, show="profile")
    assert "Strongest" not in text(app)
    app.session_state["datasets-together"] = True
    app.run()
    assert "Strongest: **celsius** and **temp**, Spearman **1.000**" in text(app).replace(
        "**temp** and **celsius**", "**celsius** and **temp**"
    )
    assert "720 rows" in text(app)
    assert version.artifact
