"""What the opening of one file may take of the machine: it grows with the file, so that a small one stays small."""

import sys
from dataclasses import dataclass

from core.frames import limits

if sys.platform != "win32":
    import resource

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Bytes of memory, seconds of work, and seconds on the clock."""

    memory: int
    seconds: int
    clock: int


def budget_of(size: int, *, columns: int = 0) -> Budget:
    """Return what a file of ``size`` bytes may take once it is unpacked, and once its columns are counted."""
    memory = min(limits.LEAST_PROCESS_BYTES + limits.PROCESS_BYTES_A_BYTE * size, limits.MOST_PROCESS_BYTES)
    memory += limits.COLUMN_BYTES * columns
    seconds = limits.LEAST_SECONDS + limits.SECONDS_A_MEGABYTE * size // _MEGABYTE
    seconds += columns // limits.COLUMNS_A_SECOND
    return Budget(memory=memory, seconds=seconds, clock=limits.CLOCK_FROM + limits.CLOCK_A_SECOND * seconds)


def hold_to(budget: Budget) -> None:
    """Hold this process to a budget; the system ends it beyond. Where the system cannot, its parent's clock does."""
    if sys.platform != "win32":
        _soften(resource.RLIMIT_DATA, budget.memory)
        _soften(resource.RLIMIT_CPU, budget.seconds)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def grow_to(size: int, *, columns: int = 0) -> None:
    """Raise the budget of a process that is held to one: its file turned out to hold so many honest bytes."""
    if memory_held_to() is not None:
        hold_to(budget_of(size, columns=columns))


def memory_held_to() -> int | None:
    """Return how many bytes this process may take, or ``None`` where nothing holds it."""
    if sys.platform == "win32":
        return None
    held = resource.getrlimit(resource.RLIMIT_DATA)[0]
    return None if held == resource.RLIM_INFINITY else held


def database_memory() -> int:
    """Return how much of it a database may fill: the process and its libraries need the rest."""
    held = memory_held_to()
    if held is None:
        return limits.DATABASE_BYTES
    return max(min(held - limits.LIBRARY_BYTES, limits.DATABASE_BYTES), limits.LEAST_DATABASE_BYTES)


if sys.platform != "win32":

    def _soften(which: int, value: int) -> None:
        """Set the limit that may be raised again, as far as the one that may not allows."""
        hard = resource.getrlimit(which)[1]
        resource.setrlimit(which, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
