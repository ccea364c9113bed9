"""Acts on the files that clients keep with runs and logged models."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from core.errors import InvalidInput, NotFound
from core.modelling.tracking.artifact import Entry, LoggedFile, OwnerKind, Place, checked_path, entries
from core.modelling.tracking.experiment import Lifecycle
from core.people.actor import Permission
from core.storage.arriving import Arriving
from core.storage.records import RecordReader, Records
from core.workspace.act import Desk

MOST_PARTS = 10_000


class LoggedFiles:
    """The files of runs and logged models of a workspace."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_run(self, run_id: str, path: str = "") -> Place:
        """Return the place of a file or folder of a run.

        Raises
        ------
        NotFound
            There is no such run.
        InvalidInput
            ``path`` is none.
        """
        with self._desk.reading() as records:
            row = records.tracking.runs.row(run_id)
        checked = checked_path(path) if path else ""
        return Place(experiment_id=row.experiment_id, kind=OwnerKind.RUN, owner_id=row.id, path=checked)

    def of_model(self, model_id: str, path: str = "") -> Place:
        """Return the place of a file or folder of a logged model.

        Raises
        ------
        NotFound
            There is no such model.
        InvalidInput
            ``path`` is none.
        """
        with self._desk.reading() as records:
            model = records.tracking.models.get(model_id)
        checked = checked_path(path) if path else ""
        return Place(experiment_id=model.experiment_id, kind=OwnerKind.MODEL, owner_id=model.id, path=checked)

    def list(self, place: Place) -> list[Entry]:
        """Return what lies directly in a folder; a file, or what is not there, holds nothing.

        Raises
        ------
        NotFound
            There is no such run or logged model.
        """
        with self._reading(place) as records:
            return entries(records.tracking.files.under(place.owner_id, place.path), place.path)

    def find(self, place: Place) -> tuple[LoggedFile, Path]:
        """Return a file, and where its verified content can be read.

        Raises
        ------
        NotFound
            There is no such file.
        Corrupted
            Its content is not what was stored.
        """
        with self._reading(place) as records:
            file = records.tracking.files.get(place.owner_id, place.path)
        if file is None:
            raise NotFound(f"There is no file {place.path[:100]!r} here. List the files that there are.")
        return file, self._desk.storage.artifacts.path(file.sha256)

    def receive(self, place: Place) -> Arriving:
        """Return a file that comes piece by piece; nobody sees it before it is kept.

        Raises
        ------
        NotFound
            There is no such run or logged model.
        InvalidInput
            It was deleted, or the path belongs to a folder.
        """
        self._desk.actor.require(Permission.WRITE)
        with self._desk.storage.read() as records:  # it is checked again when the file is kept
            _check_active(records, place)
            check_free(records, place)
        return self._desk.storage.artifacts.arriving()

    def keep(self, place: Place, arriving: Arriving) -> LoggedFile:
        """Store what has arrived: when this returns, the file outlives the machine.

        Raises
        ------
        InvalidInput
            Its run or logged model was deleted meanwhile, or the path belongs to a folder now.
        Unavailable
            The disk refuses it.
        """
        file = LoggedFile(path=place.path, sha256=arriving.settle(), size=arriving.size)
        with self._writing(place) as records:
            check_free(records, place)
            records.tracking.files.put(place.owner_id, file)
        return file

    def delete(self, place: Place) -> None:
        """Delete a file, a folder, or all that its run or logged model has.

        Raises
        ------
        NotFound
            There is no such file or folder.
        """
        with self._writing(place) as records:
            if not records.tracking.files.delete(place.owner_id, place.path) and place.path:
                raise NotFound(f"There is no file or folder {place.path[:100]!r} here. List what there is.")

    def begin_parts(self, place: Place, count: int) -> str:
        """Begin a file that comes in parts and return the id of this upload.

        Raises
        ------
        InvalidInput
            There are no parts or too many, or the path belongs to a folder.
        """
        if not 1 <= count <= MOST_PARTS:
            raise InvalidInput(f"A file comes in 1 to {MOST_PARTS:,} parts, not {count:,}. Choose larger parts.")
        with self._writing(place) as records:
            check_free(records, place)
        return self._desk.storage.parts.begin({**_described(place), "parts": str(count)})

    def receive_part(self, upload_id: str, number: int) -> Arriving:
        """Return a part that comes piece by piece; settled, it outlives the machine.

        Raises
        ------
        NotFound
            There is no such upload.
        InvalidInput
            It has no part of this number.
        """
        self._desk.actor.require(Permission.WRITE)
        parts = self._desk.storage.parts
        count = int(parts.about(upload_id)["parts"])
        if not 1 <= number <= count:
            raise InvalidInput(f"The upload has parts 1 to {count:,}, not {number:,}. Send one of these.")
        return parts.arriving(upload_id, number)

    def complete(self, place: Place, upload_id: str, hashes: Sequence[str]) -> None:
        """Join the parts of an upload, given their SHA-256 in order, and keep the file; again, it changes nothing.

        Raises
        ------
        NotFound
            There is no such upload of this file.
        Conflict
            A part is missing, or is not the one that was acknowledged.
        """
        about = self._about(place, upload_id)
        if "sha256" in about:
            return
        if len(hashes) != int(about["parts"]):
            raise InvalidInput(f"The upload has {about['parts']} parts, and {len(hashes):,} are named. Name each once.")
        with self.receive(place) as arriving:
            for piece in self._desk.storage.parts.read(upload_id, hashes):
                arriving.write(piece)
            file = self.keep(place, arriving)
        self._desk.storage.parts.finish(upload_id, {**about, "sha256": file.sha256})

    def abort(self, place: Place, upload_id: str) -> None:
        """Forget an upload with all its parts.

        Raises
        ------
        NotFound
            There is no such upload of this file.
        """
        self._about(place, upload_id)
        self._desk.storage.parts.drop(upload_id)

    def sweep(self) -> None:
        """Remove what interrupted uploads left behind."""
        self._desk.storage.artifacts.sweep()
        self._desk.storage.parts.sweep()

    def _about(self, place: Place, upload_id: str) -> dict[str, str]:
        self._desk.actor.require(Permission.WRITE)
        about = self._desk.storage.parts.about(upload_id)
        if any(about.get(name) != value for name, value in _described(place).items()):
            raise NotFound("There is no such upload on its way. Begin it again.")
        return about

    @contextmanager
    def _reading(self, place: Place) -> Generator[RecordReader]:
        with self._desk.reading() as records:
            owner_lifecycle(records, place)
            yield records

    @contextmanager
    def _writing(self, place: Place) -> Generator[Records]:
        with self._desk.writing() as records:
            _check_active(records, place, lock=True)
            yield records


def owner_lifecycle(records: RecordReader, place: Place, *, lock: bool = False) -> Lifecycle:
    """Tell whether the run or logged model of a place was deleted.

    Raises
    ------
    NotFound
        There is none.
    """
    of_kind = records.tracking.runs.row if place.kind is OwnerKind.RUN else records.tracking.models.get
    row = of_kind(place.owner_id, lock=lock)
    if row.experiment_id != place.experiment_id:
        raise NotFound.record(place.kind, place.owner_id[:100])
    return row.lifecycle


def _check_active(records: RecordReader, place: Place, *, lock: bool = False) -> None:
    if owner_lifecycle(records, place, lock=lock) is not Lifecycle.ACTIVE:
        raise InvalidInput(f"The {place.kind} {place.owner_id} was deleted. Restore it first.")


def check_free(records: RecordReader, place: Place) -> None:
    """Let a path be a file only where it is no folder, and no folder above it is a file.

    Raises
    ------
    InvalidInput
        It is, or the path is none.
    """
    checked_path(place.path)
    names = place.path.split("/")
    above = ["/".join(names[:end]) for end in range(1, len(names))]
    if taken := records.tracking.files.first_of(place.owner_id, above):
        raise InvalidInput(f"{taken[:100]!r} is a file, and no folder for {names[-1][:60]!r}. Choose another path.")
    if records.tracking.files.is_folder(place.owner_id, place.path):
        raise InvalidInput(f"{place.path[:100]!r} is a folder. Choose another path for the file.")


def _described(place: Place) -> dict[str, str]:
    return {"owner": place.owner_id, "path": place.path}
