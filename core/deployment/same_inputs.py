"""An endpoint's inputs stay what they were: its log holds one kind a column, and its callers send one."""

from collections.abc import Iterable

from core.deployment.model_version import ModelVersion
from core.errors import Conflict


def refuse_other_kinds(version: ModelVersion, served: Iterable[ModelVersion]) -> None:
    """Refuse a version that reads an input as another kind than a version that has served at its endpoint.

    Raises
    ------
    Conflict
        An input was a number and is a category, or the other way round.
    """
    kinds = {feature.name: (feature.kind, before.title) for before in served for feature in before.features}
    for feature in version.features:
        kind, title = kinds.get(feature.name, (feature.kind, ""))
        if kind != feature.kind:
            raise Conflict(
                f"The input {feature.name!r} is a {kind} in {title} and a {feature.kind} in {version.title}: callers "
                "would be refused. Correct the column in the data and train again."
            )
