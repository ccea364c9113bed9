"""The project's contract as an endpoint's inputs are held to it: in its serving plan, and what it says of a request."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.data.contract.by_row import Broken, RowRules, on_each_row
from core.data.contract.contract import Contract
from core.data.contract.version import ContractVersion
from core.modelling.run import Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class InputContract:
    """An accepted version of the contract, with those of its rules that are on single rows of a model's inputs.

    A plan holds the version that is in force while it is written, and is written anew when another one is accepted:
    what a person agreed on holds for files, windows and requests from the same moment on. It changes no answer, so it
    is none of what an approval freezes.
    """

    version_id: str
    number: int
    contract: Contract

    def row_rules(self, features: Sequence[Feature]) -> RowRules:
        """Return what judges rows of a model's inputs."""
        return RowRules(self.contract, {feature.name: feature.kind == "number" for feature in features})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What version ``number`` of the contract says of a request: its rows (0-based) that break a rule, by its key."""

    number: int
    broken: Broken = field(default_factory=dict[str, Sequence[int]])

    @property
    def rows(self) -> int:
        """Return how many rows break a rule, each counted once."""
        return len(set().union(*self.broken.values()))


def input_contract(version: ContractVersion, features: Sequence[Feature]) -> InputContract:
    """Return a version of the contract as far as single rows of these inputs can break it."""
    rules = on_each_row(version.contract, (feature.name for feature in features))
    return InputContract(version_id=version.id, number=version.number, contract=rules)
