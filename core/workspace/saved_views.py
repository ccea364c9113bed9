"""Acts on saved views: kept, shared, changed, forgotten. They are no events of the ledger."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from core.errors import NotFound, NotPermitted
from core.ids import new_id
from core.modelling.saved_view import SavedView, checked_name, checked_state
from core.people.actor import Permission
from core.storage.records import Records
from core.workspace.act import Desk, wall_time


class SavedViews:
    """The views that the acting person may open: the own ones, and those that others share.

    Whoever may read keeps views; sharing one takes the permission to write.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def all(self, project_id: str, page: str) -> list[SavedView]:
        """Return the views of a page, the own ones first, by name."""
        found = self._desk.all(SavedView, project_id, page=page)
        seen = [view for view in found if self._sees(view)]
        return sorted(seen, key=lambda view: (not self.owns(view), view.name.casefold()))

    def owns(self, view: SavedView) -> bool:
        """Tell whether a view is the acting person's."""
        return view.created_by == self._desk.actor.id

    def may_change(self, view: SavedView) -> bool:
        """Tell whether the acting person may change a view: its owner, or an owner of the project if it is shared."""
        return self.owns(view) or (view.shared and self._desk.actor.may(Permission.ADMINISTER))

    def save(self, project_id: str, page: str, name: str, state: Mapping[str, str], *, shared: bool) -> SavedView:
        """Keep what a page shows under a name.

        Raises
        ------
        InvalidInput
            The name is empty or too long.
        Conflict
            The person has a view of this name.
        """
        made = SavedView(
            id=new_id(),
            project_id=project_id,
            page=page,
            name=checked_name(name),
            state=checked_state(state),
            shared=shared,
            created_by=self._desk.actor.id,
            created_at=wall_time(),
        )
        with self._keeping(shared=shared) as records:
            records.add(made.apart_from(records.find(SavedView, project_id=project_id, page=page)))
        return made

    def change(self, view_id: str, *, name: str, state: Mapping[str, str], shared: bool) -> SavedView:
        """Give a view another name or state, or share it, or share it no longer.

        Raises
        ------
        NotFound
            There is no such view, or it is somebody else's and not shared.
        NotPermitted
            It is somebody else's.
        InvalidInput
            The name is empty or too long.
        Conflict
            The owner has another view of this name.
        """
        with self._keeping(shared=shared) as records:
            changed = self._own(records, view_id).change(name=name, state=state, shared=shared)
            others = records.find(SavedView, project_id=changed.project_id, page=changed.page)
            records.replace(changed.apart_from(others))
        return changed

    def delete(self, view_id: str) -> SavedView:
        """Forget a view and return it as it was.

        Raises
        ------
        NotFound
            There is no such view, or it is somebody else's and not shared.
        NotPermitted
            It is somebody else's.
        """
        with self._keeping(shared=False) as records:
            view = self._own(records, view_id)
            records.remove(view)
        return view

    @contextmanager
    def _keeping(self, *, shared: bool) -> Generator[Records]:
        self._desk.actor.require(Permission.WRITE if shared else Permission.READ)
        with self._desk.storage.write() as records:
            yield records

    def _own(self, records: Records, view_id: str) -> SavedView:
        view = records.get(SavedView, view_id)
        if not self._sees(view):
            raise NotFound.record("saved view", view_id)
        if not self.may_change(view):
            raise NotPermitted(f"{view.name} belongs to somebody else. Save it as a view of your own.")
        return view

    def _sees(self, view: SavedView) -> bool:
        return view.shared or self.owns(view)
