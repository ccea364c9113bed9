"""A version of a project's contract: drafted by anybody, in force once somebody has accepted it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.data.contract.contract import Contract


class ContractState(StrEnum):
    """Where a version of a contract stands."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractVersion:
    """One version: ``edit`` counts the savings of a draft, ``origin`` says in words where it comes from."""

    id: str
    project_id: str
    number: int
    state: ContractState = ContractState.DRAFT
    edit: int = 0
    contract: Contract
    origin: str = ""
    dataset_id: str | None = None
    note: str = ""
    created_at: datetime
    created_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_on: datetime | None = None

    @property
    def title(self) -> str:
        """Return what a version goes by: ``Contract v2``."""
        return f"Contract v{self.number}"


def in_force(versions: Iterable[ContractVersion]) -> ContractVersion | None:
    """Return the version that judges."""
    return next((version for version in versions if version.state is ContractState.ACCEPTED), None)


def draft_of(versions: Iterable[ContractVersion]) -> ContractVersion | None:
    """Return the version that is being written."""
    return next((version for version in versions if version.state is ContractState.DRAFT), None)
