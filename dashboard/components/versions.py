"""All versions of a dataset: who brought them, who decided on them, and what moved between any two."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from core.data.dataset import DatasetState, DatasetVersion
from core.lifecycle.life import Life
from dashboard import formats, session
from dashboard.components.dataset_words import found_words, name_of
from dashboard.components.signed import by
from dashboard.components.table import state_cell, state_column, table
from dashboard.components.version_comparison import version_comparison

ORIGINS = {"upload": "dropped file", "part": "part of a file", "log": "logged predictions"}


def versions(life: Life, version: DatasetVersion, *, key: str) -> None:
    """List all versions of a project's dataset, newest first, and compare the one at hand with another."""
    found = life.datasets[::-1]
    row = table(
        _table(life, found),
        key=f"{key}-versions",
        alt="Versions, newest first",
        columns=_COLUMNS,
        selectable=True,
        most_rows=6,
    )
    if row is not None and found[row].id != version.id:
        session.go("dataset", id=found[row].id)
    others = [other for other in found if other.artifact and other.id != version.id]
    if not others:
        st.markdown(":gray[Once there is a second version, what moved between the two appears here.]")
    elif version.artifact:
        version_comparison(version, others, key=f"{key}-compare")


_COLUMNS = {
    "version": st.column_config.TextColumn("Version", help="Choose a row to open the version"),
    "state": state_column("State", DatasetState),
    "file": "File",
    "rows": st.column_config.NumberColumn("Rows", format="localized", width="small"),
    "found": "Found",
    "brought": "Brought",
    "decided": "Decided",
    "follows": st.column_config.TextColumn("Follows", help="The version that it was read anew from, or came after"),
    "part": "Part",
    "from": "From",
    "content": st.column_config.TextColumn("Content", help="SHA-256 of the table"),
}


def _table(life: Life, found: Sequence[DatasetVersion]) -> pl.DataFrame:
    zone = life.project.zone
    decided = [f"{formats.last_day(d.decided_on, zone)} {by(d.decided_by)}".strip() for d in found]
    number = {d.id: f"v{d.number}" for d in found}
    return pl.DataFrame(
        {
            "version": [name_of(d) for d in found],
            "state": [state_cell(d.state) for d in found],
            "file": [d.file_name for d in found],
            "rows": [d.rows for d in found],
            "found": [found_words(d) for d in found],
            "brought": [f"{formats.day(d.created_at, zone)} {by(d.created_by)}".strip() for d in found],
            "decided": decided,
            "follows": [number.get(d.parent_id or "", formats.NOTHING) for d in found],
            "part": [d.split or "all" for d in found],
            "from": [ORIGINS.get(d.origin, d.origin) for d in found],
            "content": [(d.artifact or "")[:12] or formats.NOTHING for d in found],
        }
    )
