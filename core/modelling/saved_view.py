"""A saved view: what a page of runs shows, under a name, for one person or for everybody on the project."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.errors import Conflict, InvalidInput

LONGEST_NAME, LONGEST_STATE = 60, 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view of one ``page``: ``state`` are the parameters of its address, and ``shared`` lets everybody open it."""

    id: str
    project_id: str
    page: str
    name: str
    state: Mapping[str, str]
    shared: bool = False
    created_by: str
    created_at: datetime

    def apart_from(self, others: Iterable["SavedView"]) -> "SavedView":
        """Return the view where no other one of the same person goes by its name.

        Raises
        ------
        Conflict
            One does.
        """
        own = [other for other in others if other.created_by == self.created_by and other.id != self.id]
        if any(other.name.casefold() == self.name.casefold() for other in own):
            raise Conflict(
                f"You have a view {self.name!r} already. Choose another name, or open that one and change it."
            )
        return self

    def change(self, *, name: str, state: Mapping[str, str], shared: bool) -> "SavedView":
        """Return the view as it is after a change.

        Raises
        ------
        InvalidInput
            The name is empty or too long, or the state is.
        """
        return replace(self, name=checked_name(name), state=checked_state(state), shared=shared)


def checked_name(name: str) -> str:
    """Return the name of a view, its spaces made single.

    Raises
    ------
    InvalidInput
        It is empty or too long.
    """
    plain = " ".join(name.split())
    if not plain:
        raise InvalidInput("A view needs a name. Type what it shows, for example: best by auc.")
    if len(plain) > LONGEST_NAME:
        raise InvalidInput(f"A view's name has {LONGEST_NAME} characters at most, this one {len(plain)}. Shorten it.")
    return plain


def checked_state(state: Mapping[str, str]) -> dict[str, str]:
    """Return what a view keeps of an address.

    Raises
    ------
    InvalidInput
        It is too long.
    """
    length = sum(len(name) + len(value) for name, value in state.items())
    if length > LONGEST_STATE:
        raise InvalidInput(
            f"A view keeps {LONGEST_STATE:,} characters, and this one has {length:,}. Shorten the filter."
        )
    return dict(state)
