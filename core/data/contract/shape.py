"""The form that all texts of a column share, as a regular expression: ``^N[0-9]{3,5}[A-Z]{0,2}$``."""

import re

import polars as pl

_MOST_SHAPES, _MOST_RUNS, _LEAST = 3, 12, 20
_CLASSES = (("9", "[0-9]"), ("A", "[A-Z]"), ("a", "[a-z]"))


def common_pattern(values: pl.Series) -> str | None:
    """Return a pattern that every distinct text fits; nothing where the texts are of many forms, or too few.

    Digits and letters count as what they are, every other character as itself. Runs of one kind may be as long as the
    shortest to the longest seen.
    """
    texts = values.unique()
    if texts.len() < _LEAST or int(texts.str.len_chars().max() or 0) > 60:  # pyright: ignore[reportArgumentType]
        return None
    kinds = texts.str.replace_all("[0-9]", "9").str.replace_all("[A-Z]", "A").str.replace_all("[a-z]", "a")
    runs = kinds.str.replace_all("9+", "9").str.replace_all("A+", "A").str.replace_all("a+", "a")
    shapes = runs.unique().sort().to_list()
    if len(shapes) > _MOST_SHAPES or any(len(shape) > _MOST_RUNS or _foreign(shape) for shape in shapes):
        return None
    written = [_pattern(shape, kinds.filter(runs == shape)) for shape in shapes]
    return f"^({'|'.join(written)})$" if len(written) > 1 else f"^{written[0]}$"


def _foreign(shape: str) -> bool:
    """Tell whether a form holds no digit or Latin letter, or a character that is no plain sign."""
    return not re.search("[9Aa]", shape) or not shape.isascii() or not shape.isprintable()


def _pattern(shape: str, kinds: pl.Series) -> str:
    runs = kinds.str.extract_all(r"9+|A+|a+|[^9Aa]")
    parts: list[str] = []
    for place, sign in enumerate(shape):
        lengths = runs.list.get(place).str.len_chars()
        shortest, longest = int(lengths.min() or 1), int(lengths.max() or 1)  # pyright: ignore[reportArgumentType]
        written = dict(_CLASSES).get(sign)
        parts.append(_run(written, shortest, longest) if written else _sign(sign))
    return "".join(parts)


def _sign(sign: str) -> str:
    return f"\\{sign}" if sign in "\\.^$*+?()[]{}|" else sign


def _run(written: str, shortest: int, longest: int) -> str:
    if shortest == longest:
        return written if shortest == 1 else f"{written}{{{shortest}}}"
    return f"{written}{{{shortest},{longest}}}"
