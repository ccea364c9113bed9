"""A data task: what shall be done about one sort of error, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from core.errors import Conflict, InvalidInput

LONGEST_REASON = 2_000


class DataTaskState(StrEnum):
    """Where a data task stands."""

    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataTask:
    """The errors of a tag as work on data, as they stood when the task was made.

    ``text`` is Markdown to copy, ``rows`` the places of the errors in the run's hold-out, ``figures`` what was known of
    the tag, each in words. A task is done with the dataset version ``dataset_id``, or for a ``reason``.
    """

    id: str
    project_id: str
    review_id: str
    run_id: str
    tag: str
    text: str
    rows: tuple[int, ...] = ()
    figures: Mapping[str, str] = field(default_factory=dict[str, str])
    state: DataTaskState = DataTaskState.OPEN
    owner: str | None = None
    dataset_id: str | None = None
    reason: str = ""
    created_by: str
    created_at: datetime
    created_on: datetime | None = None
    done_by: str | None = None
    done_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Tell whether the task waits to be done."""
        return self.state is DataTaskState.OPEN

    def require_open(self) -> None:
        """Let an act go on only where the task waits to be done.

        Raises
        ------
        Conflict
            It is done.
        """
        if not self.open:
            raise Conflict(f"The data task {self.tag!r} is done already. Make a new one of the tag.")

    def done(self, *, by: str, at: datetime, dataset_id: str | None, reason: str) -> "DataTask":
        """Return the task as done, with a dataset version, for a reason, or both.

        Raises
        ------
        Conflict
            It is done already.
        InvalidInput
            There is neither a version nor a reason, or the reason is too long.
        """
        self.require_open()
        plain = reason.strip()
        if not plain and dataset_id is None:
            raise InvalidInput("Say with which dataset version the task is done, or why it is.")
        if len(plain) > LONGEST_REASON:
            raise InvalidInput(f"A reason takes {LONGEST_REASON:,} characters at most. Shorten it.")
        return replace(self, state=DataTaskState.DONE, dataset_id=dataset_id, reason=plain, done_by=by, done_at=at)
