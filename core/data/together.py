"""What many columns have in common, said once."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.data.check import Found
from core.data.finding import Severity

_LINES = 5

Words = Callable[[Sequence[Found]], str]


def one_warning(found: Sequence[Found], words: Words) -> Sequence[Found]:
    """Say two warnings or more in one of the whole table; those of the columns stay beside it as notes."""
    warnings = [one for one in found if one.severity is Severity.WARNING]
    if len(warnings) < 2:
        return found
    worst = max(warnings, key=lambda one: one.count)
    joined = Found(count=worst.count, of=worst.of, severity=Severity.WARNING, message=words(warnings), fix=worst.fix)
    notes = [replace(one, severity=Severity.INFO) if one.severity is Severity.WARNING else one for one in found]
    return [joined, *notes]


def one_note(found: Sequence[Found], words: Words) -> Sequence[Found]:
    """Say the notes of more than five columns in one of the whole table."""
    if len(found) <= _LINES:
        return found
    worst = max(found, key=lambda one: one.count)
    return [Found(count=worst.count, of=worst.of, message=words(found), fix=worst.fix)]
