"""The chart of one column's values."""

import pytest

from dashboard.charts.dataset import column_figure


@pytest.mark.parametrize(("most", "step"), [(1, 1), (2, 1), (4, 1), (7, None), (50_000, None)])
def test_an_axis_of_few_rows_counts_in_whole_ones(most, step):
    bins = column_figure({"histogram": {"edges": [0, 1, 2, 3], "counts": [0, most, 1]}}, "light")
    levels = column_figure(
        {"top": [{"value": "a", "count": most}, {"value": "b", "count": 1}], "unique": False}, "light"
    )
    assert bins.layout.yaxis.dtick == step
    assert levels.layout.xaxis.dtick == step
    assert bins.layout.yaxis.tickformat == ",d"
