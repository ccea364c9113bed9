"""Where the table of a sheet begins: below titles, and below a header of several rows with merged cells."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.frames import limits
from core.frames.header import looks_like_names
from core.frames.reading import Reading

Merge = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a merged range: row and column, both from 0 at the sheet's corner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetHeader:
    """``above`` rows precede the header; where several rows make it, they are ``depth`` and make these ``names``."""

    above: int
    depth: int = 0
    names: tuple[str, ...] = ()


def find_header(head: Sequence[Sequence[str]], merges: Sequence[Merge], reading: Reading) -> SheetHeader:
    """Judge the first rows of a sheet, as far as ``reading`` does not say."""
    width = max((len(row) for row in head), default=0)
    wide = [merge for merge in merges if merge[1][1] - merge[0][1] + 1 < width]  # one over all columns is a title
    above = reading.skipped if reading.skipped is not None else _above(head, wide)
    depth = _depth(head, wide, above)
    if reading.header is False or depth < 2:
        return SheetHeader(above=above)
    filled = _filled(head, wide, range(above, above + depth))
    names = tuple(" ".join(dict.fromkeys(part for row in filled if (part := row[i].strip()))) for i in range(width))
    return SheetHeader(above=above, depth=depth, names=names)


def _above(head: Sequence[Sequence[str]], merges: Sequence[Merge]) -> int:
    """Return how many rows of titles and blanks come first: those with far fewer cells than the others."""
    counts = [sum(bool(cell.strip()) for cell in row) for row in _filled(head, merges, range(len(head)))]
    filled = sorted(count for count in counts if count)
    usual = filled[len(filled) // 2] if filled else 0
    blank = next((i for i, count in enumerate(counts) if count), 0)
    least = max(usual // 2, min(usual, 2))
    first = next((i for i, count in enumerate(counts) if count >= least), blank)
    return first if sum(map(bool, counts[:first])) <= limits.MAX_PREAMBLE else blank


def _depth(head: Sequence[Sequence[str]], merges: Sequence[Merge], above: int) -> int:
    touching = [merge for merge in merges if merge[0][0] <= above <= merge[1][0]]
    depth = max((last[0] - above + 1 for _, last in touching), default=1)
    across = any(first[1] < last[1] for first, last in touching)
    if depth == 1 and across and above + 1 < len(head) and looks_like_names(head[above + 1]):
        return 2
    return depth if depth <= limits.MAX_PREAMBLE else 1


def _filled(head: Sequence[Sequence[str]], merges: Sequence[Merge], rows: range) -> list[list[str]]:
    """Return some rows with the text of every merged range in all of its cells."""
    filled = [list(head[row]) for row in rows if row < len(head)]
    for (top, left), (bottom, right) in merges:
        if top >= len(head) or left >= len(head[top]):
            continue
        for row in range(max(top, rows.start), min(bottom + 1, rows.start + len(filled))):
            cells = filled[row - rows.start]
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = head[top][left]
    return filled
