"""How many alarms of a project's drift may be false, in words that a team can agree on."""

from core.errors import InvalidInput

BUDGETS = tuple(f"one false alarm in {time}" for time in ("six months", "a year", "two years", "five years"))
"""What may be chosen, of all columns together, whatever their number and however often somebody looks."""

BUDGET = BUDGETS[2]
"""What holds where nobody chose."""


def checked_budget(words: str) -> str:
    """Return the words of a budget that may be chosen.

    Raises
    ------
    InvalidInput
        They are none of ``BUDGETS``.
    """
    if words in BUDGETS:
        return words
    raise InvalidInput(f"{words!r} is no budget of alarms. Choose one of these: {'; '.join(BUDGETS)}.")
