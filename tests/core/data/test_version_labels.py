"""The labels of a version are told from its profile: the classes, or the middle of a number."""

from pathlib import Path

import polars as pl
import pytest

from core.data.finding import CheckStatus, Finding, Severity
from core.data.profile import profile
from core.data.version_labels import VersionLabels, version_labels
from core.scoping.project import Task, TaskKind


def told(folder: Path, values: list[object], kind: TaskKind) -> VersionLabels | None:
    path = folder / "table.parquet"
    pl.DataFrame({"y": values}, strict=False).write_parquet(path)
    found = [
        Finding(check=check, severity=Severity.WARNING, status=CheckStatus.PASSED)
        for check in ("constant", "label_balance")
    ]
    return version_labels(profile(path), found, Task(kind=kind, target="y", inputs=("a",)))


def test_classes_are_shares_of_the_rows_that_have_a_label(tmp_path: Path) -> None:
    labels = told(tmp_path, ["a", "a", "a", "b", "c", None], TaskKind.MULTICLASS)
    assert labels is not None
    assert (labels.labelled, labels.missing, labels.missing_share) == (5, 1, 1 / 6)
    assert {one.label: one.share for one in labels.classes} == {"a": 0.6, "b": 0.2, "c": 0.2}
    assert labels.beyond(1) == pytest.approx(0.4)
    assert [finding.check for finding in labels.findings] == ["label_balance"]


def test_truth_values_and_whole_numbers_are_spelled_as_models_spell_them(tmp_path: Path) -> None:
    for values, names in (([True, False, True], {"true", "false"}), ([1.0, 0.0, 1.0, None], {"1", "0"})):
        labels = told(tmp_path, [*values], TaskKind.BINARY)
        assert labels is not None
        assert {one.label for one in labels.classes} == names


def test_classes_beyond_those_that_a_profile_lists_count_as_others(tmp_path: Path) -> None:
    labels = told(tmp_path, [f"class {n}" for n in range(40) for _ in range(2)], TaskKind.MULTICLASS)
    assert labels is not None
    assert len(labels.classes) == 20
    assert labels.beyond(20) == pytest.approx(0.5)


def test_a_number_has_a_middle_and_no_classes(tmp_path: Path) -> None:
    labels = told(tmp_path, [1.5, 2.5, 9.0], TaskKind.REGRESSION)
    assert labels is not None
    assert (labels.low, labels.median, labels.high, labels.classes) == (1.5, 2.5, 9.0, ())


def test_no_label_at_all(tmp_path: Path) -> None:
    labels = told(tmp_path, [None, None], TaskKind.BINARY)
    assert labels is not None
    assert (labels.labelled, labels.classes, labels.beyond(0)) == (0, (), 0.0)


def test_a_version_without_the_column_has_none() -> None:
    assert version_labels({}, (), Task(kind=TaskKind.BINARY, target="y", inputs=("a",))) is None
