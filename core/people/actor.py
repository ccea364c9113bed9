"""The acting person, and the one place that says what a role may do."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotPermitted


class Permission(StrEnum):
    """What an act needs."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a person is to a project."""

    VIEWER = "viewer"
    CONTRIBUTOR = "contributor"
    APPROVER = "approver"
    OWNER = "owner"


_ORDER = [Permission.READ, Permission.WRITE, Permission.APPROVE, Permission.ADMINISTER]
_REACH = {Role.VIEWER: 1, Role.CONTRIBUTOR: 2, Role.APPROVER: 3, Role.OWNER: 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person, or a process in a person's name."""

    id: str
    name: str
    role: Role = Role.OWNER

    def may(self, permission: Permission) -> bool:
        """Tell whether the role reaches as far as ``permission``."""
        return _ORDER.index(permission) < _REACH[self.role]

    def require(self, permission: Permission) -> None:
        """Let the act go on only where it is permitted.

        Raises
        ------
        NotPermitted
            The role does not reach that far.
        """
        if not self.may(permission):
            raise NotPermitted(
                f"{self.name} is a {self.role} here and may not {permission}. Ask an owner of the project."
            )


LOCAL_USER = Actor(id="local", name="You")
