"""How figures stand in the sentences of findings."""

import re
from collections.abc import Iterable

from core.data.personal import discreet


def rows_of(count: int, noun: str = "row") -> str:
    """Return ``1 row``, ``2,504 rows``, ``3 entries``, ``19 days``."""
    if count == 1:
        return f"1 {noun}"
    return f"{count:,} {re.sub('(?<![aeou])y$', 'ie', noun)}s"


def percent(share: float) -> str:
    """Return a share (0-1) as ``4.2 %``; what is not nothing never reads as nothing."""
    if 0 < share < 0.0005:
        return "under 0.1 %"
    return f"{100 * share:.1f} %" if share < 0.9995 or share == 1 else "over 99.9 %"


def number(value: float) -> str:
    """Return a value as a person writes it: ``-999``, ``0.25``, ``1,234.5``."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value)}"
    return f"{value:.6g}"


def shown(value: object, *, width: int = 40) -> str:
    """Return a value in quotation marks, cut to ``width``, unprintable characters visible, personal data hidden."""
    text = discreet(str(value))
    visible = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[: width + 1])
    return f"“{visible[:width]}…”" if len(visible) > width else f"“{visible}”"


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """Return ``a, b and c``; beyond ``most`` of them ``a, b, c, d, e and 7 more``."""
    all_names = list(names)
    first = all_names[:most] if len(all_names) > most + 1 else all_names
    left = len(all_names) - len(first)
    parts = [*first, f"{left:,} more"] if left else first
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def columns_of(names: Iterable[str], *, most: int = 5) -> str:
    """Return names of columns in code marks: `` `a`, `b` and `c` ``."""
    return listed((f"`{name}`" for name in names), most=most)
