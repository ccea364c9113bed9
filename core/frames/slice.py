"""A slice: the rows for which a conjunction of simple conditions holds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import polars as pl

from core.errors import InvalidInput

Operator = Literal["==", "!=", "<", "<=", ">", ">=", "is missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison of a column with a value; ``is missing`` compares with none."""

    column: str
    operator: Operator
    value: str | float | bool = True

    @property
    def text(self) -> str:
        """Return the condition as a person writes it: ``origin == 'JFK'``."""
        compared = "" if self.operator == "is missing" else f" {self.value!r}"
        return f"{self.column} {self.operator}{compared}"

    def expression(self) -> pl.Expr:
        """Return the condition as a Polars expression; a missing value meets no condition but ``is missing``."""
        if self.operator == "is missing":
            return pl.col(self.column).is_null()
        column, value = pl.col(self.column), pl.lit(self.value)
        comparisons = {
            "==": column == value,
            "!=": column != value,
            "<": column < value,
            "<=": column <= value,
            ">": column > value,
            ">=": column >= value,
        }
        return comparisons[self.operator].fill_null(value=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Rows that meet every condition; no condition means all rows."""

    conditions: tuple[Condition, ...] = ()

    @property
    def text(self) -> str:
        """Return the canonical text: conditions sorted, joined by ``and``; ``all rows`` where there is none."""
        return " and ".join(sorted(condition.text for condition in self.conditions)) or "all rows"

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the canonical text: equal slices have equal hashes, whatever their order."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def expression(self) -> pl.Expr:
        """Return the conjunction as a Polars expression."""
        return reduce(lambda left, right: left & right, (c.expression() for c in self.conditions), pl.lit(value=True))

    def select(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of ``frame`` inside the slice.

        Raises
        ------
        InvalidInput
            A condition names a column that the table lacks.
        """
        self._check(frame.columns)
        return frame.filter(self.expression()) if self.conditions else frame

    def _check(self, columns: Sequence[str]) -> None:
        missing = [c.column for c in self.conditions if c.column not in columns]
        if missing:
            raise InvalidInput(f"The slice {self.text!r} needs the column {missing[0]!r}, which the table lacks.")


ALL_ROWS = Slice()
