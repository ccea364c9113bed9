"""Labels as text: one spelling of a class, whatever the type of the column it came from."""

import polars as pl

# above this, whole floats are further apart than one: they are measurements, not classes
_LARGEST_WHOLE = 2**53


def label_text(value: object) -> str | None:
    """Return how a label or a category is written everywhere: ``true``, ``1``, ``JFK``; ``None`` where it is missing.

    A whole number is written without a decimal point, so that a column that a gap turned into floats keeps its classes.
    """
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return str(value)


def label_texts(values: pl.Series) -> pl.Series:
    """Return a column of labels as text, spelled as ``label_text`` spells them."""
    if not values.dtype.is_float():
        return values.cast(pl.String)
    known = values.fill_nan(None)
    whole = ((known == known.round()) & (known.abs() < _LARGEST_WHOLE)).fill_null(value=True)
    if whole.all():
        return known.cast(pl.Int64).cast(pl.String)
    return pl.Series(values.name, [label_text(value) for value in values.to_list()], dtype=pl.String)
