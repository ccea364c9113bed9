"""Where the files of an imported version lie: with a run or a logged model that was imported too.

A version names its files by an address of the source, which is read as text and never opened: ``runs:/<run>/<path>``,
``models:/<logged model>``, or any address that ends as MLflow lays files out, ``.../<run>/artifacts/<path>`` and
``.../models/<logged model>/artifacts``.
"""

import re
from collections.abc import Iterator

from core.errors import InvalidInput
from core.modelling.tracking.artifact import checked_path
from core.modelling.tracking.registry import OfModel, OfRun, RegisteredVersion, source_of

_OF_MODEL = re.compile(r".*/models/(m-[0-9a-f]{32})/artifacts(?:/(.+?))?/?", re.DOTALL)


def origins(version: RegisteredVersion) -> Iterator[OfRun | OfModel]:
    """Give what the files of a version may belong to, the most certain first."""
    for address in (version.source, version.storage):
        if found := _named(address) or _laid_out(address, version.run_id):
            yield found
    if version.model_id:
        yield OfModel(model_id=version.model_id, path="")


def _named(address: str) -> OfRun | OfModel | None:
    try:
        found = source_of(address)
    except InvalidInput:
        return None
    return found if isinstance(found, OfRun | OfModel) else None


def _laid_out(address: str, run_id: str) -> OfRun | OfModel | None:
    of_run = re.compile(rf".*/{re.escape(run_id)}/artifacts(?:/(.+?))?/?", re.DOTALL)
    try:
        if found := _OF_MODEL.fullmatch(address):
            return OfModel(model_id=found[1], path=checked_path(found[2]) if found[2] else "")
        if run_id and (found := of_run.fullmatch(address)):
            return OfRun(run_id=run_id, path=checked_path(found[1]) if found[1] else "")
    except InvalidInput:
        pass
    return None
