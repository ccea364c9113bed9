"""What a person says about how a file is to be read, where the guess is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How to read a file; what is ``None`` is guessed.

    ``header`` says whether the first line (after ``skipped`` ones) names the columns; ``sheet`` is one of a workbook.
    """

    delimiter: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: bool | None = None
    skipped: int | None = None
    sheet: str | None = None


AS_GUESSED = Reading()
