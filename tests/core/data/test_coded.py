"""Columns of categories as numbers."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from core.data.check import NOTHING_BESIDE
from core.data.coded import coded
from core.data.walk import walk
from core.frames.opened import Opened


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        (["b", None, "a", "Z", "", "b"], ["", "Z", "a", "b"]),
        ([10, 9, None, 10], ["10", "9"]),
        ([True, False, None], ["false", "true"]),
        ([None, None], []),
    ],
)
def test_codes_stand_for_the_texts_in_their_order(tmp_path: Path, values: list[object], texts: list[str]) -> None:
    frame = pl.DataFrame({"^.*$": values, "other": range(len(values))}, strict=False)
    frame.write_parquet(tmp_path / "table.parquet")
    opened = Opened(rows=frame.height, columns=())
    table = walk(tmp_path / "table.parquet", opened, now=datetime(2026, 1, 1, tzinfo=UTC), beside=NOTHING_BESIDE)
    found = coded(table, "^.*$")
    assert found.texts.to_list() == texts
    held = [found.said(row) if code >= 0 else None for row, code in enumerate(found.codes)]
    assert held == frame["^.*$"].cast(pl.String).to_list()
