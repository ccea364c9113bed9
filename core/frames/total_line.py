"""A last row that sums the others up: no observation, and it would make a column of numbers text."""

import re

import duckdb

TOTAL = "a total line"
"""Why such a row is left out."""

_WORD = re.compile(
    r"(grand |sub)?(total|totals|sum|average|mean)|(gesamt)?summe|gesamt|insgesamt|durchschnitt|mittelwert"
    r"|totaal|totale|somme|moyenne|suma|razem|soma|итого|всего|合計|总计|合计|總計|합계",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[+-]?\d[\d., '\u00a0\u202f]*")


def find_total(connection: duckdb.DuckDBPyConnection, staged: str, *, rows: int, width: int) -> str | None:
    """Return the text of the last row where it says that it is a total, and is one.

    It is one where most of its cells are blank and the others numbers, or where a number is the sum of its column.
    """
    if rows < 3 or width < 2:
        return None
    last = [cell or "" for cell in connection.execute(f"FROM {staged} OFFSET {rows - 1}").fetchall()[0]]
    named = [i for i, cell in enumerate(last) if _WORD.fullmatch(cell.strip().rstrip(":").strip())]
    numbers = [i for i, cell in enumerate(last) if _NUMBER.fullmatch(cell.strip())]
    if len(named) != 1 or not numbers:
        return None
    blanks = sum(not cell.strip() for cell in last)
    alone = blanks >= (width - 1) / 2 and blanks + len(numbers) == width - 1
    return " ".join(filter(None, last)) if alone or _sums(connection, staged, rows, numbers) else None


def _sums(connection: duckdb.DuckDBPyConnection, staged: str, rows: int, columns: list[int]) -> bool:
    """Tell whether every plain number of the last row is the sum or the mean of the column above it."""
    above = ", ".join(f"sum(try_cast(c{i} AS DOUBLE)), avg(try_cast(c{i} AS DOUBLE))" for i in columns)
    figures = connection.execute(f"SELECT {above} FROM (FROM {staged} LIMIT {rows - 1})").fetchall()[0]
    wanted = ", ".join(f"try_cast(c{i} AS DOUBLE)" for i in columns)
    given = connection.execute(f"SELECT {wanted} FROM (FROM {staged} OFFSET {rows - 1})").fetchall()[0]
    pairs = zip(given, figures[::2], figures[1::2], strict=True)
    return all(
        value is not None and any(f is not None and abs(value - f) <= 0.005 + 1e-6 * abs(f) for f in (total, mean))
        for value, total, mean in pairs
    )
