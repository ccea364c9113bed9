"""By which columns two tables are told apart: the one that moved, and none where none did."""

import numpy as np
import polars as pl

from core.drift.joint import MARGIN, joint_drift, what_separates

RNG = np.random.default_rng(8)
COLUMNS = ["still", "moved", "kind"]


def table(rows: int, *, shift: float = 0.0, days: int = 0) -> pl.DataFrame:
    frame = {
        "still": RNG.normal(size=rows),
        "moved": RNG.normal(shift, 1, size=rows),
        "kind": RNG.choice(["a", "b"], rows),
    }
    return pl.DataFrame(frame | ({"day": [f"d{row % days:02}" for row in range(rows)]} if days else {}))


def test_the_column_that_moved_is_the_most_telling() -> None:
    found = what_separates(table(2000), table(2000, shift=1.5), block=None, columns=COLUMNS)
    assert found is not None
    joint, columns = found
    assert joint.auc > 0.8
    assert columns[0].column == "moved"
    assert columns[0].drop > 0.25
    assert {column.column for column in columns} == set(COLUMNS)
    assert all(column.drop < 0.05 for column in columns[1:])


def test_tables_of_one_kind_are_not_told_apart() -> None:
    found = what_separates(table(2000), table(2000), block=None, columns=COLUMNS)
    assert found is not None
    assert abs(found[0].auc - 0.5) < MARGIN
    assert found[0].p_value > 0.01


def test_it_is_the_same_test_with_or_without_its_columns() -> None:
    reference, current = table(900), table(900, shift=0.5)
    found = what_separates(reference, current, block=None, columns=COLUMNS)
    assert found is not None
    assert found[0] == joint_drift(reference, current, block=None, columns=COLUMNS)


def test_a_week_of_days_is_too_few() -> None:
    assert what_separates(table(900, days=90), table(900, days=7), block="day", columns=COLUMNS) is None
