"""Labels as text: one spelling of a class, whatever the type of the column it came from."""

import polars as pl


def label_text(value: object) -> str | None:
    """Return how a label or a category is written everywhere: ``true``, ``1``, ``JFK``; ``None`` where it is missing.

    A whole number is written without a decimal point, so that a column that a gap turned into floats keeps its classes.
    """
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def label_texts(values: pl.Series) -> pl.Series:
    """Return a column of labels as text, spelled as ``label_text`` spells them."""
    if values.dtype.is_float():
        whole = values.is_not_nan() & (values == values.round()) & values.is_finite()
        as_text = values.fill_nan(None).cast(pl.String)
        return values.cast(pl.Int64, strict=False).cast(pl.String).zip_with(whole.fill_null(value=False), as_text)
    return values.cast(pl.String)
