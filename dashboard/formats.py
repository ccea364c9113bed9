"""How numbers, times and texts are written: the one module that formats a value for a person."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from core.lifecycle.weeks import Week
from core.monitoring.window import Window
from core.statistics.estimate import Estimate, Interval

NOTHING = "–"
"""What stands where there is no value."""

_LEFTWARDS = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+!|~$:^=@&-])")
_TIME = re.compile(r"(?<=^\d{4}-\d\d-\d\d)T(?=\d\d:\d\d)")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_UNITS = ("B", "kB", "MB", "GB", "TB")


def escape(text: object) -> str:
    """Return ``text`` as Markdown that shows exactly these characters, whoever wrote them.

    What is written from right to left stands by itself: figures behind it would otherwise be turned round with it.
    """
    plain = _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
    turned = not plain.isascii() and any(unicodedata.bidirectional(letter) in _LEFTWARDS for letter in plain)
    return f"\N{FIRST STRONG ISOLATE}{plain}\N{POP DIRECTIONAL ISOLATE}" if turned else plain


def count(value: float | None) -> str:
    """Return a count with its thousands separated: ``50,009``."""
    return NOTHING if value is None else f"{value:,.0f}"


def plural(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 run``, ``3 runs``, ``2 boxes``."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def metric(value: float | None, unit: str = "score") -> str:
    """Return a metric in its unit: three decimals for a score, one for a share in per cent, two for a small one."""
    if value is None or value != value:
        return NOTHING
    match unit:
        case "share":
            return share(value)
        case "small share":
            return share(value, 2)
        case "points":
            return f"{signed(100 * value, 1)} points"
        case "ms":
            return f"{value:,.1f} ms" if abs(value) < 10 else f"{value:,.0f} ms"
        case "rows" | "days":
            return f"{value:,.0f} {unit}"
        case "label":
            return measured(value)
        case _:
            return f"{value:z.3f}"


def measured(value: float, sign: str = "") -> str:
    """Return a figure in the units of what is measured, four digits or the whole number: ``74.47``, ``31,240``."""
    return f"{value:{sign}z,.0f}" if abs(value) >= 9999.5 else f"{value:{sign}z,.4g}"


def value(value: object) -> str:
    """Return a value of a table as a person reads it: ``10,680``, ``0.4825``, ``2013-01-01 05:15``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return NOTHING if value is None else _TIME.sub(" ", str(value))
    whole = value == value and abs(value) < 1e15 and value == int(value)
    return f"{value:,.0f}" if whole else f"{value:,.6g}"


def share(value: float | None, decimals: int = 1) -> str:
    """Return a share (0-1) in per cent: ``97.4 %``; what is not quite none or all never reads as such."""
    if value is None or value != value:
        return NOTHING
    least = 10.0**-decimals
    if 0 < 100 * value < least:
        return f"< {least:.{decimals}f} %"
    if 100 - least < 100 * value < 100:
        return f"> {100 - least:.{decimals}f} %"
    return f"{100 * value:.{decimals}f} %"


def signed(value: float, decimals: int = 3) -> str:
    """Return a difference with its sign: ``+0.001``."""
    return f"{value:+z,.{decimals}f}"


def _bound(value: float, unit: str) -> str:
    match unit:
        case "share":
            return f"{100 * value:.1f}"
        case "small share":
            return f"{100 * value:.2f}"
        case "points":
            return signed(100 * value, 1)
        case "ms":
            return f"{value:,.1f}" if abs(value) < 10 else f"{value:,.0f}"
        case "rows" | "days":
            return f"{value:,.0f}"
        case "label":
            return measured(value)
        case _:
            return f"{value:z.3f}"


def interval(bounds: Interval | None, unit: str = "score") -> str:
    """Return an interval in brackets: ``[0.676, 0.735]``, or nothing where there is none."""
    return f"[{_bound(bounds.lower, unit)}, {_bound(bounds.upper, unit)}]" if bounds else ""


def estimate(value: Estimate | None, unit: str = "score") -> str:
    """Return a figure with its interval: ``0.709 [0.676, 0.735]``."""
    return NOTHING if value is None else f"{metric(value.value, unit)} {interval(value.interval, unit)}".rstrip()


def difference(value: Estimate | None, unit: str = "score") -> str:
    """Return a difference with signs: ``+0.001 [-0.011, +0.014]``."""
    return NOTHING if value is None else moved(value.value, value.interval, unit)


def moved(change: float, bounds: Interval | None, unit: str = "score") -> str:
    """Return a change and its interval with signs: ``-0.399 [-0.481, -0.317]``."""
    figure = _change(change, unit)
    return f"{figure} [{_change(bounds.lower, unit)}, {_change(bounds.upper, unit)}]" if bounds else figure


def _change(value: float, unit: str) -> str:
    match unit:
        case "share" | "points":
            return signed(100 * value, 1)
        case "ms":
            return signed(value, 1)
        case "label":
            return measured(value, sign="+")
        case _:
            return signed(value)


def basis(value: Estimate, block: str = "day") -> str:
    """Return what a figure rests on: ``27,902 rows over 31 days``; where only some rows count, ``33 of 60 rows``."""
    if value.n_blocks in {0, value.n}:
        return plural(value.n, "row")
    if block == "row":
        return f"{count(value.n_blocks)} of {plural(value.n, 'row')}"
    return f"{plural(value.n, 'row')} over {plural(value.n_blocks, block)}"


def p_value(value: float | None) -> str:
    """Return a p-value: three decimals, and ``< 0.001`` below."""
    if value is None:
        return NOTHING
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def size(number: int) -> str:
    """Return a number of bytes: ``1.2 MB``."""
    value = float(number)
    for unit in _UNITS:
        if value < 999.95 or unit == _UNITS[-1]:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return NOTHING


def duration(seconds: float | timedelta) -> str:
    """Return how long something takes: ``240 ms``, ``6.2 s``, ``4 min 12 s``, ``3 h 5 min``, ``12 days``."""
    value = seconds.total_seconds() if isinstance(seconds, timedelta) else float(seconds)
    if value < 1:
        return f"{1000 * value:.0f} ms"
    if value < 59.95:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 2 * 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{value / 86400:.0f} days"


def day(moment: datetime | date | None, zone: ZoneInfo | None = None) -> str:
    """Return a day in a project's zone: ``1 Jul 2013``."""
    if moment is None:
        return NOTHING
    local = moment.astimezone(zone or UTC) if isinstance(moment, datetime) else moment
    return f"{local.day} {local:%b %Y}"


def time(moment: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Return a moment in a zone: ``1 Jul 2013, 14:05``."""
    return NOTHING if moment is None else f"{day(moment, zone)}, {moment.astimezone(zone or UTC):%H:%M}"


def span(starts: datetime | None, ends: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Return a half-open span as the days that it holds, first and last: ``17 Jun to 30 Jun 2013``."""
    return NOTHING if ends is None else days(starts, ends - timedelta(microseconds=1), zone)


def days(starts: datetime | None, last: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Return the days from a first moment to a last that belongs to them, as a file's newest row does."""
    if starts is None or last is None:
        return NOTHING
    first, last = starts.astimezone(zone or UTC), last.astimezone(zone or UTC)
    if first.date() >= last.date():
        return day(first.date())
    left = f"{first.day} {first:%b}" if first.year == last.year else day(first.date())
    return f"{left} to {day(last.date())}"


def window(window: Window, zone: ZoneInfo | None = None) -> str:
    """Return which window is meant: its days, or ``1,000 predictions to 13 May 2013, 14:05``."""
    if window.counted:
        return counted(window.counted, window.ends, zone)
    return span(window.starts, window.ends, zone)


def week(week: Week, zone: ZoneInfo | None = None) -> str:
    """Return which week is meant: the days that were compared, or the window by count."""
    return window(week.window, zone) if week.window.counted else span(week.starts, week.ends, zone)


def counted(predictions: int, ends: datetime, zone: ZoneInfo | None = None) -> str:
    """Return a window by count in words."""
    return f"{plural(predictions, 'prediction')} to {time(ends - timedelta(microseconds=1), zone)}"


def last_day(ends: datetime | None, zone: ZoneInfo | None = None) -> str:
    """Return the last day of a half-open span: what ends at midnight of 2 Jul ends with ``1 Jul 2013``."""
    return NOTHING if ends is None else day(ends - timedelta(microseconds=1), zone)


def ago(moment: datetime, now: datetime) -> str:
    """Return how long ago something was: ``just now``, ``4 min ago``, ``3 days ago``."""
    seconds = (now - moment).total_seconds()
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            return f"{plural(int(seconds // length), unit)} ago"
    return "just now"


def sentence(parts: Iterable[str]) -> str:
    """Return parts as a list in words: ``a, b and c``."""
    items = [part for part in parts if part]
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" and {items[-1]}" if items else ""


def safe_cell(value: Any) -> Any:
    """Return a value that a spreadsheet will not take for a formula; a list becomes its parts in a row of text."""
    if isinstance(value, list | tuple):
        value = ", ".join(str(part) for part in cast("Iterable[object]", value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def safe_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with every name and value safe for a spreadsheet."""
    return {str(safe_cell(name)): safe_cell(value) for name, value in row.items()}
