"""The code of two logged runs beside one another. Files are read as text and never run."""

from dataclasses import dataclass

from core.errors import NotFound
from core.modelling.tracking.artifact import LoggedFile
from core.modelling.tracking.code import Code, code_of, compare_address, difference, is_source, text_of
from core.workspace.act import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBeside:
    """The code of two runs. ``address`` is a page that compares their commits; the rest are paths of source files.

    ``changed`` differ and ``same`` do not; ``alone`` are those that only the one and only the other keeps.
    """

    left: Code
    right: Code
    address: str
    changed: tuple[str, ...]
    same: tuple[str, ...]
    alone: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def known(self) -> bool:
        """Tell whether the runs say anything of their code."""
        return self.left != Code() or self.right != Code() or bool(self.changed or self.same or any(self.alone))


class LoggedCode:
    """What the runs of a workspace keep of their code."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def beside(self, left_id: str, right_id: str) -> CodeBeside:
        """Return the code of two runs, by hash and without reading a file.

        Raises
        ------
        NotFound
            There is no such run.
        """
        with self._desk.reading() as records:
            left, right = (code_of(records.tracking.runs.get(run).tags) for run in (left_id, right_id))
            mine, other = (
                {file.path: file.sha256 for file in records.tracking.files.all(run) if is_source(file.path)}
                for run in (left_id, right_id)
            )
        both = sorted(mine.keys() & other.keys())
        return CodeBeside(
            left=left,
            right=right,
            address=compare_address(left, right),
            changed=tuple(path for path in both if mine[path] != other[path]),
            same=tuple(path for path in both if mine[path] == other[path]),
            alone=(tuple(sorted(mine.keys() - other.keys())), tuple(sorted(other.keys() - mine.keys()))),
        )

    def difference(self, left_id: str, right_id: str, path: str) -> str:
        """Return what differs in a file that both runs keep, as a unified diff.

        Raises
        ------
        NotFound
            One of them does not keep it.
        InvalidInput
            It is no text, or too large to be compared line by line.
        Corrupted
            Its content is not what was stored.
        """
        with self._desk.reading() as records:
            files = [records.tracking.files.get(run, path) for run in (left_id, right_id)]
        left, right = (text_of(self._content(file, path), path) for file in files)
        return difference(left, right)

    def _content(self, file: LoggedFile | None, path: str) -> bytes:
        if file is None:
            raise NotFound(f"There is no file {path[:100]!r} here. List the files that there are.")
        return self._desk.storage.artifacts.path(file.sha256).read_bytes()
