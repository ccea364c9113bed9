"""The rows of a file that did not fit its table."""

from dataclasses import dataclass, field

from core.frames import limits
from core.frames.opened import RejectedRow


@dataclass(slots=True)
class Rejects:
    """The first of them as they stand, and how many there are."""

    rows: list[RejectedRow] = field(default_factory=list[RejectedRow])
    count: int = 0

    def add(self, line: int, reason: str, text: str) -> None:
        """Keep a row, as long as there is room for it."""
        self.count += 1
        if len(self.rows) < limits.REJECTED_SHOWN:
            self.rows.append(RejectedRow(line=line, reason=reason, text=text.strip()[: limits.REJECTED_TEXT]))
