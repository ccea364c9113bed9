"""What can go wrong, as one tree.

Every message says what, where, and what to do about it. The dashboard shows the text of a ``FullcircleError`` and
lets everything else crash.

* FullcircleError
  * InvalidInput (also ValueError)        a value that cannot be accepted
  * UnreadableFile (also ValueError)      a file that cannot be opened as a table
  * RefusedFile (also ValueError)         a file that is refused before it is read (bomb, executable content)
  * NotFound (also LookupError)           no such record
  * Conflict (also RuntimeError)          the record has changed, or is not in a state for this act
  * NotPermitted (also PermissionError)   the acting person may not do this
  * Unavailable (also ConnectionError)    a process or a store does not answer
  * Corrupted (also RuntimeError)         stored bytes do not match their hash
"""


class FullcircleError(Exception):
    """Anything that a person can be told in a sentence."""


class InvalidInput(FullcircleError, ValueError):
    """A value that cannot be accepted."""


class UnreadableFile(FullcircleError, ValueError):
    """A file that cannot be opened as a table."""


class RefusedFile(FullcircleError, ValueError):
    """A file that is refused before it is read."""


class NotFound(FullcircleError, LookupError):
    """No such record."""

    @classmethod
    def record(cls, kind: str, key: str) -> "NotFound":
        """Name the kind of record and the key that found nothing."""
        return cls(f"There is no {kind} {key!r} here. It may have been deleted, or the link is from another workspace.")


class Conflict(FullcircleError, RuntimeError):
    """The record has changed meanwhile, or is not in a state for this act."""


class NotPermitted(FullcircleError, PermissionError):
    """The acting person may not do this."""


class Unavailable(FullcircleError, ConnectionError):
    """A process or a store does not answer."""


class Corrupted(FullcircleError, RuntimeError):
    """Stored bytes do not match their hash."""
