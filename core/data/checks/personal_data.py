"""Values that identify people."""

import re
from collections.abc import Callable

import polars as pl

from core.data.check import Check, Found
from core.data.column import SAMPLES, Column
from core.data.finding import Severity
from core.data.words import percent

_SAMPLE = 2_000
_SHARE = 0.01
_IBAN_LETTERS = {chr(letter): str(letter - 55) for letter in range(65, 91)}


def _card(text: str) -> bool:
    """Tell whether the digits are a payment card's: 13 to 19 of them, a known first digit, Luhn's sum."""
    digits = [int(c) for c in text if c.isdigit()]
    if not 13 <= len(digits) <= 19 or digits[0] not in (2, 3, 4, 5, 6) or len(set(digits)) < 2:
        return False
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _iban(text: str) -> bool:
    plain = text.replace(" ", "").upper()
    moved = "".join(_IBAN_LETTERS.get(c, c) for c in plain[4:] + plain[:4])
    return moved.isdigit() and int(moved) % 97 == 1


def _any(_: str) -> bool:
    return True


_PATTERNS: dict[str, tuple[re.Pattern[str], Callable[[str], bool], float]] = {
    "e-mail addresses": (re.compile(r"\s*[\w.+%-]{1,64}@[\w-]+(\.[\w-]+)+\s*"), _any, _SHARE),
    "payment card numbers": (re.compile(r"\s*\d[\d -]{11,22}\d\s*"), _card, 0.5),  # one number in ten passes by chance
    "bank account numbers": (re.compile(r"\s*[A-Za-z]{2}\d{2}[A-Za-z0-9 ]{11,34}\s*"), _iban, 0.05),
    "phone numbers": (re.compile(r"\s*(\+\d{1,3}[ .-]?)(\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}\s*"), _any, 0.5),
    "social security numbers": (re.compile(r"\s*\d{3}-\d{2}-\d{4}\s*"), _any, 0.5),
}


def _personal(column: Column) -> Found | None:
    if column.kind == "number" and not column.whole:
        return None
    levels = [(str(value), int(count)) for value, count in column.levels.head(_SAMPLE).iter_rows()]
    total = sum(count for _, count in levels)
    for kind, (pattern, agrees, share) in _PATTERNS.items():
        hits = {text: count for text, count in levels if pattern.fullmatch(text) and agrees(text)}
        looks = bool(hits) and sum(hits.values()) >= share * total
        if looks and (column.kind == "text" or kind == "payment card numbers"):
            return _told(column, kind, hits, of=total)
    return None


def _told(column: Column, kind: str, hits: dict[str, int], *, of: int) -> Found:
    count = round(sum(hits.values()) / of * column.present)  # of all rows, where only the first values were looked at
    rows = column.series.cast(pl.String).is_in(pl.Series(list(hits)).implode()).fill_null(value=False)
    first = rows.arg_true().head(SAMPLES).to_list()
    return Found(
        count=count,
        sample=tuple({"row": int(i) + 1, "value": _hidden(str(column.series[int(i)]))} for i in first),
        message=f"`{column.name}` looks like {kind} ({percent(count / column.rows)} of the rows). "
        "Leave it out or replace it by a code, unless you may keep it.",
    )


def _hidden(text: str) -> str:
    """Return the first sign and the length's shape: samples must not spread what they warn about."""
    return text[:1] + re.sub(r"\w", "•", text[1:])


CHECK = Check(
    name="personal_data",
    title="No column identifies people",
    severity=Severity.WARNING,
    help="E-mail addresses, card and account numbers by their form and check digits.",
    kinds=("text", "number"),
    on_column=_personal,
)
