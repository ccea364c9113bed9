"""A mechanical cause: a slip of a program or an export that looks like drift. The entries are in ``causes/``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.drift.sides import Sides, Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an entry says of a column: what happened and, as the last sentence, what to do.

    ``share`` is that of the rows (0-1), where it is known.
    """

    sentence: str
    share: float | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A cause that was found: the entry's name, the column (``None``: the table) and what the entry says of it."""

    cause: str
    column: str | None
    sentence: str
    share: float | None = None

    @property
    def fix(self) -> str:
        """Return what to do: the last sentence."""
        return self.sentence.rpartition(". ")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One entry of the catalogue.

    ``on_column`` is asked of each column of one of the ``kinds``, until an entry has named a cause; ``on_tables`` once.
    Both say nothing where the cause is not established. ``help`` says what it shows, ``misleads`` when not to
    believe it.
    """

    name: str
    title: str
    help: str
    misleads: str
    kinds: tuple[str, ...] = ()
    on_column: Callable[[Sides], Told | None] | None = None
    on_tables: Callable[[Tables], Iterable[Told]] | None = None
