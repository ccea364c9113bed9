"""Reports as text: for a terminal, 100 columns wide at most."""

import shutil
import textwrap
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from dashboard.headline import drift_headline, most_moved_first, slips_heading

if TYPE_CHECKING:
    from core.workspace.importing import Imported

_ORDER = {"error": 0, "warning": 1, "info": 2}
_WIDEST_CELL = 28
_WIDEST_LINE = 100


def findings_text(report: Mapping[str, Any]) -> str:
    """Return what ``fullcircle validate`` prints."""
    found = [f for f in report["findings"] if f["status"] == "failed"]
    crashed = [f for f in report["findings"] if f["status"] == "crashed"]
    rest = sum(f["status"] == "passed" for f in report["findings"])
    head = f"{_counted(report['rows'], 'row')}, {_counted(report['columns'], 'column')}: "
    head += f"{_counted(len(found), 'finding')}, {_counted(rest, 'check')} passed"
    lines = [head, ""] if found or crashed else [head]
    for finding in sorted(found, key=lambda f: _ORDER.get(f["severity"], 3)):
        lines += _wrapped(finding["severity"].upper(), finding["column"], finding["message"])
    for finding in crashed:
        lines += _wrapped(
            "BROKEN", finding["column"], f"The check {finding['check']} did not run. {finding['message']}"
        )
    return "\n".join(lines)


class ImportProgress:
    """How far an import has come: every second in one line on a terminal, every ten seconds in a line elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._said = time.monotonic()

    def __call__(self, brought: "Imported") -> None:
        """Say it where it is time to."""
        if time.monotonic() < self._said + (1 if self._stream.isatty() else 10):
            return
        self._said = time.monotonic()
        begins, ends = ("\r", "") if self._stream.isatty() else ("", "\n")
        line = f"{_counted(brought.runs + brought.known, 'run')}, {_counted(brought.points, 'new point')}"
        self._stream.write(f"{begins}{line} ...{ends}")
        self._stream.flush()


def imported_text(brought: "Imported") -> str:
    """Return what ``fullcircle import-mlflow`` prints at its end: what came, and what did not."""
    came = [(brought.experiments, "experiment"), (brought.runs, "run"), (brought.points, "point")]
    more = [
        (brought.files, "file"),
        (brought.models, "logged model"),
        (brought.registered, "registered model"),
        (brought.versions, "version"),
    ]
    told = ", ".join(_counted(*one) for one in [*came, *(one for one in more if one[0])])
    if brought.known:
        told += f"; {_counted(brought.known, 'run')} {'was' if brought.known == 1 else 'were'} known already"
    lines = [f"{told}.", *_not_brought(brought)]
    for sort, count in sorted(brought.left_out.items()):
        lines.append(f"{sort.capitalize()} left out, because they are not as MLflow allows them: {count:,}.")
    return "\n".join([*lines, "Not imported: traces and prompts."])


def _not_brought(brought: "Imported") -> list[str]:
    there = "left alone: here in another experiment already."
    return [
        sentence
        for count, sentence in (
            (brought.elsewhere, f"{_counted(brought.elsewhere, 'run')} {there}"),
            (brought.models_elsewhere, f"{_counted(brought.models_elsewhere, 'logged model')} {there}"),
            (
                brought.without_files,
                f"Without files, {_counted(brought.without_files, 'run')}: none logged, or no folder at the source.",
            ),
            (
                brought.models_without_files,
                f"Without files, {_counted(brought.models_without_files, 'logged model')}: no folder at the source.",
            ),
            (
                brought.unplaced,
                f"Versions left out, because their files belong to no run or logged model here: {brought.unplaced:,}.",
            ),
            (brought.taken, f"Versions left alone, because another one has their number here: {brought.taken:,}."),
            (
                brought.aliases_kept,
                f"Aliases that stand for another version there, and stay: {brought.aliases_kept:,}.",
            ),
        )
        if count
    ]


def columns_text(report: Mapping[str, Any]) -> str:
    """Return what ``fullcircle drift`` prints."""
    columns = most_moved_first(report)
    rows = [[c["column"], _word(c["verdict"]), _effect(c), c["note"] or ""] for c in columns]
    body = table(["column", "verdict", "effect [interval]", "what moved"], rows)
    return "\n".join([drift_headline(report), *_slips(report.get("causes", ())), "", *body])


def _slips(causes: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the mechanical causes, one a line, under a heading."""
    if not causes:
        return []
    named = [f"  {cause['column'] or 'the table'}: {cause['sentence']}" for cause in causes]
    return ["", slips_heading(causes), *named]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines with aligned columns; the last one takes the room that is left."""
    cells = [[_short(cell) for cell in row[:-1]] for row in rows]
    widths = [max(len(head), *(len(row[i]) for row in cells), 0) for i, head in enumerate(header[:-1])]
    indent = sum(widths) + 2 * len(widths)
    lines = [_row(header[:-1], widths) + header[-1]]
    for row, short in zip(rows, cells, strict=True):
        parts = textwrap.wrap(row[-1], max(_line_width() - indent, 20)) or [""]
        lines.append((_row(short, widths) + parts[0]).rstrip())
        lines += [" " * indent + part for part in parts[1:]]
    return lines


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{cell:<{width}}  " for cell, width in zip(cells, widths, strict=True))


def _wrapped(level: str, column: str | None, message: str) -> list[str]:
    text = f"{column}: {message}" if column else message
    return textwrap.wrap(_plain(text), _line_width(), initial_indent=f"{level:<8} ", subsequent_indent=" " * 9)


def _effect(column: Mapping[str, Any]) -> str:
    if column["effect"] is None:
        return "–"
    low_high = column["interval"]
    return f"{column['effect']:.3f}" + (f" [{low_high[0]:.3f}, {low_high[1]:.3f}]" if low_high else "")


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _short(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= _WIDEST_CELL else plain[: _WIDEST_CELL - 1] + "…"


def _plain(text: str) -> str:
    """Return text without control characters: a file's cells must not steer the terminal."""
    return "".join(c if c.isprintable() else "·" for c in text)


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _line_width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST_LINE)
