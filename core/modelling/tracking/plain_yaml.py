"""YAML that came from elsewhere: plain values alone, no objects and no references that could unfold without end."""

from collections.abc import Mapping
from typing import Any, cast

import yaml

from core.errors import InvalidInput


class _Plain(yaml.SafeLoader):
    """Reads plain values: no objects of Python's, and no references, which could unfold into any amount of memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse a reference to another node."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("a reference")
        return super().compose_node(parent, index)


def plain_yaml(text: str) -> Mapping[str, Any]:
    """Return what a text in YAML maps.

    Raises
    ------
    InvalidInput
        It is no YAML, holds more than plain values, or maps nothing.
    """
    try:
        found: object = yaml.load(text, Loader=_Plain)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInput("The text is no plain YAML. Write values, lists and names alone.") from error
    if not isinstance(found, dict):
        raise InvalidInput("The text names no values. Write a line `name: value` for each.")
    return cast("Mapping[str, Any]", found)
