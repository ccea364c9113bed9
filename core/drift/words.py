"""How shares and numbers stand in the sentences of causes."""

from collections.abc import Iterable


def in_rows(share: float | None) -> str:
    """Return ``in every row``, ``in 1.0 % of the rows``."""
    if share is None or share > 0.995:
        return "in every row"
    return f"in {max(100 * share, 0.1):.1f} % of the rows"


def number(value: float) -> str:
    """Return a number as a person writes it."""
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:,.5g}"


def listed(parts: Iterable[str], *, most: int = 3) -> str:
    """Return ``a, b, c and 4 more``."""
    every = list(parts)
    return ", ".join(every[:most]) + (f" and {len(every) - most:,} more" if len(every) > most else "")
