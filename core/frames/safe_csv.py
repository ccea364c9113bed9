"""A table as CSV that no spreadsheet runs: cells that begin as a formula get an apostrophe."""

import polars as pl

_FORMULA = "^[=+@\\-\\t\\r\\x00]"
_PLAIN_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def safe_csv(frame: pl.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8, with what a spreadsheet would run as a formula made into text."""
    texts = [name for name, kind in frame.schema.items() if not (kind.is_numeric() or kind == pl.Boolean)]
    cells = [_as_text(frame.schema[name], pl.col(name)).alias(name) for name in texts]
    safe = frame.with_columns(cells)
    names = {name: _escaped(name) for name in frame.columns}
    return safe.rename(names).write_csv().encode()


def _as_text(kind: pl.DataType, value: pl.Expr) -> pl.Expr:
    if kind.is_temporal():
        return value
    text = value.cast(pl.String)
    runs = text.str.contains(_FORMULA) & ~text.str.contains(_PLAIN_NUMBER)
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text)


def _escaped(name: str) -> str:
    """Return a column's name as a cell of the header."""
    runs = name[:1] in tuple("=+-@\t\r\0") and bool(name)
    return f"'{name}" if runs else name
