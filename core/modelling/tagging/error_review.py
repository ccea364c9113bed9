"""An error review: wrong rows of a run's hold-out, drawn at random, each with the tags that a person gave it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.errors import InvalidInput

MOST_TAGS, LONGEST_TAG, LONGEST_EFFORT = 10, 60, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnError:
    """A wrong row, by its place in the run's hold-out; without tags nobody has looked at it yet."""

    row: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReview:
    """The errors of one run that people look at: ``drawn`` of the ``errors`` that there are.

    ``efforts`` says of a tag what mending it takes, in a person's own words.
    """

    id: str
    project_id: str
    run_id: str
    errors: int
    drawn: tuple[DrawnError, ...]
    efforts: Mapping[str, str] = field(default_factory=dict[str, str])
    created_by: str
    created_at: datetime
    created_on: datetime | None = None

    @property
    def tagged(self) -> tuple[DrawnError, ...]:
        """Return the errors that somebody has looked at."""
        return tuple(one for one in self.drawn if one.tags)

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the tags that were given, the commonest first."""
        given = [tag for one in self.drawn for tag in one.tags]
        return tuple(sorted(set(given), key=lambda tag: (-given.count(tag), tag)))

    def tag(self, row: int, tags: Sequence[str]) -> "ErrorReview":
        """Return the review with a drawn row's tags.

        Raises
        ------
        InvalidInput
            The row was not drawn, or a tag is too long.
        """
        if row not in {one.row for one in self.drawn}:
            raise InvalidInput(f"Row {row} is not among the errors that were drawn. Choose one of them.")
        known = {tag.casefold(): tag for tag in self.tags}
        plain = [" ".join(tag.split()) for tag in tags]
        own = tuple(dict.fromkeys(known.setdefault(tag.casefold(), tag) for tag in plain if tag))
        if len(own) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in own):
            raise InvalidInput(f"An error takes {MOST_TAGS} tags of {LONGEST_TAG} characters at most. Shorten them.")
        drawn = tuple(replace(one, tags=own) if one.row == row else one for one in self.drawn)
        return replace(self, drawn=drawn)

    def require(self, tag: str) -> None:
        """Let an act go on only where a tag was given.

        Raises
        ------
        InvalidInput
            No error has this tag.
        """
        if tag not in self.tags:
            raise InvalidInput(f"No error is tagged {tag!r}. Choose a tag that was given.")
