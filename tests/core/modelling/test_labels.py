import polars as pl
import pytest

from core.data.labels import label_text, label_texts

COLUMNS = [
    [True, False, None],
    [1, 0, None],
    [1.0, 0.0, None, float("nan"), 2.5, -3.0],
    ["yes", "", None],
    [float("inf"), 1e300, 0.1],
]


@pytest.mark.parametrize("values", COLUMNS)
def test_a_column_is_spelled_as_its_values_are(values: list[object]) -> None:
    assert label_texts(pl.Series(values)).to_list() == [label_text(value) for value in values]


def test_a_gap_that_made_floats_of_a_column_changes_no_class() -> None:
    assert label_texts(pl.Series([1.0, None])).to_list() == label_texts(pl.Series([1, None])).to_list() == ["1", None]
