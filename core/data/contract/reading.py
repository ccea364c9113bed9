"""A contract out of a file: of the data contract standard, Great Expectations or Pandera, known by what it holds."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

from core.data.contract.from_odcs import from_odcs
from core.data.contract.great_expectations import from_expectations
from core.data.contract.imported import Imported, mapping
from core.data.contract.pandera import from_pandera
from core.errors import InvalidInput, UnreadableFile

LARGEST = 2 * 2**20
_MOST_VALUES, _DEEPEST = 200_000, 60
_FORMS = "a data contract (ODCS 3, YAML), a Great Expectations suite (JSON) or a Pandera schema (YAML)"


def read_contract(path: Path, *, name: str = "") -> Imported:
    """Read a contract from a file.

    Raises
    ------
    UnreadableFile
        There is no such file, it is too large, or it is no contract of a known form.
    """
    named = name or path.name
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as problem:
        raise UnreadableFile(f"{named} cannot be read ({problem.strerror}). Give the path of {_FORMS}.") from problem
    return contract_of(content, name=named)


def contract_of(content: bytes, *, name: str) -> Imported:
    """Read a contract from its bytes.

    Raises
    ------
    UnreadableFile
        As ``read_contract`` does.
    """
    if len(content) > LARGEST:
        raise UnreadableFile(f"{name} is larger than {LARGEST // 2**20} MB, too large for a contract. Choose another.")
    document = _document(content, name)
    try:
        if "apiVersion" in document or document.get("kind") == "DataContract":
            imported = from_odcs(document)
            return _with_schema_notes(imported, document)
        if "expectations" in document:
            return from_expectations(document, name=name.split(".")[0])
        if "columns" in document:
            return from_pandera(document, name=name.split(".")[0])
    except InvalidInput as refusal:
        raise UnreadableFile(f"{name}: {refusal}") from refusal
    raise UnreadableFile(f"{name} is none of the contracts that are read: give {_FORMS}.")


def schema_problems(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return where a document is not as the standard's own JSON schema has it, at most three places."""
    found = sorted(_validator().iter_errors(document), key=lambda problem: list(map(str, problem.absolute_path)))
    return tuple(
        f"{'.'.join(map(str, problem.absolute_path)) or 'the document'}: {problem.message[:160]}"
        for problem in found[:3]
    )


@cache
def _validator() -> Any:
    from jsonschema import Draft201909Validator

    text = resources.files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8")
    return Draft201909Validator(json.loads(text))


def _with_schema_notes(imported: Imported, document: Mapping[str, Any]) -> Imported:
    notes = tuple(f"Not as the standard has it: {problem}" for problem in schema_problems(document))
    return Imported(contract=imported.contract, form=imported.form, left_out=(*imported.left_out, *notes))


def _document(content: bytes, name: str) -> Mapping[str, Any]:
    import yaml

    try:
        if content.lstrip().startswith(b"{"):
            loaded = _plain(json.loads(content), [_MOST_VALUES])
        else:
            loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            _refuse_depth(yaml.parse(content, Loader=loader))
            loaded = _plain(yaml.load(content, Loader=loader), [_MOST_VALUES])
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        line = getattr(getattr(problem, "problem_mark", None), "line", None)
        place = f" (line {line + 1})" if line is not None else ""
        raise UnreadableFile(f"{name} is neither YAML nor JSON{place}. Give {_FORMS}.") from problem
    if not isinstance(loaded, dict):
        raise UnreadableFile(f"{name} holds no contract. Give {_FORMS}.")
    return mapping(loaded)


def _refuse_depth(events: Iterable[Any]) -> None:
    """Refuse YAML that is nested deeper than any contract: the loader in C would take the process down with it."""
    depth = 0
    for event in events:
        name = type(event).__name__
        depth += name in ("SequenceStartEvent", "MappingStartEvent")
        depth -= name in ("SequenceEndEvent", "MappingEndEvent")
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")


def _plain(value: Any, left: list[int], depth: int = 0) -> Any:
    """Return YAML's values as JSON has them; refuse what references have made vast."""
    left[0] -= 1
    if left[0] < 0 or depth > _DEEPEST:
        raise ValueError("too many values")
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return {str(key): _plain(inner, left, depth + 1) for key, inner in pairs}
    if isinstance(value, list):
        return [_plain(inner, left, depth + 1) for inner in cast("list[Any]", value)]
    if isinstance(value, float) and value - value != 0:  # NaN and infinities are no bounds
        return None
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
