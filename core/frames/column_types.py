"""What the texts of a column are: numbers, dates, truth values; decided over the whole column, never on a sample alone.

A column becomes a number or a date only if every value is one (markers such as ``NA`` are read as missing). Codes with
leading zeros and whole numbers of more than 18 digits stay text: as numbers they would lose digits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

MISSING_MARKERS = frozenset(
    {
        "na",
        "n/a",
        "#n/a",
        "<na>",
        "nan",
        "-nan",
        "null",
        "none",
        "nil",
        "nat",
        "missing",
        "-",
        "--",
        "---",
        "?",
        ".",
        "\\n",
        "",
    }
    | {"#null!", "#ref!", "#value!", "#div/0!", "#num!", "#name?"}
)
_INTEGER = r"[+-]?(0|[1-9][0-9]{0,17})"
_NUMBER = r"[+-]?((0|[1-9][0-9]{0,17})(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?|[+-]?(inf|Inf|INF|infinity|Infinity)"
_SPACES = r"\x{20}\x{A0}\x{202F}"
_APART = r"\x{{20}}\x{{A0}}\x{{202F}}\x{{27}}"  # as in a form that is filled in later
_COMMA = rf"[+-]?([0-9]{{1,3}}([.{_SPACES}][0-9]{{3}})+|0|[1-9][0-9]*)(,[0-9]+)?"
_GROUPED = rf"[+-]?([0-9]{{1,3}}([,\x{{27}}{_SPACES}][0-9]{{3}})+|0|[1-9][0-9]*)(\.[0-9]+)?"
_DAY = r"[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_CLOCK = r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
_ZONE = r" ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnType:
    """One reading of a text column: ``pattern`` that every value must match, ``cast`` of the trimmed text ``{x}``."""

    name: str
    pattern: str
    cast: str
    words: str = ""


def _strptime(name: str, form: str, pattern: str, words: str) -> ColumnType:
    cast = f"try_strptime({{x}}, '{form}')"
    return ColumnType(
        name=name, pattern=pattern, cast=cast if "%H" in form else f"try_cast({cast} AS DATE)", words=words
    )


def _written_dates() -> Iterable[ColumnType]:
    for order, days in (("day first", ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")), ("month first", ("%m/%d/%Y", "%m-%d-%Y"))):
        for day in days:
            separator = "\\" + day[2]
            pattern = rf"[0-9]{{1,2}}{separator}[0-9]{{1,2}}{separator}[0-9]{{4}}"
            words = f"as dates written {day.replace('%d', 'D').replace('%m', 'M').replace('%Y', 'Y')} ({order})"
            yield _strptime(f"date {day}", day, pattern, words)
            yield _strptime(f"time {day}", f"{day} %H:%M", pattern + " [0-9]{1,2}:[0-9]{2}", words)
            yield _strptime(f"seconds {day}", f"{day} %H:%M:%S", pattern + " [0-9]{1,2}:[0-9]{2}:[0-9]{2}", words)


_TYPES = (
    ColumnType(name="boolean", pattern="(?i)true|false", cast="try_cast({x} AS BOOLEAN)"),
    ColumnType(name="integer", pattern=_INTEGER, cast="try_cast({x} AS BIGINT)"),
    ColumnType(name="number", pattern=_NUMBER, cast="try_cast({x} AS DOUBLE)"),
    ColumnType(name="date", pattern=_DAY, cast="try_cast({x} AS DATE)"),
    ColumnType(name="timestamp", pattern=f"{_DAY}({_CLOCK})?", cast="try_cast(replace({x}, ',', '.') AS TIMESTAMP)"),
    ColumnType(name="timestamp_utc", pattern=f"{_DAY}{_CLOCK}{_ZONE}", cast="try_cast({x} AS TIMESTAMPTZ)"),
    *_written_dates(),
)
_DECIMAL_COMMA = ColumnType(
    name="decimal comma",
    pattern=_COMMA,
    cast=f"try_cast(replace(regexp_replace({{x}}, '[.{_APART}]', '', 'g'), ',', '.') AS DOUBLE)",
    words="as numbers with a decimal comma",
)
_THOUSANDS = ColumnType(
    name="thousands",
    pattern=_GROUPED,
    cast=f"try_cast(regexp_replace({{x}}, '[,{_APART}]', '', 'g') AS DOUBLE)",
    words="as numbers with their thousands set apart",
)
TYPES: Mapping[str, ColumnType] = {kind.name: kind for kind in (*_TYPES, _DECIMAL_COMMA, _THOUSANDS)}


def candidates(sample: pl.Series, *, delimiter: str) -> tuple[ColumnType, ...]:
    """Return the readings that fit every value of a sample, most exact first; all of them where it holds no value."""
    values = sample.drop_nulls().unique().str.strip_chars()
    values = values.filter(~values.str.to_lowercase().is_in(list(MISSING_MARKERS)))
    if not len(values):
        return _TYPES
    kinds = (*_TYPES, *([_DECIMAL_COMMA] if _has_decimal_comma(values, delimiter) else []))
    kinds = (*kinds, *([_THOUSANDS] if _has_thousands(values) else []))
    text = pl.col(values.name).str
    fits = values.to_frame().select(text.contains(f"^(?:{kind.pattern})$").all().alias(kind.name) for kind in kinds)
    return tuple(kind for kind in kinds if fits[kind.name][0])


def choose(kinds: Sequence[ColumnType], fits: Mapping[str, bool]) -> ColumnType | None:
    """Return the first reading that fits the whole column; none where day and month could be either way round."""
    fitting = [kind for kind in kinds if fits[kind.name]]
    if len({kind.words for kind in fitting if kind.words}) > 1:
        return None
    return fitting[0] if fitting else None


def marker_list() -> str:
    """Return the markers of missing values as an SQL list."""
    return "(" + ", ".join("'" + marker.replace("'", "''") + "'" for marker in sorted(MISSING_MARKERS)) + ")"


def value_of(column: str, kind: ColumnType | None, *, sure: bool = False) -> str:
    """Return the SQL that reads ``column`` as ``kind`` (``sure``: every value is one); text stays as it is."""
    if kind is None:
        return column
    text = f"trim({column})"
    value = kind.cast.format(x=text)
    return value if sure else f"CASE WHEN regexp_full_match({text}, '{kind.pattern}') THEN {value} END"


def _has_decimal_comma(values: pl.Series, delimiter: str) -> bool:
    """Tell whether a comma is followed by other than three digits: ``1,234`` alone could be a thousand.

    Where commas part the cells, ``1,2`` could be a list: there, all must have two places and one more than a digit.
    """
    if delimiter != ",":
        return bool(values.str.contains(r",\d{1,2}$|,\d{4,}$").any())
    with_comma = values.filter(values.str.contains(",", literal=True))
    return bool(with_comma.str.contains(r"^[^,]*,\d{2}$").all() and with_comma.str.contains(r"\d{2},").any())


def _has_thousands(values: pl.Series) -> bool:
    """Tell whether a number has two groups of thousands, or one and a decimal point, or parts them by other signs."""
    return bool(values.str.contains(rf"\d,\d{{3}}(,\d{{3}}|\.\d)|\d[\x{{27}}{_SPACES}]\d{{3}}").any())
