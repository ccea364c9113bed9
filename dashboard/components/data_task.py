"""A data task as Markdown to copy: what is wrong, what it would bring, what to do, and the rows."""

from collections.abc import Mapping

import polars as pl

from dashboard.formats import NOTHING, value


def task_text(tag: str, run: str, figures: Mapping[str, str], rows: pl.DataFrame) -> str:
    """Return the text of a task about the errors of a tag; ``rows`` are those of them that were looked at."""
    said = [f"- {name}: {figure}" for name, figure in figures.items() if figure and figure != NOTHING]
    looked = [f"- {_row(row)}" for row in rows.iter_rows(named=True)]
    return "\n".join(
        [
            f"# Data task: {tag}",
            "",
            f"Errors of {run} on its hold-out, looked at one by one.",
            "",
            *said,
            "",
            "## To do",
            "",
            "- [ ] Are the labels of the rows below right?",
            "- [ ] Bring more rows like these, or the input that would tell them apart.",
            "- [ ] Train again and compare both runs on the same hold-out.",
            "",
            "## Rows",
            "",
            *looked,
        ]
    )


def _row(row: Mapping[str, object]) -> str:
    name, score = row.get("entity_id"), row["score"]
    return f"{value(name)}: label {value(row['label'])}, score {value(score)}"
