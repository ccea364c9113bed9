"""Every defect, put into real tables, is found and named; the clean tables are left in peace.

A cell of the matrix is one defect in one column of one table: 1 % of its rows, one row or one column, where the defect
is that. It counts as found where its check names the column, the cause where one is expected, and more than it finds
in the clean table. Which column is taken of those that fit is fixed, and as good as any.

What a table cannot show is not put into it, and each such limit is a predicate or a list beside the defects:

- a factor or a turned sign needs values that it changes (``positive``, ``fractions``), rounding values that do not all
  become zero (``large_fractions``), a lost comma values of different numbers of decimals (``varied_fractions``: else it
  is a factor of ten, and found as that);
- of one value beyond the 95th percentile, cutting off is merging a level (``with_a_top``), and found as that;
- a factor of 1,000 is seen without a reference only where no true value is as far from the rest (``narrow``);
- a reading stands still, or changes its unit in the middle, only where it otherwise moves from row to row (``lively``);
- a level is merged, split or renamed where it is frequent (``category``, ``three``), and letters are changed where the
  words have such letters;
- a missing day needs rows on every day; a second row for one time a table of one row a time (``HOURLY``); late data
  times that come regularly (``REGULAR``); a silent source 20 rows a day of each, a silent column 50 (``BUSY``);
- wrong labels show only where other columns tell the label (``CLASSES``), a class twice as often only in more rows
  than half of iris (``ENOUGH``).

One defect of the list is in no table: that labels come later and later. A table of labels does not say when a label
arrived; monitoring, which keeps that time, watches it.
"""

from pathlib import Path

import pytest

from core.data.check import NOTHING_BESIDE, Beside
from core.data.checks import CHECKS
from core.data.finding import CheckStatus, Severity
from core.data.validation import Validation, validate
from core.frames.opened import Opened
from tests.core.data.mutations.labels import CLASSES
from tests.core.data.mutations.matrix import DEFECTS, cells_of, is_found, now
from tests.core.data.mutations.tables import TABLES, real

TRUE_WARNINGS = {
    # one reading in five has gusts, the pressure fails now and then, and whole hours are missing
    "weather": {("constant", "year"), ("missing_values", None), ("time_gaps", "time_hour")},
    "flights": {("constant", "year")},
    # 23 of 3,322 planes have a speed, one model is written with and without its hyphen, and some seats are wrong
    "planes": {("missing_values", "speed"), ("spelling_variants", "model"), ("broken_rule", "seats")},
}


def validated(name: str, folder: Path, beside: Beside = NOTHING_BESIDE) -> Validation:
    path = folder / f"{name}.parquet"
    real(name).write_parquet(path)
    opened = Opened(rows=real(name).height, columns=tuple(real(name).columns))
    return validate(path, opened, now=now(name), beside=beside)


def warnings_of(validation: Validation) -> set[tuple[str, str | None]]:
    return {(finding.check, finding.column) for finding in validation.found(Severity.WARNING)}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_and_named(name: str, tmp_path: Path) -> None:
    cells = list(cells_of(name))
    missed = [(cell.table, cell.column) for cell in cells if not is_found(cell, tmp_path)]
    assert cells
    assert not missed


def test_the_matrix_is_large() -> None:
    cells = [cell for name in DEFECTS for cell in cells_of(name)]
    assert len(cells) >= 550
    assert len({cell.table for cell in cells}) >= 8


@pytest.mark.parametrize("name", TABLES)
def test_a_clean_table_has_no_error_and_no_warning_but_what_is_true_of_it(name: str, tmp_path: Path) -> None:
    validation = validated(name, tmp_path)
    assert not validation.found(Severity.ERROR)
    assert not [f for f in validation.findings if f.status is CheckStatus.CRASHED]
    assert warnings_of(validation) == TRUE_WARNINGS.get(name, set())


def test_nearly_all_clean_tables_have_one_warning_at_most() -> None:
    assert sum(len(TRUE_WARNINGS.get(name, ())) <= 1 for name in TABLES) >= len(TABLES) - 2


@pytest.mark.parametrize("name", TABLES)
def test_a_clean_table_beside_itself_differs_in_nothing(name: str, tmp_path: Path) -> None:
    path = tmp_path / "reference.parquet"
    real(name).write_parquet(path)
    alone = validated(name, tmp_path, Beside(label=CLASSES.get(name)))
    beside = validated(name, tmp_path, Beside(label=CLASSES.get(name), reference=path))
    told = warnings_of(beside) - warnings_of(alone)
    assert not told
    assert not beside.found(Severity.ERROR)


def test_each_check_against_a_reference_has_its_defects() -> None:
    against = {"changed_columns", "new_values", "changed_counts", "changed_association", "drift", "mechanical_cause"}
    assert against <= {defect.check for defect in DEFECTS.values()} <= set(CHECKS)
