"""Files that arrive in parts, each on disk before it is acknowledged; they are read once, in order, and then gone."""

import json
import re
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from core.durable import sync_folder
from core.errors import Conflict, NotFound
from core.storage.arriving import SUFFIX, Arriving, disk_errors_explained

_CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_ABOUT = "about.json"


class Parts:
    """A folder of files on their way, one folder each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, about: Mapping[str, str]) -> str:
        """Begin a file, remember what is said ``about`` it, and return the id that only whoever began it knows.

        Raises
        ------
        Unavailable
            The disk refuses it.
        """
        upload_id = token_hex(16)
        with disk_errors_explained():
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / upload_id).mkdir()
            self._note(upload_id, about)
            sync_folder(self._folder)
        return upload_id

    def about(self, upload_id: str) -> dict[str, str]:
        """Return what was said about a file.

        Raises
        ------
        NotFound
            None is on its way under this id.
        """
        if _ID.fullmatch(upload_id):
            with suppress(FileNotFoundError):
                return json.loads((self._folder / upload_id / _ABOUT).read_text(encoding="utf-8"))
        raise NotFound("There is no such upload on its way. Begin it again.")

    def arriving(self, upload_id: str, number: int) -> Arriving:
        """Return a part that comes piece by piece; one of the same number is replaced by it.

        Raises
        ------
        NotFound
            No file is on its way under this id.
        Unavailable
            The disk refuses it.
        """
        self.about(upload_id)
        folder = self._folder / upload_id

        def keep(part: Path, _: str) -> None:
            part.replace(folder / str(number))
            sync_folder(folder)

        return Arriving(folder / f"{number}.{token_hex(8)}{SUFFIX}", keep)

    def read(self, upload_id: str, hashes: Sequence[str]) -> Iterator[bytes]:
        """Return the content of a file whose parts have these SHA-256, from part 1 on.

        Raises
        ------
        Conflict
            A part is missing, or is not the one that was acknowledged.
        """
        for number, expected in enumerate(hashes, 1):
            digest = sha256()
            try:
                with (self._folder / upload_id / str(number)).open("rb") as file:
                    while chunk := file.read(_CHUNK):
                        digest.update(chunk)
                        yield chunk
            except FileNotFoundError as error:
                raise Conflict(f"Part {number} of the upload is missing. Send it again.") from error
            if digest.hexdigest() != expected:
                raise Conflict(f"Part {number} of the upload is not what was sent. Send it again.")

    def finish(self, upload_id: str, about: Mapping[str, str]) -> None:
        """Forget the parts of a file, and remember for a while what became of it."""
        with disk_errors_explained():
            self._note(upload_id, about)
            for path in (self._folder / upload_id).iterdir():
                if path.name != _ABOUT:
                    path.unlink(missing_ok=True)

    def drop(self, upload_id: str) -> None:
        """Forget a file with all its parts.

        Raises
        ------
        NotFound
            None is on its way under this id.
        """
        self.about(upload_id)
        shutil.rmtree(self._folder / upload_id, ignore_errors=True)

    def sweep(self, older_than: timedelta = timedelta(days=1)) -> int:
        """Forget files that nobody went on with, and return how many that were."""
        limit = time.time() - older_than.total_seconds()
        stale = [path for path in self._folder.glob("*") if path.stat().st_mtime < limit]
        for path in stale:
            shutil.rmtree(path, ignore_errors=True)
        return len(stale)

    def _note(self, upload_id: str, about: Mapping[str, str]) -> None:
        with Arriving(self._folder / upload_id / f"{token_hex(8)}{SUFFIX}", self._keep_note) as note:
            note.write(json.dumps(dict(about)).encode())
            note.settle()

    def _keep_note(self, part: Path, _: str) -> None:
        part.replace(part.parent / _ABOUT)
        sync_folder(part.parent)
