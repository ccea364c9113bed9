"""How numbers and dates are written as text."""

import polars as pl

_PLAIN = r"[+-]?((0|[1-9]\d{0,17})([.,]\d+)?|[.,]\d+)([eE][+-]?\d+)?"
_NUMBER = rf"^\s*([$€£¥]\s*)?({_PLAIN}|[+-]?\d{{1,3}}([., ’']\d{{3}})+([.,]\d+)?)\s*([%$€£¥]|[a-zA-Z]{{0,3}})\s*$"
_CLOCK = r"([T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp][Mm])?( ?(Z|UTC|[+-]\d{2}:?\d{2}))?)?"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ISO = rf"^\s*\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}{_CLOCK}\s*$"
SHORT_DATE = rf"^\s*(\d{{1,2}})([./-])(\d{{1,2}})[./-]\d{{2}}(\d{{2}})?{_CLOCK}\s*$"
"""A date whose two first numbers (groups 1 and 3) are day and month, in either order."""
_WORDS = rf"(?i:^\s*(\d{{1,2}}[ .-]+{_MONTH}[ .,-]+\d{{2,4}}|{_MONTH}[ .-]+\d{{1,2}},?[ -]+\d{{4}}){_CLOCK}\s*$)"


def is_number(text: pl.Expr) -> pl.Expr:
    """Return whether texts are numbers, with a currency, a unit or marks of thousands as well."""
    return text.str.contains(_NUMBER) & text.str.contains(r"^\D{0,2}\d")


def is_date(text: pl.Expr) -> pl.Expr:
    """Return whether texts are dates, with or without a time of the day."""
    return text.str.contains(f"{SHORT_DATE}|{_ISO}|{_WORDS}")
